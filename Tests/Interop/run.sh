#!/usr/bin/env bash
# Real clients against the built tools. Uses the clients of this machine, or installs the pinned ones
# of requirements.txt from PyPI into .venv; what cannot be had is skipped by name.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly here=Tests/Interop
readonly clients='
import boto3, cryptography, flask, flask_cors, google.auth, jsonpatch, jwt, moto, prometheus_client
import importlib.util, shutil
assert importlib.util.find_spec("awscli") or shutil.which("aws")'

python=$(scripts/python.sh interop "$here/requirements.txt" "$clients")
if [ -z "$python" ]; then
    echo "interop: skipped: everything (there is no python3)"
    echo "interop: executed 0 tests, 1 skipped, 0 failed"
    exit 0
fi

GTOKEN_BIN=$(swift build --show-bin-path) PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/runner.py" "$@"
