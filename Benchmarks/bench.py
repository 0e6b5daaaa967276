#!/usr/bin/env python3
"""Measures the built tools: `bench.py [TOPIC…]`, by default every topic.

Prints a table, writes docs/benchmarks.json (the other topics' figures in it stay), and the tables of docs/benchmarks.md
from it. `bench.py --list` names the topics; `--tables` only writes the page from the file.
"""

import datetime
import importlib
import json
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from figures import table  # noqa: E402
from machine import CORES, KIT, ROOT, TOOLS  # noqa: E402

JSON = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
TOPICS = ["gtoken", "webhook", "serviceaccounts", "core", "admissions", "connections"]


def machine():
    """What the figures were taken on; a loaded machine says so."""
    lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    memory = next(int(line.split()[1]) for line in lines if line.startswith("MemTotal:"))
    models = [line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return {
        "cores": len(CORES),
        "processor": models[0] if models else platform.machine(),
        "memoryGiB": round(memory / 1024**2),
        "system": f"Linux {platform.release().split('-')[0]}",
        "load": round(os.getloadavg()[0], 1),
        "priority": priority(),
    }


def priority():
    """How we are scheduled beside others: all that is measured inherits it."""
    if os.sched_getscheduler(0) != os.SCHED_OTHER:
        return "before all others (chrt)"
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    return f"nice {nice}" if nice else "as all others"


def version():
    return subprocess.run([TOOLS / "gtoken", "version"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()[1]


def write_page(record):
    """Puts each topic's table between its marks in the page."""
    page = PAGE.read_text()
    for name, topic in record.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if begin not in page:
            continue
        head, rest = page.split(begin, 1)
        tail = rest.split(end, 1)[1]
        place = "{processor}, {cores} cores, {memoryGiB} GiB, {system}; load average before: {load}, scheduled {priority}".format(**topic["machine"])
        note = f"`make bench BENCH={name}`, {topic['date']}, {topic['version']}; {place}."
        page = f"{head}{begin}\n\n{table(topic['figures'])}\n\n{note}\n\n{end}{tail}"
    PAGE.write_text(page)


def main(names):
    record = json.loads(JSON.read_text()) if JSON.exists() else {}
    if names == ["--list"]:
        print("\n".join(TOPICS))
        return 0
    if names == ["--tables"]:
        write_page(record)
        return 0
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        print(f"bench: error: there is no topic {unknown[0]} (there are: {', '.join(TOPICS)})", file=sys.stderr)
        return 64
    missed = []
    for name in names or TOPICS:
        print(f"\nbench: {name}", flush=True)
        before = machine()
        figures = importlib.import_module(f"Topics.{name}").measure()
        record[name] = {
            "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "version": version(),
            "machine": before,
            "figures": [figure.record() for figure in figures],
        }
        print(table(record[name]["figures"]), flush=True)
        missed += [figure.what for figure in figures if figure.is_met is False]
    JSON.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    write_page(record)
    print(f"\nbench: {len(missed)} goals missed" + "".join(f"\nbench: missed: {what}" for what in missed))
    return 0


if __name__ == "__main__":
    if not KIT.exists() or not TOOLS.exists():
        print("bench: error: nothing is built: make bench builds first", file=sys.stderr)
        sys.exit(69)
    sys.exit(main(sys.argv[1:]))
