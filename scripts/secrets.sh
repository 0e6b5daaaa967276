#!/usr/bin/env bash
# Runs a command, and then looks for every secret that the stand-ins made meanwhile in all that it and its processes
# printed: `secrets.sh NAME [--full] COMMAND…`. With --full a token has to be found where one belongs.
set -euo pipefail

name=$1
shift
full=()
if [ "$1" = --full ]; then
    full=(--full)
    shift
fi

here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || "$here/setup.sh" --python
scratch=$(dirname "$here")/.build-outputs/$name
rm -rf "$scratch"
mkdir -p "$scratch/printed"
chmod 700 "$scratch"
# One run inside another writes to a ledger of its own.
export GTOKEN_SECRET_LEDGER=$scratch/ledger GTOKEN_TEST_OUTPUTS=$scratch/printed

status=0
"$@" 2>&1 | tee "$scratch/printed/$name.log" || status=${PIPESTATUS[0]}
# What has failed may not have come as far as a token.
[ "$status" -eq 0 ] || full=()
python3 "$here/secrets.py" "$scratch/ledger" "$scratch/printed" "${full[@]}" || status=1
# Where nothing was found there is nothing to look at.
[ "$status" -ne 0 ] || rm -rf "$scratch"
exit "$status"
