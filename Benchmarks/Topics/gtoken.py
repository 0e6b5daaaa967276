"""The token tool: its size, how soon there is a token, and what it costs while it waits for the next."""

import os
import pathlib
import statistics
import tempfile
import time

from figures import Figure
from machine import PATIENCE, TOOLS, Process, StandIn, once
from sizes import sizes

STARTS = 20
#: Seconds in refresh mode before its memory is read.
LONG, SHORT = 600, 30


def start(google, folder):
    """From exec to the end of a run that writes one token; the first runs warm the page cache."""
    environment = {"GCE_METADATA_HOST": f"127.0.0.1:{google.port}", "LOG_LEVEL": "error"}
    runs = [once([TOOLS / "gtoken", f"--file={folder}/token"], environment) for _ in range(STARTS + 2)][2:]
    seconds, cpu = (statistics.median(column) * 1000 for column in zip(*runs))
    yield Figure("gtoken start", "gtoken: exec to token file", seconds, "ms", STARTS)
    # What a loaded machine does not stretch.
    yield Figure("gtoken start least", "gtoken: exec to token file, the least", min(runs)[0] * 1000, "ms", STARTS)
    yield Figure("gtoken start CPU", "gtoken: exec to token file, CPU", cpu, "ms", STARTS)


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
        woken, busy = (gtoken.wake_ups() - wake_ups) / minutes, (gtoken.cpu() - cpu) / minutes * 1000
        yield Figure("gtoken private", "gtoken --refresh: private memory", gtoken.status("RssAnon"), "MB", note=note)
        yield Figure("gtoken resident", "gtoken --refresh: resident", gtoken.status("VmRSS"), "MB")
        yield Figure("gtoken threads", "gtoken --refresh: threads", gtoken.status("Threads"), "")
        yield Figure("gtoken wake-ups", "gtoken --refresh: wake-ups a minute", woken, "")
        yield Figure("gtoken CPU", "gtoken --refresh: CPU a minute", busy, "ms")


def measure():
    yield from sizes("gtoken", "gtoken")
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder, StandIn("google") as google:
        yield from start(google, folder)
        yield from refresh(google, folder)
