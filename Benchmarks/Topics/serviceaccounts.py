"""The cache of ServiceAccounts, of which one in twenty has a role: sync, memory, lookup."""

import statistics
import time

from figures import Figure
from load import load
from machine import StandIn, Webhook, certificates

COUNTS = [0, 10_000, 100_000]
RUNS = 3


def sync(count, folder):
    """Seconds to ready, seconds of CPU for it, private MB, and CPU microseconds an admission."""
    runs = []
    with StandIn("kubernetes", count) as api:
        for _ in range(RUNS):
            with Webhook(api, folder) as webhook:
                cpu = webhook.cpu()
                time.sleep(1)
                private = webhook.status("RssAnon")
                admission = load(webhook, folder, "keep-alive", "small", 8, 1)["cpu"]
                runs.append((webhook.seconds_to_ready, cpu, private, admission))
    return [statistics.median(column) for column in zip(*runs)]


def measure():
    empty = None
    with certificates() as folder:
        for count in COUNTS:
            seconds, cpu, private, admission = sync(count, folder)
            name, key = f"{count:,} ServiceAccounts", f"{count} ServiceAccounts"
            yield Figure(f"{key} sync", f"{name}: exec to ready", seconds, "s", RUNS)
            yield Figure(f"{key} CPU", f"{name}: the webhook's CPU for it", cpu, "s", RUNS)
            yield Figure(f"{key} admission", f"{name}: CPU an admission, small", admission, "µs", RUNS)
            if empty is None:
                empty = private
                yield Figure(f"{key} private", f"{name}: private memory", private, "MB", RUNS)
            else:
                yield Figure(f"{key} private", f"{name}: more private memory than none", private - empty, "MB", RUNS)
