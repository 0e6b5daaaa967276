"""`gtokenctl apply` of a fleet of bindings, all new, against our stand-ins and against another AWS (moto) where there is one.

The calls are paced as the clouds' quotas have it, so that the time of many bindings is mostly waiting.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from figures import Figure
from machine import CLIENT_CORES, PATIENCE, SERVER_CORES, TOOLS, Process, Skipped, on, once

COUNTS = [1, 20, 200]


def fleet(count):
    """Four of five with a Google service account, one known by the cluster; ten namespaces."""
    bindings = []
    for number in range(count):
        statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:*:*:app-{number}"}
        identity = {"identity": "cluster"} if number % 5 == 4 else {"googleServiceAccount": f"app-{number}-gsa"}
        bindings.append(
            {"namespace": f"team-{number % 10}", "serviceAccount": f"app-{number}", "role": f"fleet/app-{number}"}
            | {"policies": ["AmazonS3ReadOnlyAccess"]}
            | {"inlinePolicies": {"own": {"Version": "2012-10-17", "Statement": [statement]}}}
            | identity
        )
    defaults = {"project": "demo-project", "clusterName": "demo-cluster", "clusterLocation": "europe-west1"}
    return json.dumps({"apiVersion": "gtoken/v1", "defaults": defaults, "bindings": bindings})


@contextlib.contextmanager
def emulation(folder):
    """The stand-ins for both clouds and the cluster, new; what leads an administrator to them."""
    command = [TOOLS / "gtokenctl", "emulate", f"--credentials-dir={folder}"]
    with Process(command, cores=CLIENT_CORES, stdout=subprocess.PIPE) as process:
        document = json.loads(process.line())
        yield {"PATH": os.environ["PATH"], "HOME": folder} | document["administrator"]


@contextlib.contextmanager
def moto():
    """An independent stand-in for AWS, with AWS's own managed policies; its URL."""
    environment = dict(os.environ) | {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    command = [shutil.which("moto_server"), "-H", "127.0.0.1", "-p", "0"]
    with Process(command, environment, CLIENT_CORES, subprocess.DEVNULL) as process:
        log = pathlib.Path(process.log.name)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.process.poll() is None:
            urls = [word for word in log.read_text().split() if word.startswith("http://127.0.0.1:")]
            if urls:
                yield urls[0]
                return
            time.sleep(0.1)
    raise RuntimeError("moto_server does not serve")


def apply(count, environment, folder):
    """Seconds, and seconds of CPU of gtokenctl with the kubectl that it runs."""
    file = pathlib.Path(folder, f"fleet-{count}.json")
    file.write_text(fleet(count))
    with on(SERVER_CORES):
        return once([TOOLS / "gtokenctl", "apply", f"--file={file}"], environment)


def figures(count, seconds, cpu, whose):
    name = f"gtokenctl apply of {count} binding{'s' * (count > 1)}{whose}"
    yield Figure(f"apply {count}{whose}", name, seconds, "s")
    yield Figure(f"apply {count}{whose} CPU", f"{name}: CPU of it and its kubectl", cpu, "s")


def measure():
    if not shutil.which("kubectl"):
        yield Skipped("gtokenctl apply (there is no kubectl)")
        return
    for count in COUNTS:
        with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder, emulation(folder) as environment:
            yield from figures(count, *apply(count, environment, folder), "")
    if not shutil.which("moto_server"):
        yield Skipped("gtokenctl apply against moto (there is no moto_server)")
        return
    for count in COUNTS if os.environ.get("BENCH_LONG") else COUNTS[:-1]:
        with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder, emulation(folder) as environment, moto() as url:
            environment |= {"AWS_ENDPOINT_URL": url}
            yield from figures(count, *apply(count, environment, folder), ", AWS played by moto")
