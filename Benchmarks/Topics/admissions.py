"""The webhook under load over TLS 1.3: CPU an admission, latency, new connections, and memory afterwards."""

import os
import statistics
import tempfile
import time

from certificates import certificates
from figures import Figure
from machine import SERVER_CORES, StandIn, Webhook, kit
from reviews import REVIEWS

EKS = "EKS webhook"
CONNECTIONS = [1, 8, 64]
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
RUNS = 3
#: Goals of CPU an admission over eight connections, as a part of the other webhook's.
SHARES = {"small": 0.18, "medium": 0.10, "large": 0.07}


def load(process, folder, command, review, *rest):
    """One run of the loader, and microseconds of CPU an answer."""
    before = process.cpu()
    answers = kit(command, process.port, f"{folder}/ca.pem", review, *rest)
    if answers["failures"] or not answers["answers"]:
        raise RuntimeError(f"{command}: {answers}")
    return answers | {"cpu": (process.cpu() - before) / answers["answers"] * 1e6}


def median(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def kept(webhook, fixed, folder):
    """Over kept connections; a fixed answer in turn with the real one, so that noise meets both."""
    figures, base = [], []
    for size, review in REVIEWS.items():
        for count in CONNECTIONS:
            runs = []
            for _ in range(RUNS):
                runs.append(load(webhook, folder, "keep-alive", review, count, SECONDS))
                if (size, count) == ("small", 8):
                    base.append(load(fixed, folder, "keep-alive", review, count, SECONDS))
            got = median(runs)
            name = f"{size}, {count} connection{'s' * (count > 1)}"
            key = f"CPU {size} {count}"
            goal = SHARES[size] * {"small": 156, "medium": 532, "large": 2380}[size] if count == 8 else None
            figures.append(Figure(f"{name}: CPU an admission", got["cpu"], "µs", RUNS, goal, (EKS, key)))
            if count == 8:
                rate = got["answers"] / got["seconds"]
                slowest = 0.2 * 11.6 if size == "medium" else None
                figures += [
                    Figure(f"{name}: p50", got["p50"] / 1000, "ms", RUNS, peer=(EKS, f"p50 {size}")),
                    Figure(f"{name}: p90", got["p90"] / 1000, "ms", RUNS),
                    Figure(f"{name}: p99", got["p99"] / 1000, "ms", RUNS, slowest, (EKS, f"p99 {size}")),
                    Figure(f"{name}: answers a second", rate, "", RUNS, peer=(EKS, f"rate {size}"), more_is_better=True),
                ]
    floor = median(base)["cpu"]
    return [Figure("small, 8 connections: CPU of our server's fixed answer", floor, "µs", RUNS), *figures]


def new_connections(webhook, folder):
    got = median([load(webhook, folder, "connect", REVIEWS["small"], 8, SECONDS) for _ in range(RUNS)])
    rate = got["answers"] / got["seconds"]
    burst = median([load(webhook, folder, "burst", REVIEWS["small"], 200, 1) for _ in range(RUNS)])
    return [
        Figure("new connection and one small review: CPU", got["cpu"], "µs", RUNS, 0.5 * 587, (EKS, "connect CPU")),
        Figure("new connections a second", rate, "", RUNS, peer=(EKS, "connect rate"), more_is_better=True),
        Figure("200 connections at once: until the last answer", burst["longest"] / 1000, "ms", RUNS, 150),
    ]


def measure():
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder:
        certificates(folder)
        fixed = StandIn("fixed", f"{folder}/cert.pem", f"{folder}/key.pem", cores=SERVER_CORES)
        with StandIn("kubernetes", 0) as api, fixed, Webhook(api, folder) as webhook:
            figures = kept(webhook, fixed, folder)
            figures += new_connections(webhook, folder)
            time.sleep(1)
            figures.append(Figure("private memory after all of this", webhook.status("RssAnon"), "MB", 1, 12))
            figures.append(Figure("resident at most", webhook.status("VmHWM"), "MB"))
        return figures
