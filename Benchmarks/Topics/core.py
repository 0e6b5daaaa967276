"""GTokenCore alone: from a review's bytes to the answer's, on one core, without sockets."""

from figures import Figure
from machine import kit
from reviews import REVIEWS

#: Turns of a millisecond; where one review takes longer than that, as many as fit into their time.
TURNS = 300
STEPS = {
    "sum": "the sum of the bytes, many at a step",
    "pass": "a bare pass, byte by byte (FNV-1a)",
    "parse": "parse",
    "review": "read the review",
    "decide": "decide and build the patch",
    "encode": "write the answer",
    "all": "all of it",
}


def measure():
    allocated = {}
    for size, path in REVIEWS.items():
        got = kit("core", path, TURNS)
        allocated[size] = got["allocatedBytes"] / 1000
        key, name = f"core {size}", f"{size} ({kilobytes(got['bytes'])})"
        for step, what in STEPS.items():
            yield Figure(f"{key} {step}", f"{name}: {what}", got[step] / 1000, "µs", int(got["turns"]))
        speed = got["bytes"] / got["all"] * 1000
        yield Figure(f"{key} speed", f"{name}: all of it, by size", speed, "MB/s", int(got["turns"]), moreIsBetter=True)
        yield Figure(f"{key} passes", f"{name}: all of it, beside a bare pass", got["all"] / got["pass"], "×")
        yield Figure(f"{key} allocations", f"{name}: allocations an admission", got["allocations"], "")
        yield Figure(f"{key} allocated", f"{name}: allocated in all of them", allocated[size], "KB")
    # The huge review is the small one with an annotation of 2.9 MB, so that its answer is the same.
    more = allocated["huge"] - allocated["small"]
    yield Figure("core growth", "huge: allocated beyond what the small review takes", more, "KB")


def kilobytes(count):
    return f"{count / 1e3:.1f} KB" if count < 1e6 else f"{count / 1e6:.1f} MB"
