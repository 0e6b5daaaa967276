"""A step is a command of the built tools that has to end with the status that it is expected to end with."""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import tempfile
import time

from tools import BIN, PATIENCE, Process


class StepFailed(Exception):
    """What a step did in place of what it should; the steps after it have nothing to build on."""


class Steps:
    """Runs steps, with one line for each, and counts them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.executed = self.skipped = self.failed = 0

    def skip(self, what, reason):
        self.skipped += 1
        print(f"smoke: skipped: {what} ({reason})", flush=True)

    @contextlib.contextmanager
    def step(self, name):
        """Something that is more than one command; what it raises is its failure."""
        self.executed += 1
        began = time.monotonic()
        try:
            yield
        except Exception as error:
            self.failed += 1
            print(f"smoke: FAILED: {name}: {error or type(error).__name__}", flush=True)
            raise StepFailed(name) from error
        print(f"smoke: ok: {name} ({time.monotonic() - began:.2f} s)", flush=True)

    def run(self, *command, status=0, says=(), environment=None, result="smoke.log"):
        """The standard output of a tool that ends with `status` and says each of `says`, on either stream.

        `result` is the name of the file that keeps its standard output for scripts/secrets.sh: `gtoken.out` where that is
        a token, and `None` where it is a credential, which is not kept.
        """
        words = shlex.join(word.replace(f"{self.folder}/", "") for word in command)
        with self.step(f"{words} -> {status}"):
            ended = subprocess.run(
                [str(BIN / command[0]), *command[1:]],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **(environment or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
            output, errors = self.kept(ended.stdout, result), self.kept(ended.stderr, "smoke.log")
            said = (output if result == "smoke.log" else "") + errors
            if ended.returncode != status:
                raise AssertionError(f"{how(ended.returncode)}\n{said}")
            for text in says:
                if text not in output + errors:
                    raise AssertionError(f"it does not say {text!r}\n{said}")
            return output

    @contextlib.contextmanager
    def process(self, name, command, environment):
        """A background process, of which nothing is left, and which SIGTERM has to end with 0."""
        process = Process([str(BIN / command[0]), *command[1:]], environment)
        try:
            yield process
        except BaseException:
            process.stop()
            raise
        with self.step(f"{name}, by SIGTERM -> 0"):
            if (status := process.stop()) != 0:
                raise AssertionError(f"{how(status)}\n{process.text()}")

    @staticmethod
    def kept(text, name):
        """The text of some bytes, which scripts/secrets.sh gets to see in a file whose name ends with this one."""
        folder = os.environ.get("GTOKEN_TEST_OUTPUTS")
        if folder and name:
            with tempfile.NamedTemporaryFile(suffix=f"-{name}", dir=folder, delete=False) as file:
                file.write(text)
        return text.decode(errors="replace")


def how(status):
    """How a process ended: a signal ends one that crashes."""
    return f"ended with {status}" if status >= 0 else f"ended by {signal.Signals(-status).name}"
