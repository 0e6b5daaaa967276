"""How large the tools are, as files and as images."""

import functools
import gzip
import pathlib
import subprocess
import tempfile

from figures import Figure
from machine import ROOT, TOOLS, Skipped


def sizes(name, identifier):
    """The binary's size and its image's."""
    data = (TOOLS / name).read_bytes()
    yield Figure(f"{identifier} binary", f"{name}: static binary, stripped", len(data) / 1e6, "MB")
    yield Figure(f"{identifier} binary gzipped", f"{name}: the same, gzipped", len(gzip.compress(data, 9)) / 1e6, "MB")
    bytes_, reason = images()
    if reason:
        yield Skipped(f"{name}: image ({reason})")
    else:
        yield Figure(f"{identifier} image", f"{name}: image, as a registry holds it", bytes_[name] / 1e6, "MB")


@functools.cache
def images():
    """The bytes of both images by name; or why there are none."""
    with tempfile.TemporaryDirectory(prefix="gtoken-bench-") as folder:
        command = ["python3", ROOT / "scripts" / "images.py", "--binaries", TOOLS, "--output", folder]
        made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if made.returncode:
            return {}, made.stdout.strip().splitlines()[0]
        return {path.name.split("-linux-")[0]: path.stat().st_size for path in pathlib.Path(folder).glob("*.oci.tar")}, ""
