"""Runs of the loader against what serves reviews."""

import os
import statistics

from machine import kit
from reviews import REVIEWS

#: Seconds that a run takes, and runs of which the median counts.
SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
RUNS = 3


def load(process, folder, command, size, *rest, mayRefuse=False):
    """One run of the loader, and microseconds of CPU an answer; requests without one are an error unless they may be."""
    before = process.cpu()
    answers = kit(command, process.port, f"{folder}/ca.pem", REVIEWS[size], *rest)
    count, failures = answers["answers"], answers["failures"]
    if not count or (failures and not mayRefuse):
        raise RuntimeError(f"{command} {size}: {failures:.0f} of {failures + count:.0f} requests have no right answer")
    cpu = (process.cpu() - before) / count * 1e6
    return answers | {"cpu": cpu, "rate": count / answers["seconds"], "refused": failures / (failures + count) * 100}


def median(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}
