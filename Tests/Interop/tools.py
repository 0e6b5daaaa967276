"""What the cases share: where the built tools and the real clients are, and how each is run."""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("GTOKEN_BIN", ROOT / ".build" / "debug"))

#: The golden cases: a folder each, with the review, the ServiceAccount, the patch and the resulting object.
CASES = ROOT / "Tests" / "GTokenCoreTests" / "Fixtures" / "cases"

#: Seconds within which anything here either answers or is broken: far above what a loaded machine needs.
PATIENCE = 60


def load(path):
    return json.loads(path.read_bytes())


def have(*modules):
    """Skips by name what this machine cannot have."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"not installed here: {', '.join(missing)}")


def aws_command():
    """The AWS CLI as an absolute command line that works without a PATH; None when there is none."""
    beside = pathlib.Path(sys.executable).with_name("aws")
    if importlib.util.find_spec("awscli") is not None:
        return [str(beside)] if beside.exists() else [sys.executable, "-m", "awscli"]
    found = shutil.which("aws")
    return [found] if found else None


def have_aws():
    return unittest.skipIf(aws_command() is None, "not installed here: aws")


def run(command, environment, home):
    """Runs a client with exactly `environment`, plus a PATH and an empty home as any container has."""
    return subprocess.run(
        command,
        env={"PATH": os.defpath, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Process:
    """A background process whose output goes to a file, so that a failure can show it."""

    def __init__(self, command, environment=None):
        # Where scripts/secrets.sh will look, it stays.
        kept = os.environ.get("GTOKEN_TEST_OUTPUTS")
        self.output = tempfile.NamedTemporaryFile(
            prefix="gtoken-interop-", suffix=".log", dir=kept, delete=kept is None
        )
        self.name = pathlib.Path(command[0]).name
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT
        )

    def text(self):
        return pathlib.Path(self.output.name).read_text(errors="replace")

    def wait_for(self, found, what):
        """The first true value of `found()`; a process that ends or dawdles is an error with its output."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            value = found()
            if value:
                return value
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.text()}")
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"{self.name}: no {what} within {PATIENCE} s:\n{self.text()}")

    def terminate(self):
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self):
        """SIGTERM, and the exit status it leads to."""
        self.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
