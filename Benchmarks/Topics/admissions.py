"""The webhook under load over TLS 1.3, over connections that are kept: CPU an admission, latency, rate."""

from figures import Figure
from load import RUNS, SECONDS, load, median
from machine import SERVER_CORES, StandIn, Webhook, certificates
from reviews import REVIEWS

CONNECTIONS = [1, 8, 64]


def measure():
    with certificates() as folder, StandIn("kubernetes", 0) as api, Webhook(api, folder) as webhook:
        with StandIn("fixed", f"{folder}/cert.pem", f"{folder}/key.pem", cores=SERVER_CORES) as fixed:
            for size in REVIEWS:
                for count in CONNECTIONS:
                    yield from admissions(webhook, fixed, folder, size, count)


def admissions(webhook, fixed, folder, size, count):
    """One size over so many connections; at eight, a fixed answer in turn with the real one, so that noise meets both."""
    runs, base = [], []
    # A webhook holds 64 MB of bodies, three of the largest: whose is one too many is told to come back.
    mayRefuse = size == "huge" and count > 1
    for _ in range(RUNS):
        runs.append(load(webhook, folder, "keep-alive", size, count, SECONDS, mayRefuse=mayRefuse))
        if count == 8 and size != "huge":
            base.append(load(fixed, folder, "keep-alive", size, count, SECONDS))
    got = median(runs)
    key, name = f"{size} {count}", f"{size}, {count} connection{'s' * (count > 1)}"
    yield Figure(f"{key} CPU", f"{name}: CPU an admission", got["cpu"], "µs", RUNS)
    if mayRefuse:
        yield Figure(f"{key} refused", f"{name}: told to come back", got["refused"], "%", RUNS)
    if base:
        floor = median(base)["cpu"]
        yield Figure(f"{key} fixed CPU", f"{name}: CPU of our server's fixed answer", floor, "µs", RUNS)
        yield Figure(f"{key} of fixed", f"{name}: an admission beside a fixed answer", got["cpu"] / floor, "×", RUNS)
    for quantile in ("p50", "p90", "p99"):
        yield Figure(f"{key} {quantile}", f"{name}: {quantile}", got[quantile] / 1000, "ms", RUNS)
    yield Figure(f"{key} rate", f"{name}: answers a second", got["rate"], "", RUNS, moreIsBetter=True)
