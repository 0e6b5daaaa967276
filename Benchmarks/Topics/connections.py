"""What a connection costs: a whole handshake and one review each, beside OpenSSL alone, and 200 at once."""

from figures import Figure
from load import SECONDS, load, median
from machine import SERVER_CORES, StandIn, Webhook, certificates, kit

RUNS = 5


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
                runs[name].append(load(process, folder, "connect", "small", 8, SECONDS))
            runs["handshake"].append(kit("openssl-handshake", *pair, 2000, cores=SERVER_CORES))
    handshake, alone, plain, ours = (median(runs[name]) for name in ("handshake", "openssl", "fixed", "webhook"))
    yield Figure("handshake", "OpenSSL alone: a full handshake in memory, the server's CPU", handshake["cpu"], "µs", RUNS)
    yield Figure("connection alone", "OpenSSL alone: connection, handshake and a fixed answer, CPU", alone["cpu"], "µs", RUNS)
    yield Figure("connection fixed", "our server: connection, handshake and a fixed answer, CPU", plain["cpu"], "µs", RUNS)
    yield Figure("connection CPU", "new connection and one small review: CPU", ours["cpu"], "µs", RUNS)
    yield Figure("connection of alone", "the same, beside OpenSSL alone over a connection", ours["cpu"] / alone["cpu"], "×")
    yield Figure("connection of handshake", "the same, beside OpenSSL alone in memory", ours["cpu"] / handshake["cpu"], "×")
    yield Figure("connection rate", "new connections a second", ours["rate"], "", RUNS, moreIsBetter=True)


def measure():
    with certificates() as folder, StandIn("kubernetes", 0) as api, Webhook(api, folder) as webhook:
        yield from cost(webhook, folder)
        burst = median([load(webhook, folder, "burst", "small", 200, 1) for _ in range(RUNS)])
        yield Figure("200 connections", "200 connections at once: until the last answer", burst["longest"] / 1000, "ms", RUNS)
        yield Figure("200 connections CPU", "200 connections at once: CPU a connection", burst["cpu"] / 200, "µs", RUNS)
