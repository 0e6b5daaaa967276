"""The cache of ServiceAccounts, of which one in twenty has a role: sync, memory, lookup."""

import statistics
import tempfile
import time

from certificates import certificates
from figures import Figure
from machine import StandIn, Webhook, kit
from reviews import REVIEWS

COUNTS = [0, 10_000, 100_000]
RUNS = 3


def sync(count, folder):
    """Seconds to ready, seconds of CPU for it, private MB, and CPU microseconds an admission."""
    with StandIn("kubernetes", count) as api:
        runs = []
        for run in range(RUNS):
            with Webhook(api, folder) as webhook:
                cpu = webhook.cpu()
                time.sleep(1)
                private = webhook.status("RssAnon")
                lookup = 0
                if run == 0:
                    before = webhook.cpu()
                    answers = kit("keep-alive", webhook.port, f"{folder}/ca.pem", REVIEWS["small"], 8, 3)
                    lookup = (webhook.cpu() - before) / answers["answers"] * 1e6
                runs.append((webhook.seconds_to_ready, cpu, private, lookup))
        seconds, cpu, private, lookups = zip(*runs)
        return statistics.median(seconds), statistics.median(cpu), statistics.median(private), max(lookups)


def measure():
    figures = []
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder:
        certificates(folder)
        results = {count: sync(count, folder) for count in COUNTS}
    empty = results[0]
    for count, (seconds, cpu, private, lookup) in results.items():
        largest = count == COUNTS[-1]
        name = f"{count:,} ServiceAccounts"
        figures += [
            Figure(f"{name}: exec to ready", seconds, "s", RUNS, 3 if largest else None),
            Figure(f"{name}: the webhook's CPU for it", cpu, "s", RUNS),
            Figure(f"{name}: private memory", private, "MB", RUNS),
            Figure(f"{name}: CPU an admission", lookup, "µs"),
        ]
        if count:
            figures.append(
                Figure(f"{name}: more private memory than none", private - empty[2], "MB", RUNS, 4 if largest else None)
            )
    return figures
