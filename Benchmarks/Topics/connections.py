"""New connections: what one costs beside OpenSSL alone, many at once, and the memory that bursts and large bodies take."""

import statistics
import tempfile
import threading
import time

from certificates import certificates
from figures import Figure
from machine import SERVER_CORES, StandIn, Webhook, kit
from reviews import REVIEWS
from Topics.admissions import EKS, SECONDS, load

RUNS = 5
#: A burst opens one for each of 200 Pods, as an API server does.
BURST = 200
BODY_BYTES = 50_000_000


def median(runs, name):
    return statistics.median(run[name] for run in runs)


class Peak:
    """The most private memory that a process has meanwhile, looked at each millisecond."""

    def __init__(self, process):
        self.process, self.most, self.ends = process, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.ends.wait(0.001):
            self.most = max(self.most, self.process.status("RssAnon"))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()


def cost(webhook, folder):
    """A new connection in turn with those of OpenSSL alone, so that noise meets all of them."""
    pair = [f"{folder}/cert.pem", f"{folder}/key.pem"]
    openssl = StandIn("openssl-server", *pair, cores=SERVER_CORES)
    fixed = StandIn("fixed", *pair, cores=SERVER_CORES)
    asked = {"openssl": openssl, "fixed": fixed, "webhook": webhook}
    runs = {name: [] for name in asked} | {"handshake": []}
    with openssl, fixed:
        for _ in range(RUNS):
            for name, process in asked.items():
                runs[name].append(load(process, folder, "connect", REVIEWS["small"], 8, SECONDS))
            runs["handshake"].append(kit("openssl-handshake", *pair, 2000, cores=SERVER_CORES))
    handshake, alone = median(runs["handshake"], "cpu"), median(runs["openssl"], "cpu")
    ours = median(runs["webhook"], "cpu")
    rate = statistics.median(run["answers"] / run["seconds"] for run in runs["webhook"])
    return [
        Figure("OpenSSL alone: a full handshake in memory, the server's CPU", handshake, "µs", RUNS),
        Figure("OpenSSL alone: connection, handshake and a fixed answer, CPU", alone, "µs", RUNS),
        Figure("our server: connection, handshake and a fixed answer, CPU", median(runs["fixed"], "cpu"), "µs", RUNS),
        Figure("new connection and one small review: CPU", ours, "µs", RUNS, 0.5 * 587, (EKS, "connect CPU")),
        Figure("the same, by OpenSSL alone over a connection", ours / alone, "", RUNS, 1.3),
        Figure("the same, by OpenSSL alone in memory", ours / handshake, "", RUNS, 1.3),
        Figure("new connections a second", rate, "", RUNS, peer=(EKS, "connect rate"), more_is_better=True),
    ]


def bursts(webhook, folder):
    """Many at once; and the memory at its peak and afterwards."""
    with Peak(webhook) as peak:
        runs = [load(webhook, folder, "burst", REVIEWS["small"], BURST, 1) for _ in range(RUNS)]
    time.sleep(1)
    after = webhook.status("RssAnon")
    return [
        Figure(f"{BURST} connections at once: until the last answer", median(runs, "longest") / 1000, "ms", RUNS, 150),
        Figure(f"{BURST} connections at once: private memory at most", peak.most, "MB", RUNS, 12),
        Figure(f"{BURST} connections at once: private memory a second later", after, "MB", RUNS),
    ]


def bodies(webhook, folder):
    """Bodies above the limit, all of them on the way at once."""
    with Peak(webhook) as peak:
        statuses = kit("bodies", webhook.port, f"{folder}/ca.pem", BODY_BYTES, 4)
    if statuses != {"413": 4}:
        raise RuntimeError(f"bodies: {statuses}")
    return [Figure("four bodies of 50 MB at once, answered with 413: private memory at most", peak.most, "MB", 1, 64)]


def measure():
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder:
        certificates(folder)
        with StandIn("kubernetes", 0) as api:
            with Webhook(api, folder) as webhook:
                figures = bursts(webhook, folder) + bodies(webhook, folder)
            with Webhook(api, folder) as webhook:
                return cost(webhook, folder) + figures
