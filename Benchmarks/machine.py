"""Processes and what Linux tells about them (proc(5))."""

import contextlib
import json
import os
import pathlib
import select
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
#: Where the static tools are, and the other side of the measurements.
TOOLS = pathlib.Path(os.environ.get("BENCH_TOOLS", ROOT / "dist"))
KIT = pathlib.Path(os.environ.get("BENCH_KIT", TOOLS / "gtoken-bench"))
#: Seconds within which anything here either answers or is broken.
PATIENCE = 120

CORES = sorted(os.sched_getaffinity(0))
#: What is measured has the first core; what asks it has the others.
SERVER_CORES, CLIENT_CORES = (CORES[:1], CORES[1:]) if len(CORES) > 1 else (CORES, CORES)


@contextlib.contextmanager
def on(cores):
    """Processes started meanwhile run on these cores."""
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


class Skipped(str):
    """What cannot be measured on this machine, and why: "NAME (REASON)"."""


class Process:
    """A background process that is measured."""

    def __init__(self, command, environment=None, cores=None, stdout=None):
        self.log = tempfile.NamedTemporaryFile(prefix="gtoken-bench-", suffix=".log")
        with on(cores or CORES):
            self.began = time.monotonic()
            self.process = subprocess.Popen(
                [str(word) for word in command],
                env=environment or {"PATH": os.environ["PATH"]},
                stdin=subprocess.PIPE,
                stdout=stdout or self.log,
                stderr=subprocess.PIPE if stdout is None else self.log,
            )
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        self.log.close()

    def line(self):
        """The one line by which it says that it serves."""
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError(f"{self.process.args}: it does not serve")
        return line

    def status(self, field):
        """A field of /proc/PID/status: KiB as MB, or a number."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                words = line.split()
                return int(words[1]) * 1024 / 1e6 if words[-1] == "kB" else int(words[1])
        raise LookupError(field)

    def tasks(self):
        return list(pathlib.Path(f"/proc/{self.pid}/task").iterdir())

    def cpu(self):
        """Seconds that its threads have run."""
        return sum(int((task / "schedstat").read_text().split()[0]) for task in self.tasks()) / 1e9

    def wake_ups(self):
        """How often its threads have waited for something, and it came."""
        fields = (line for task in self.tasks() for line in (task / "status").read_text().splitlines())
        return sum(int(line.split()[1]) for line in fields if line.startswith("voluntary_ctxt_switches"))


class Peak:
    """The most memory that a process has while something goes on, looked at 200 times a second."""

    FIELDS = ("RssAnon", "VmRSS")

    def __init__(self, process):
        self.process = process
        self.most = dict.fromkeys(self.FIELDS, 0.0)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self):
        with on(CLIENT_CORES):
            self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def _look(self):
        while not self.over.wait(0.005):
            for field in self.FIELDS:
                self.most[field] = max(self.most[field], self.process.status(field))

    @property
    def private(self):
        return self.most["RssAnon"]

    @property
    def resident(self):
        return self.most["VmRSS"]


class StandIn(Process):
    """A service of the kit, which prints its port."""

    def __init__(self, *arguments, cores=None):
        super().__init__([KIT, *arguments], cores=cores or CLIENT_CORES, stdout=subprocess.PIPE)
        self.port = int(self.line())


class Webhook(Process):
    """The built webhook over TLS, ready, on a core of its own."""

    def __init__(self, api, certificates, binary=TOOLS / "gtoken-webhook", under=()):
        super().__init__(
            [*under, binary, "--log-level=warning", "server", f"--kube-api=http://127.0.0.1:{api.port}"]
            + [f"--listen-address=127.0.0.1:{(port := free_port())}", "--shutdown-delay=1ms"]
            + [f"--telemetry-listen-address=127.0.0.1:{(probes := free_port())}"]
            + [f"--tls-cert-file={certificates}/cert.pem", f"--tls-private-key-file={certificates}/key.pem"]
            + ["--image=registry.example/gtoken:1.0.0"],
            cores=SERVER_CORES,
            stdout=subprocess.DEVNULL,
        )
        self.port = port
        with on(CLIENT_CORES):
            self.seconds_to_ready = self._wait(probes) - self.began

    def _wait(self, port):
        while (now := time.monotonic()) < self.began + PATIENCE:
            with contextlib.suppress(OSError):
                connection = socket.create_connection(("127.0.0.1", port), timeout=5)
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return time.monotonic()
                connection.close()
            if self.process.poll() is not None:
                break
            time.sleep(0.0005 if now < self.began + 0.1 else 0.005)
        raise RuntimeError("the webhook does not get ready")


@contextlib.contextmanager
def certificates():
    """A folder with ca.pem, cert.pem and key.pem (ECDSA P-256) for a webhook."""
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder:
        subprocess.run([KIT, "certificates", folder], check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        yield folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def kit(*arguments, cores=CLIENT_CORES):
    """Runs a measurement of the kit; what it prints."""
    with on(cores):
        command = [str(word) for word in (KIT, *arguments)]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=PATIENCE).stdout)


def once(command, environment):
    """Runs a command to its end: seconds, and seconds of CPU of it and of what it ran. What it says is kept for the error."""
    command = [str(word) for word in command]
    with tempfile.TemporaryFile(prefix="gtoken-bench-", suffix=".log") as log:
        actions = [(os.POSIX_SPAWN_DUP2, log.fileno(), 1), (os.POSIX_SPAWN_DUP2, log.fileno(), 2)]
        began = time.monotonic()
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        seconds = time.monotonic() - began
        if status != 0:
            log.seek(0)
            said = log.read().decode(errors="replace").strip().splitlines() or ["nothing"]
            raise RuntimeError(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)} and said: {said[-1]}")
    return seconds, usage.ru_utime + usage.ru_stime
