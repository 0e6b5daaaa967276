#!/usr/bin/env bash
# Builds the images of this commit here and, from nothing, in a clone in a folder of another name and depth, with other
# settings of the shell, and compares them byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "$(git status --porcelain)" ]; then
    echo "reproducible.sh: error: the working tree has changes that are in no commit" >&2
    echo "hint: commit them: what a clone has is compared" >&2
    exit 78
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clone=$work/in/another/place/of-another-name
git clone --quiet . "$clone"
ENGINE=none scripts/images.sh
(cd "$clone" && umask 077 && LC_ALL=C TZ=Asia/Kathmandu JOBS=1 ENGINE=none scripts/images.sh >"$work/log") || {
    cat "$work/log" >&2
    exit 1
}

status=0
for file in dist/gtoken dist/gtoken-webhook dist/images/*; do
    if cmp --quiet "$file" "$clone/$file"; then
        echo "reproducible: ok: $file"
    else
        status=1
        echo "reproducible: FAILED: $file differs in $(cmp --verbose "$file" "$clone/$file" | wc -l) bytes" >&2
    fi
done
exit "$status"
