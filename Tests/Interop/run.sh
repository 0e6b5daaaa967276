#!/usr/bin/env bash
# Real clients against the built tools. Uses the clients of this machine, or installs the pinned ones
# of requirements.txt from PyPI into .venv; what cannot be had is skipped by name.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly here=Tests/Interop

complete() {
    "$1" -c 'import boto3, cryptography, flask, flask_cors, jsonpatch, moto, yaml' 2>/dev/null &&
        { "$1" -c 'import awscli' 2>/dev/null || command -v aws >/dev/null; }
}

python=python3
if ! complete "$python"; then
    if ! complete .venv/bin/python; then
        echo "interop: installing the clients of $here/requirements.txt into .venv"
        { scripts/setup.sh --python &&
            python3 -m venv .venv &&
            .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"; } ||
            echo "interop: not all clients could be installed"
    fi
    [ ! -x .venv/bin/python ] || python=.venv/bin/python
fi
if ! command -v "$python" >/dev/null; then
    echo "interop: skipped: everything (there is no python3)"
    echo "interop: executed 0 tests, 1 skipped, 0 failed"
    exit 0
fi

GTOKEN_BIN=$(swift build --show-bin-path) PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/runner.py" "$@"
