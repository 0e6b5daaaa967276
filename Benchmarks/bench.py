#!/usr/bin/env python3
"""Measures the built tools: `bench.py [TOPIC…]`, by default every topic.

Prints a table, and writes docs/benchmarks.json (the other topics' figures in it stay), the tables of docs/benchmarks.md
and its plots. `bench.py --list` names the topics; `--render` measures nothing, and writes all of this anew from the file.
"""

import contextlib
import datetime
import importlib
import math
import os
import pathlib
import platform
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import page  # noqa: E402
from figures import table  # noqa: E402
from machine import CORES, KIT, TOOLS, Skipped  # noqa: E402

#: In the order in which they are measured, each with the seconds that it takes on a machine of two cores that is idle.
TOPICS = {
    "gtoken": 40,
    "webhook": 15,
    "core": 10,
    "serviceaccounts": 50,
    "admissions": 120,
    "connections": 55,
    "memory": 40,
    "apply": 140,
}
#: How many times as long a topic may take before it is given up, on a machine that others use, too.
PATIENCE = 4


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


class TooLong(Exception):
    """A topic's time is over; no error of the system, which whoever waits for a process passes over."""


@contextlib.contextmanager
def within(seconds):
    """Ends what is done here when the time is over."""

    def over(*_):
        raise TooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def measure(name):
    """A topic's entry for the file; what cannot be measured here is in it by name."""
    entry = {"date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(), "version": version(), "machine": machine()}
    figures, skipped = [], []
    began = time.monotonic()
    try:
        with within(math.ceil(PATIENCE * TOPICS[name])):
            for found in importlib.import_module(f"Topics.{name}").measure():
                if isinstance(found, Skipped):
                    skipped.append(str(found))
                    print(f"bench: skipped: {found}", flush=True)
                else:
                    figures.append(found)
                    print(f"bench: {time.monotonic() - began:5.0f} s  {found.what}: {found.value:.4g} {found.unit}".rstrip(), flush=True)
    except (LookupError, OSError, RuntimeError, TooLong, ValueError, subprocess.SubprocessError) as error:
        skipped.append(f"the rest of {name} ({error})")
        print(f"bench: FAILED: {skipped[-1]}", file=sys.stderr, flush=True)
        return entry | {"figures": [figure.record() for figure in figures], "skipped": skipped, "failed": True}
    return entry | {"figures": [figure.record() for figure in figures]} | ({"skipped": skipped} if skipped else {})


def main(names):
    record = page.read()
    if names == ["--list"]:
        print("\n".join(TOPICS))
        return 0
    if names == ["--render"]:
        page.write(record)
        return 0
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        print(f"bench: error: there is no topic {unknown[0]}", file=sys.stderr)
        print(f"hint: there are: {', '.join(TOPICS)}", file=sys.stderr)
        return 64
    if not KIT.exists() or not TOOLS.exists():
        print("bench: error: nothing is built", file=sys.stderr)
        print("hint: `make bench` builds first", file=sys.stderr)
        return 69
    names = [name for name in TOPICS if name in names or not names]
    expected = sum(TOPICS[name] for name in names)
    print(f"bench: about {expected / 60:.0f} minutes, at most {PATIENCE * expected / 60:.0f}", flush=True)
    measured = {}
    for number, name in enumerate(names, 1):
        print(f"\nbench: {number} of {len(names)}: {name}, about {TOPICS[name]} s", flush=True)
        measured[name] = measure(name)
        # After each: who ends it early has what was measured by then.
        known = record | measured
        page.write({topic: known[topic] for topic in TOPICS if topic in known})
    figures = [figure for entry in measured.values() for figure in entry["figures"]]
    print(f"\n{table(figures)}\n")
    for entry in measured.values():
        for what in entry.get("skipped", []):
            print(f"bench: skipped: {what}")
    missed = [figure["what"] for figure in figures if figure.get("met") is False]
    for what in missed:
        print(f"bench: missed: {what}")
    print(f"bench: measured {len(figures)} figures, {sum('goal' in figure for figure in figures)} goals, {len(missed)} of them missed")
    return 69 if any(entry.get("failed") for entry in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
