"""The token tool: its size, how soon there is a token, and what it costs while it waits for the next."""

import gzip
import os
import pathlib
import statistics
import tempfile
import time

from figures import Figure
from machine import PATIENCE, TOOLS, Process, StandIn, once

GO = "Go gtoken"
STARTS = 20
#: Seconds in refresh mode before its memory is read.
LONG, SHORT = 600, 30


def size(name, goal=None, gzip_goal=None, peers=()):
    data = (TOOLS / name).read_bytes()
    figures = [Figure(f"{name}: static binary, stripped", len(data) / 1e6, "MB", goal=goal, peer=peer) for peer in peers]
    packed = len(gzip.compress(data, 9)) / 1e6
    return [*figures, Figure(f"{name}: the same, gzipped", packed, "MB", goal=gzip_goal)]


def start(google, folder):
    """From exec to the end of a run that writes one token; the first runs warm the page cache."""
    environment = {"GCE_METADATA_HOST": f"127.0.0.1:{google.port}", "LOG_LEVEL": "error"}
    runs = [once([TOOLS / "gtoken", f"--file={folder}/token"], environment) for _ in range(STARTS + 2)][2:]
    seconds, cpu = (statistics.median(column) * 1000 for column in zip(*runs))
    return [
        Figure("gtoken: exec to token file", seconds, "ms", STARTS, 0.4 * 22.5, (GO, "start")),
        # What a loaded machine does not stretch; the other tool's is a median.
        Figure("gtoken: exec to token file, the least", min(runs)[0] * 1000, "ms", STARTS, peer=(GO, "start")),
        Figure("gtoken: exec to token file, CPU", cpu, "ms", STARTS, 0.4 * 20.5, (GO, "start CPU")),
    ]


def refresh(google, folder):
    wait = LONG if os.environ.get("BENCH_LONG") else SHORT
    file = pathlib.Path(folder, "refreshed")
    command = [TOOLS / "gtoken", f"--file={file}", "--refresh", "--log-level=error"]
    with Process(command, {"GCE_METADATA_HOST": f"127.0.0.1:{google.port}"}) as gtoken:
        deadline = time.monotonic() + PATIENCE
        while not file.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("gtoken writes no token")
            time.sleep(0.01)
        time.sleep(1)
        wake_ups, cpu = gtoken.wake_ups(), gtoken.cpu()
        time.sleep(wait)
        minutes = wait / 60
        note = f"after {wait} s" if wait == LONG else f"after {wait} s; BENCH_LONG=1 waits {LONG} s"
        return [
            Figure("gtoken --refresh: private memory", gtoken.status("RssAnon"), "MB", 1, 1.5, note=note),
            Figure("gtoken --refresh: resident", gtoken.status("VmRSS"), "MB", peer=(GO, "resident")),
            Figure("gtoken --refresh: threads", gtoken.status("Threads"), "", 1, 3, (GO, "threads")),
            # The wall clock is looked at each minute: machines sleep.
            Figure("gtoken --refresh: wake-ups a minute", (gtoken.wake_ups() - wake_ups) / minutes, "", 1, 1 / min(minutes, 1)),
            Figure("gtoken --refresh: CPU a minute", (gtoken.cpu() - cpu) / minutes * 1000, "ms"),
        ]


def measure():
    figures = size("gtoken", 13.2, 6, [(GO, "binary")])
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder, StandIn("google") as google:
        return figures + start(google, folder) + refresh(google, folder)
