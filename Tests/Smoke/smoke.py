"""`make smoke`: the static release binaries of dist/, as they are shipped, from end to end and offline.

The other tests run what was compiled for debugging. What only the optimiser gets wrong is found here, where each command
of the tools is run at least once. A line for each step; a status other than the expected one fails the run.
"""

import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
os.environ.setdefault("GTOKEN_BIN", str(ROOT / "dist"))
sys.path.append(str(HERE.parent / "Interop"))

import documents  # noqa: E402
import fleet  # noqa: E402
import pod  # noqa: E402
import webhook  # noqa: E402
from emulate import Emulation  # noqa: E402
from steps import StepFailed, Steps, how  # noqa: E402


def main():
    with tempfile.TemporaryDirectory(prefix="gtoken-smoke-") as folder:
        steps = Steps(folder)
        shutil.copy(HERE / "fleet.json", steps.folder)
        for part in (documents.front, documents.documents, documents.demo):
            attempt(steps, part)
        for part in (pod.pod, webhook.webhook, fleet.fleet):
            if part is fleet.fleet and not shutil.which("kubectl"):
                steps.skip("fleet", "there is no kubectl")
            else:
                attempt(steps, emulated, part)
    print(f"smoke: executed {steps.executed} steps, {steps.skipped} skipped, {steps.failed} failed")
    return 1 if steps.failed or not steps.executed else 0


def attempt(steps, part, *arguments):
    """Runs a part; one that breaks off keeps no other from being tried."""
    try:
        part(steps, *arguments)
    except StepFailed as failed:
        print(f"smoke: the steps that need this are not tried: {failed}", flush=True)


def emulated(steps, part):
    """Runs a part against stand-ins of its own."""
    with steps.step("gtokenctl emulate serves"):
        clouds = Emulation()
    try:
        part(steps, clouds)
    finally:
        with steps.step("gtokenctl emulate, by SIGTERM -> 0"):
            if (status := clouds.stop()) != 0:
                raise AssertionError(how(status))


if __name__ == "__main__":
    sys.exit(main())
