"""The webhook at rest: its size, how soon it is ready, and its memory."""

import statistics
import tempfile
import time

from certificates import certificates
from figures import Figure
from machine import StandIn, Webhook
from Topics.gtoken import size

EKS, GO = "EKS webhook", "Go webhook"
RUNS = 11


def measure():
    figures = size("gtoken-webhook", peers=[(EKS, "binary"), (GO, "binary")])
    starts, private = [], []
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder, StandIn("kubernetes", 0) as api:
        certificates(folder)
        for _ in range(RUNS + 1):
            with Webhook(api, folder) as webhook:
                starts.append(webhook.seconds_to_ready * 1000)
                time.sleep(0.3)
                private.append(webhook.status("RssAnon"))
    start = statistics.median(starts[1:])
    return figures + [
        Figure("gtoken-webhook: exec to ready", start, "ms", RUNS, 8, (EKS, "start")),
        Figure("gtoken-webhook: exec to ready", start, "ms", RUNS, 8, (GO, "start")),
        Figure("gtoken-webhook: exec to ready, the least", min(starts), "ms", RUNS, peer=(GO, "start")),
        Figure("gtoken-webhook: private memory, idle", statistics.median(private), "MB", RUNS, 3, (EKS, "private")),
    ]
