#!/usr/bin/env bash
# Builds the named tools as fully static binaries, stripped, into dist/, and prints their sizes.
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder of its own: objects of a static and of a dynamic release build do not mix.
flags=(-c release --scratch-path .build-static -Xswiftc -static-executable --manifest-cache none --disable-build-manifest-caching)
[ -z "${JOBS-}" ] || flags+=(--jobs "$JOBS")

# glibc's linker notes about name services are expected: docs/decisions/0004-static-images.md.
swift build "${flags[@]}" 2>&1 | sed '/in statically linked applications requires at runtime/d'
bin=$(swift build "${flags[@]}" --show-bin-path)
mkdir -p dist
for tool in "$@"; do
    strip -s -o "dist/$tool" "$bin/$tool"
    printf '%-16s %s bytes, %s gzipped\n' "$tool" "$(wc -c <"dist/$tool")" "$(gzip -9 -c "dist/$tool" | wc -c)"
done
