"""docs/benchmarks.json, and what is made of it: the tables of docs/benchmarks.md and the plots beside it."""

import json

import plots
from figures import Figure, table
from machine import ROOT

DOCS = ROOT / "docs"
JSON, PAGE = DOCS / "benchmarks.json", DOCS / "benchmarks.md"


def read():
    """What was measured, by topic, beside the goals and other programs' figures of today."""
    record = json.loads(JSON.read_text()) if JSON.exists() else {}
    for topic in record.values():
        topic["figures"] = [Figure.of(figure).record() for figure in topic["figures"]]
    return record


def write(record):
    """Writes the file, the page and the plots."""
    JSON.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    PAGE.write_text(filled(PAGE.read_text(), record))
    for name, plot in drawn(record).items():
        (DOCS / name).write_text(plot)


def filled(page, record):
    """The page with each topic's table between its marks, and all goals between theirs."""
    figures = [figure for topic in record.values() for figure in topic["figures"]]
    parts = {"goals": table([figure for figure in figures if "goal" in figure])}
    parts |= {name: f"{table(topic['figures'])}\n\n{note(name, topic)}" for name, topic in record.items()}
    for name, part in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if begin not in page:
            raise ValueError(f"{PAGE.name} has no place for {name}")
        head, rest = page.split(begin, 1)
        page = f"{head}{begin}\n\n{part}\n\n{end}{rest.split(end, 1)[1]}"
    return page


def note(name, topic):
    """When, of which version, and on what machine a topic was measured, and what was not."""
    place = "{processor}, {cores} cores, {memoryGiB} GiB, {system}; load average before: {load}, scheduled {priority}"
    text = f"`make bench BENCH={name}`, {topic['date']}, {topic['version']}; {place.format(**topic['machine'])}."
    return text + "".join(f"\nNot measured: {what}." for what in topic.get("skipped", []))


def drawn(record):
    """The plots, by the names of their files."""
    figures = {figure["id"]: figure for topic in record.values() for figure in topic["figures"]}
    return {"benchmarks-ratios.svg": plots.ratios(figures), "benchmarks-latency.svg": plots.latency(figures)}
