#!/usr/bin/env python3
"""Writes the images of gtoken and gtoken-webhook from static binaries: no engine, no registry, no root.

Each is an OCI archive with the binary, the certificate authorities that Debian takes from Mozilla, and nothing else;
beside it is what is in it, as SPDX. The same commit and the same binaries give the same digest.
"""

import argparse
import datetime
import gzip
import json
import os
import pathlib
import subprocess
import sys

import oci
import sbom

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
#: Nobody's number on any node: what `runAsNonRoot` accepts, and what deployment/ runs as.
USER = "65532:65532"
TITLES = {
    "gtoken": ("gtoken", "Writes Google ID tokens for AWS SDKs, and keeps them fresh"),
    "gtoken-webhook": ("gtoken-webhook", "Gives Pods an AWS role by their ServiceAccount's annotation"),
}
#: What Debian's package brings. The bundle that a machine makes of it can have authorities of its owner's own, which
#: no image of ours may trust.
AUTHORITIES = pathlib.Path("/usr/share/ca-certificates/mozilla")


class Refused(Exception):
    """What went wrong, with what, and in `hint` what to do."""

    def __init__(self, what, hint, status=78):
        super().__init__(what)
        self.hint, self.status = hint, status


def main():
    parser = argparse.ArgumentParser(prog="images.py", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "dist", help="where the static binaries are")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "dist" / "images", help="where the archives go")
    parser.add_argument("--ca-bundle", type=pathlib.Path, help="authorities, PEM, instead of Debian's of Mozilla")
    parser.add_argument("--version", help="what the binaries are called, where they cannot be asked")
    arguments = parser.parse_args()
    try:
        epoch, revision = commit()
        bundle = authorities(arguments.ca_bundle)
        arguments.output.mkdir(parents=True, exist_ok=True)
        for name in TITLES:
            make(name, arguments, bundle, epoch, revision)
    except Refused as error:
        sys.exit(complain(error, error.hint, error.status))
    except OSError as error:
        sys.exit(complain(error, "run `make static` first", 78))


def complain(what, hint, status):
    print(f"images.py: error: {what}\nhint: {hint}", file=sys.stderr)
    return status


def make(name, arguments, bundle, epoch, revision):
    """Writes the archive and the SPDX document of one image, and prints its digest and sizes."""
    path = arguments.binaries / name
    binary = path.read_bytes()
    try:
        architecture = oci.architecture(binary)
    except ValueError as error:
        raise Refused(f"{path} {error}", "run `make static`: an image has room for a static binary alone") from error
    version = arguments.version or version_of(path)
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    title, description = TITLES[name]
    image = oci.build(
        [oci.File(f"/{name}", binary, 0o755), oci.File(BUNDLE, bundle, 0o644)],
        architecture=architecture,
        user=USER,
        entrypoint=[f"/{name}"],
        created=created,
        epoch=epoch,
        annotations={
            "org.opencontainers.image.created": created,
            "org.opencontainers.image.description": description,
            "org.opencontainers.image.licenses": "Apache-2.0",
            "org.opencontainers.image.revision": revision,
            "org.opencontainers.image.title": title,
            "org.opencontainers.image.version": version,
        },
        # What `podman load` and `docker load` call it.
        reference=f"{name}:{version}",
    )
    document = sbom.document(
        name=name,
        version=version,
        created=created,
        image_digest=image.digest,
        binary=binary,
        bundle=bundle,
        bundle_version=sbom.UNKNOWN if arguments.ca_bundle else sbom.installed("ca-certificates"),
        linked=sbom.components(),
    )
    stem = arguments.output / f"{name}-linux-{architecture}"
    pathlib.Path(f"{stem}.oci.tar").write_bytes(image.archive)
    pathlib.Path(f"{stem}.spdx.json").write_text(json.dumps(document, indent=2) + "\n")
    print(f"{name} {version} linux/{architecture}: {image.digest}")
    print(f"    binary {len(binary)} bytes, {len(gzip.compress(binary, 9))} gzipped; layer to pull {image.layer_size}")
    for package in document["packages"][2:]:
        print(f"    with {package['name']} {package['versionInfo']}")


def authorities(given):
    """The certificates to trust, PEM: the given file, or Debian's of Mozilla in the order of their names."""
    if given is not None:
        return given.read_bytes()
    files = sorted(AUTHORITIES.glob("*.crt"))
    if not files:
        raise Refused(
            f"there are no certificate authorities in {AUTHORITIES}",
            "apt-get install ca-certificates, or name a file with --ca-bundle",
        )
    return b"".join(file.read_bytes().rstrip(b"\n") + b"\n" for file in files)


def commit():
    """The time (SOURCE_DATE_EPOCH, else that of the commit) and the id of what is built."""
    revision = git("rev-parse", "HEAD")
    text = os.environ.get("SOURCE_DATE_EPOCH") or git("show", "--no-patch", "--format=%ct", "HEAD")
    if not text.isascii() or not text.isdigit() or len(text) > 11:
        raise Refused(f"SOURCE_DATE_EPOCH is no number of seconds: '{text[:40]}'", "unset it", 64)
    return int(text), revision


def git(*arguments):
    result = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    if result.returncode != 0:
        raise Refused(f"git {arguments[0]} failed: {result.stderr.strip()}", "build in a clone of the repository")
    return result.stdout.strip()


def version_of(path):
    """What the binary calls itself."""
    try:
        result = subprocess.run([path.resolve(), "version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise Refused(f"{path} does not run here to say its version", "name it with --version") from error
    return result.stdout.split()[-1]


if __name__ == "__main__":
    main()
