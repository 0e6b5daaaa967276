#!/usr/bin/env python3
"""Where the webhook's instructions go: `callgrind.py [small|medium|large]`, under valgrind.

Prints the instructions of one admission over eight kept connections, and the functions that they are in. Instructions are
the same each time, whatever else the machine does, which makes small steps visible; they are no time. What it takes to get
ready is measured by a run without admissions, and taken off; the handshakes of the eight connections stay.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from load import load  # noqa: E402
from machine import ROOT, StandIn, Webhook, certificates  # noqa: E402

#: The same binary as in dist/, with its symbols.
BINARY = ROOT / ".build-static" / "release" / "gtoken-webhook"
#: Seconds of load: some thousand admissions, at a fiftieth of the speed.
SECONDS = 10
#: How much of all instructions is shown, in percent.
SHOWN = 90


def instructions(output):
    """All that were counted."""
    lines = output.read_text(errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(("totals:", "summary:")))


def run(folder, output, size=None):
    """A webhook under callgrind; how many reviews it answered."""
    under = ["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={output}"]
    with StandIn("kubernetes", 0) as api, Webhook(api, folder, binary=BINARY, under=under) as webhook:
        return load(webhook, folder, "keep-alive", size, 8, SECONDS)["answers"] if size else 0


def main(size="small"):
    if not shutil.which("valgrind"):
        print("profile: skipped: everything (there is no valgrind: apt-get install valgrind)", file=sys.stderr)
        return 69
    with certificates() as folder, tempfile.TemporaryDirectory(prefix="gtoken-bench-") as outputs:
        start, loaded = pathlib.Path(outputs, "start"), pathlib.Path(outputs, "loaded")
        run(folder, start)
        answers = run(folder, loaded, size)
        each = (instructions(loaded) - instructions(start)) / answers
        command = ["callgrind_annotate", "--auto=no", f"--threshold={SHOWN}", loaded]
        annotated = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    demangled = subprocess.run(["swift", "demangle", "--simplified"], input=annotated, stdout=subprocess.PIPE, text=True, check=True)
    print(demangled.stdout)
    print(f"profile: {size}: {each:,.0f} instructions an admission, of {answers:,.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
