"""The webhook at rest: its size, how soon it is ready, and its memory."""

import statistics
import time

from figures import Figure
from machine import StandIn, Webhook, certificates
from sizes import sizes

RUNS = 11


def measure():
    yield from sizes("gtoken-webhook", "webhook")
    starts, private, resident = [], [], []
    with certificates() as folder, StandIn("kubernetes", 0) as api:
        for _ in range(RUNS + 1):
            with Webhook(api, folder) as webhook:
                starts.append(webhook.seconds_to_ready * 1000)
                time.sleep(0.3)
                private.append(webhook.status("RssAnon"))
                resident.append(webhook.status("VmRSS"))
    # The first run warms the page cache.
    yield Figure("webhook start", "gtoken-webhook: exec to ready", statistics.median(starts[1:]), "ms", RUNS)
    yield Figure("webhook start least", "gtoken-webhook: exec to ready, the least", min(starts), "ms", RUNS)
    yield Figure("webhook private idle", "gtoken-webhook: private memory, idle", statistics.median(private), "MB", RUNS)
    yield Figure("webhook resident idle", "gtoken-webhook: resident, idle", statistics.median(resident), "MB", RUNS)
