"""What is measured: a figure, the goal for it, and what other programs need for the same."""

import dataclasses
import json
import pathlib

HERE = pathlib.Path(__file__).parent
#: Other programs' figures: by program, then by a figure's id.
PEERS = json.loads((HERE / "peers.json").read_text())
#: Goals by a figure's id: the most that it may be, or a share of another program's.
GOALS = json.loads((HERE / "goals.json").read_text())


def goal(identifier):
    """The most that a figure may be; None where there is no goal."""
    goal = GOALS.get(identifier)
    if isinstance(goal, dict):
        return goal["share"] * PEERS[goal["of"]][identifier]
    return goal


@dataclasses.dataclass
class Figure:
    """One line of the table; less is better, unless `moreIsBetter`."""

    #: What peers.json, goals.json and the plots know it by; one figure's alone.
    id: str
    what: str
    value: float
    unit: str
    #: How many were taken; the value is their median unless `what` says another thing.
    runs: int = 1
    moreIsBetter: bool = False
    note: str = ""

    def record(self):
        """For the JSON file: with the goal, and other programs' figures and our part of them."""
        record = {"id": self.id, "what": self.what, "value": significant(self.value), "unit": self.unit, "runs": self.runs}
        if self.moreIsBetter:
            record["moreIsBetter"] = True
        if self.note:
            record["note"] = self.note
        most = goal(self.id)
        if most is not None:
            record |= {"goal": significant(most), "met": record["value"] <= significant(most)}
        peers = {
            name: {"value": figures[self.id], "ratio": significant(self.value / figures[self.id])}
            for name, figures in PEERS.items()
            if self.id in figures
        }
        return record | ({"peers": peers} if peers else {})

    @classmethod
    def of(cls, record):
        """The figure that a record of the JSON file is of."""
        return cls(**{field.name: record[field.name] for field in dataclasses.fields(cls) if field.name in record})


#: Three digits say all that a measurement knows; a fourth is kept to judge a goal by.
SHOWN, KEPT = 3, 4


def significant(value, digits=KEPT):
    """The value with no more digits; whole numbers stay whole."""
    if value == int(value) and abs(value) < 10**digits:
        return int(value)
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if abs(rounded) >= 10 ** (digits - 1) else rounded


def text(value, digits=SHOWN):
    return f"{significant(value, digits):,}"


def table(records):
    """Markdown, from records of the JSON file."""
    lines = ["| what | measured | goal | beside | ratio |", "|---|---|---|---|---|"]
    for record in records:
        what = record["what"] + (f" ({record['note']})" if "note" in record else "")
        measured = f"{text(record['value'], KEPT if 'goal' in record else SHOWN)} {record['unit']}".strip()
        most = f"≤ {text(record['goal'])} {'✓' if record['met'] else '✗'}" if "goal" in record else ""
        peers = record.get("peers", {})
        beside = ", ".join(f"{name}: {text(peer['value'])}" for name, peer in peers.items())
        ratios = ", ".join(text(peer["ratio"]) for peer in peers.values())
        lines.append(f"| {what} | {measured} | {most} | {beside} | {ratios} |")
    return "\n".join(lines)
