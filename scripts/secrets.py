#!/usr/bin/env python3
"""Looks for secrets in what was printed: `secrets.py LEDGER FOLDER [--full]`.

The ledger has a line for each secret, its kind and a tab before it. Each file of the folder is looked through for each
secret as it is, and as base64, base64url, hexadecimal and percent-encoding would have it; of a token, for its payload
and its signature alone as well. What is found is named by kind, file and line, and never shown.

A file whose name ends with `gtoken.out` is the standard output of `gtoken`, whose result without `--file` is the token:
there tokens are allowed, and with `--full` have to be found, or else nothing would be.
"""

import base64
import pathlib
import sys
import urllib.parse

RESULT = "gtoken.out"
#: What every shorter secret could be found in by accident has; the shortest of the stand-ins has 40.
SHORTEST = 20


def forms(kind, secret):
    """The texts that give a secret away."""
    parts = secret.split(".")
    # A header is the same for every token of an issuer.
    pieces = {secret, *(parts[1:] if kind == "token" and len(parts) == 3 else [])}
    for piece in pieces:
        raw = piece.encode()
        yield piece
        yield raw.hex()
        yield urllib.parse.quote(piece, safe="")
        # Base64 looks different at each of three offsets; the bytes at either end depend on what stands beside them.
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
            inner = coded[4 if shift else 0 : -3]
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


def read(ledger):
    needles = {}
    for line in ledger.read_text().splitlines():
        kind, _, secret = line.partition("\t")
        if len(secret) < SHORTEST:
            continue
        for form in forms(kind, secret):
            if len(form) >= SHORTEST:
                needles[form] = kind
    return needles


def by_head(needles):
    """The needles by how they begin, so that one pass over a text finds them, however many there are."""
    heads = {}
    for needle, kind in needles.items():
        heads.setdefault(needle[:SHORTEST], []).append((needle, kind))
    return heads


def find(heads, text):
    """Yields kind and line of what is found."""
    for place in range(len(text) - SHORTEST + 1):
        for needle, kind in heads.get(text[place : place + SHORTEST], ()):
            if text.startswith(needle, place):
                yield kind, text.count("\n", 0, place) + 1


def main(arguments):
    full = "--full" in arguments
    paths = [argument for argument in arguments if argument != "--full"]
    if len(paths) != 2:
        print("usage: secrets.py LEDGER FOLDER [--full]", file=sys.stderr)
        return 64
    ledger, folder = map(pathlib.Path, paths)
    needles = read(ledger) if ledger.exists() else {}
    heads = by_head(needles)
    results = found = size = 0
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        text = path.read_bytes().decode(errors="replace")
        size += len(text)
        for kind, line in find(heads, text):
            if path.name.endswith(RESULT) and kind == "token":
                results += 1
                continue
            found += 1
            print(f"secrets: FAILED: {path.relative_to(folder)}:{line} has a {kind}", file=sys.stderr)
    if full and not (needles and results):
        print("secrets: FAILED: no token in the output of gtoken: nothing would be found", file=sys.stderr)
        found += 1
    print(f"secrets: looked for {len(needles)} forms in {len(files)} files ({size} characters): {found} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
