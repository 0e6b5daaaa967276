#!/usr/bin/env python3
"""Much at once against the built webhook, from processes of its own: `load.py GTOKEN_WEBHOOK_FOLDER [CASE…]`.

Each case gets a webhook of its own. While it goes on, another client sends a small review ten times a second over one
connection, as an API server does. Printed are the answers, the most memory that the webhook had, and the longest that
the other client waited. A case fails when an answer is none of those that are right, when memory goes beyond the limit of
the manifests, when the other client is not answered, or when the webhook is not well afterwards.
"""

import collections
import http.client
import json
import multiprocessing
import os
import pathlib
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("GTOKEN_BIN", sys.argv[1] if len(sys.argv) > 1 else "")
sys.path.insert(0, str(ROOT / "Tests" / "Interop"))

from test_webhook import TLSConnection, Webhook, context_for  # noqa: E402
from tools import CASES, load  # noqa: E402

#: The memory limit of deployment/base, in MiB.
MEMORY_LIMIT = 256
#: Of all bodies at once (64 MiB), and of everything besides.
BODIES_LIMIT = 64 + 24
#: Seconds that another client may wait for its answer: the API server gives a call 10 s, ours 5 s.
LONGEST_WAIT = 5
#: Processes that make the load; the cases say what all of them do together.
WORKERS = 2

SMALL = (CASES / "custom-sa" / "review.json").read_bytes()
ACCOUNT = load(CASES / "custom-sa" / "serviceaccount.json")
HEAD = "POST /pods?timeout=10s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


def largest_review():
    """A Pod of 2.9 MB of `<`, as the API server escapes it: 17.4 MB."""
    review = json.loads(SMALL)
    review["request"]["object"]["metadata"]["annotations"] = {"a": "MARK"}
    text = json.dumps(review, separators=(",", ":"))
    return text.replace("MARK", "\\u003c" * 2_900_000).encode()


class Client:
    """Connections to one webhook, and what came of them."""

    def __init__(self, port, certificates):
        self.port = port
        self.context = context_for(certificates)
        self.answers = collections.Counter()

    def connect(self, tls=True):
        """A connection, or None where it is closed before it stands."""
        try:
            raw = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            return self.context.wrap_socket(raw, server_hostname=NAME) if tls else raw
        except OSError:
            self.answers["closed"] += 1
            return None

    def connections(self, count, tls=True, sending=b""):
        opened = []
        for _ in range(count):
            connection = self.connect(tls)
            if connection is None:
                continue
            try:
                connection.sendall(sending)
            except OSError:
                pass
            opened.append(connection)
        return opened

    def settle(self, connections, patience=0.0):
        """Counts how each connection ended, or that it is still there."""
        for connection in connections:
            connection.settimeout(max(patience, 0.001))
            try:
                answer = connection.recv(12)
                self.answers[answer[9:12].decode() or "closed"] += 1
            except (TimeoutError, ssl.SSLWantReadError):
                self.answers["still open"] += 1
            except OSError:
                self.answers["closed"] += 1
            connection.close()

    def exchange(self, head, chunks):
        """Sends a request whole, as far as it is taken; counts the status."""
        connection = self.connect()
        if connection is None:
            return
        try:
            connection.sendall(head)
            for chunk in chunks:
                connection.sendall(chunk)
        except OSError:
            pass  # Refused while it was sent: the answer stands in the connection.
        self.settle([connection], patience=30)


NAME = "gtoken-webhook-svc.gtoken.svc"


def largest(client, share):
    body = largest_review()
    for _ in range(share(4)):
        client.exchange(f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode(), [body])


def announced(client, share):
    for _ in range(share(4)):
        client.exchange(f"{HEAD}Content-Length: 50000000\r\n\r\n".encode(), [b" " * (1 << 20)] * 48)


def chunked(client, share):
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    threads = [
        threading.Thread(
            target=client.exchange, args=(f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode(), [chunk] * 48)
        )
        for _ in range(share(4))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def idle(client, share):
    connections = client.connections(share(2000), tls=False)
    time.sleep(3)
    client.settle(connections)


def handshakes(client, share):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = client.context.wrap_bio(incoming, outgoing, server_hostname=NAME)
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    connections = client.connections(share(938), tls=False, sending=outgoing.read()[:-1])
    time.sleep(3)
    client.settle(connections)


def heads(client, share):
    connections = client.connections(share(750), sending=(HEAD + "X: " + "x" * 16_000).encode())
    time.sleep(3)
    client.settle(connections)


def slow_bodies(client, share):
    start = f"{HEAD}Content-Length: 100000\r\n\r\n".encode() + b" " * 60_000
    connections = client.connections(share(750), sending=start)
    time.sleep(3)
    client.settle(connections)


def drips(client, share):
    """A byte a second, which no deadline between two reads would end."""
    connections = client.connections(share(100), sending=HEAD.encode())
    for _ in range(14):
        for connection in connections:
            try:
                connection.send(b"x")
            except OSError:
                pass
        time.sleep(1)
    client.settle(connections, patience=1)


def deaf(client, share):
    """So many requests that their answers fit in no buffer, and no answer is read."""
    requests = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 2000
    connections = client.connections(share(200))
    for connection in connections:
        connection.settimeout(0.05)
        try:
            connection.sendall(requests)
        except OSError:
            pass
    time.sleep(3)
    client.answers["not read"] += len(connections)
    for connection in connections:
        connection.close()


#: What is tried, the answers that are right, and the most memory that it may take.
LOADS = {
    "4 reviews of 17.4 MB": (largest, {"200", "503"}, MEMORY_LIMIT),
    "4 bodies of 50 MB, announced": (announced, {"413"}, BODIES_LIMIT),
    "4 bodies of 50 MB, in chunks": (chunked, {"413", "503"}, BODIES_LIMIT),
    "2,000 idle connections": (idle, {"still open", "closed"}, MEMORY_LIMIT),
    "938 handshakes that do not go on": (handshakes, {"still open", "closed"}, MEMORY_LIMIT),
    "750 heads that do not go on": (heads, {"still open", "closed", "408"}, MEMORY_LIMIT),
    "750 bodies that do not go on": (slow_bodies, {"still open", "closed", "408", "503"}, MEMORY_LIMIT),
    "100 heads, a byte each second": (drips, {"408", "closed"}, MEMORY_LIMIT),
    "200 clients that read no answers": (deaf, {"not read", "closed"}, MEMORY_LIMIT),
}


class Probe(threading.Thread):
    """Another client, which goes on as if nothing were the matter."""

    def __init__(self, webhook, certificates):
        super().__init__(daemon=True)
        self.connection = TLSConnection(webhook.port, context_for(certificates))
        self.waits, self.failures, self.ended = [], [], threading.Event()
        self.ask()

    def ask(self):
        begin = time.monotonic()
        try:
            self.connection.request("POST", "/pods?timeout=10s", SMALL, {"Content-Type": "application/json"})
            answer = self.connection.getresponse()
            answer.read()
            # "Not now" is an answer too: an API server comes back.
            if answer.status not in (200, 503):
                self.failures.append(answer.status)
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(error)
            self.connection.close()
        self.waits.append(time.monotonic() - begin)

    def run(self):
        while not self.ended.wait(0.1):
            self.ask()


def memory(pid, field):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def work(action, number, port, certificates, results):
    client = Client(port, certificates)
    action(client, lambda count: count // WORKERS + (number < count % WORKERS))
    results.put(client.answers)


def run(name, certificates):
    """Runs one case; its line, and what was wrong with it."""
    action, right, limit = LOADS[name]
    webhook = Webhook(certificates)
    try:
        webhook.review(SMALL, ACCOUNT)
        pid = webhook.process.process.pid
        probe = Probe(webhook, certificates)
        probe.start()
        results = multiprocessing.Queue()
        workers = [
            multiprocessing.Process(target=work, args=(action, number, webhook.port, certificates, results))
            for number in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        answers = sum((results.get(timeout=180) for _ in workers), collections.Counter())
        for worker in workers:
            worker.join()
        private = memory(pid, "RssAnon")
        probe.ended.set()
        probe.join(30)
        peak = memory(pid, "VmHWM")
        # A new connection: the first one was idle, and may have had to leave a full house.
        webhook.connection = TLSConnection(webhook.port, context_for(certificates))
        status, _ = webhook.review(SMALL, ACCOUNT)
    finally:
        ended = webhook.stop()
    faults = [f"answers {extra}" for extra in [set(answers) - right] if extra]
    if peak > limit:
        faults.append(f"memory above {limit} MiB")
    if not probe.waits or probe.failures:
        faults.append(f"another client was answered {probe.failures or 'nothing'}")
    elif max(probe.waits) > LONGEST_WAIT:
        faults.append(f"another client waited for {max(probe.waits):.1f} s")
    if (status, ended) != (200, 0):
        faults.append(f"afterwards it answered {status} and ended with {ended}")
    told = ", ".join(f"{count} × {answer}" for answer, count in sorted(answers.items()))
    waited = max(probe.waits, default=0) * 1000
    return f"| {name} | {told} | {peak:.0f} | {private:.0f} | {waited:.0f} |", faults


def main(names):
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    failed = 0
    print("| case | answers | peak MiB | private MiB | another client's longest wait, ms |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="gtoken-hostile-") as folder:
        make = [str(ROOT / "deployment" / "make-certificate.sh"), folder]
        subprocess.run(make, check=True, capture_output=True)
        for name in names or LOADS:
            line, faults = run(name, folder)
            print(line, flush=True)
            for fault in faults:
                print(f"hostile: FAILED: {name}: {fault}", file=sys.stderr)
            failed += bool(faults)
    print(f"hostile: executed {len(names or LOADS)} tests, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        sys.exit(64)
    sys.exit(main(sys.argv[2:]))
