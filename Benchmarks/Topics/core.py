"""GTokenCore alone: from a review's bytes to the answer's, on one core, without sockets."""

from figures import Figure
from machine import kit
from reviews import REVIEWS

RUNS = 300


def measure():
    figures = []
    for size, path in REVIEWS.items():
        steps = kit("core", path, RUNS)
        kilobytes = steps["bytes"] / 1000

        def figure(what, step, **rest):
            return Figure(f"{size} ({kilobytes:.1f} KB): {what}", steps[step] / 1000, "µs", RUNS, **rest)

        figures += [
            figure("the sum of the bytes, many at a step", "sum"),
            figure("a bare pass, byte by byte (FNV-1a)", "pass"),
            figure("parse", "parse"),
            figure("read the review", "review"),
            figure("decide and build the patch", "decide"),
            figure("write the answer", "encode"),
            # A goal for large ones alone: a small Pod's patch is longer than the Pod.
            figure("all of it", "all", goal=4 * steps["pass"] / 1000 if size == "large" else None),
            Figure(f"{size}: all of it, by size", kilobytes / (steps["all"] / 1e6), "MB/s", RUNS),
        ]
    return figures
