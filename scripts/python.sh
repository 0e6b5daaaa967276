#!/usr/bin/env bash
# Prints the Python to use: this machine's where it has everything, else that of .venv, filled from PyPI.
# usage: python.sh WHO REQUIREMENTS STATEMENT    (a Python statement that fails where something is missing)
# What cannot be had is for the caller to skip, by name; where there is no Python at all, nothing is printed.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -eq 3 ] || { echo "usage: python.sh WHO REQUIREMENTS STATEMENT" >&2 && exit 64; }
who=$1 requirements=$2

complete() { "$1" -c "$statement" 2>/dev/null; }
statement=$3

python=python3
if ! complete "$python"; then
    if ! complete .venv/bin/python; then
        echo "$who: installing what $requirements names into .venv" >&2
        { scripts/setup.sh --python &&
            python3 -m venv .venv &&
            .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"; } >&2 ||
            echo "$who: not everything could be installed" >&2
    fi
    [ ! -x .venv/bin/python ] || python=.venv/bin/python
fi
command -v "$python" || true
