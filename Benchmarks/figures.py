"""What is measured: a figure with its goal, and the same figure of another program to stand beside."""

import dataclasses
import json
import pathlib

PEERS = json.loads((pathlib.Path(__file__).parent / "peers.json").read_text())


@dataclasses.dataclass
class Figure:
    """One line of the table; less is better, unless `more_is_better`."""

    what: str
    value: float
    unit: str
    runs: int = 1
    #: The most that it may be, where there is a goal.
    goal: float | None = None
    #: Another program's name in peers.json, and the figure's.
    peer: tuple[str, str] | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def peer_value(self):
        return PEERS[self.peer[0]][self.peer[1]] if self.peer else None

    @property
    def ratio(self):
        return self.value / self.peer_value if self.peer else None

    @property
    def is_met(self):
        return None if self.goal is None else self.value <= self.goal

    def record(self):
        """For the JSON file."""
        record = {"what": self.what, "value": significant(self.value), "unit": self.unit, "runs": self.runs}
        if self.goal is not None:
            record |= {"goal": significant(self.goal), "met": self.is_met}
        if self.peer:
            record |= {"peer": self.peer[0], "peerValue": self.peer_value, "ratio": significant(self.ratio)}
        if self.note:
            record["note"] = self.note
        return record


def significant(value, digits=3):
    """Three digits say all that a measurement knows; whole numbers stay whole."""
    if value == int(value) and abs(value) < 10**digits:
        return int(value)
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if abs(rounded) >= 10 ** (digits - 1) else rounded


def text(value):
    return f"{significant(value):,}"


def table(records):
    """Markdown, from records of the JSON file."""
    lines = ["| what | measured | goal | beside | ratio |", "|---|---|---|---|---|"]
    for record in records:
        measured = f"{text(record['value'])} {record['unit']}"
        goal = f"{text(record['goal'])} {'✓' if record['met'] else '✗'}" if "goal" in record else ""
        peer = f"{record['peer']}: {text(record['peerValue'])}" if "peer" in record else ""
        ratio = text(record["ratio"]) if "ratio" in record else ""
        what = record["what"] + (f" ({record['note']})" if "note" in record else "")
        lines.append(f"| {what} | {measured.strip()} | {goal} | {peer} | {ratio} |")
    return "\n".join(lines)
