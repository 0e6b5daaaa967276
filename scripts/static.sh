#!/usr/bin/env bash
# Builds the named tools as fully static binaries, stripped, into dist/, and prints their sizes.
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder of its own: objects of a static and of a dynamic release build do not mix.
flags=(-c release --scratch-path .build-static -Xswiftc -static-executable --manifest-cache none --disable-build-manifest-caching)
# The toolchain's own lld, because it takes a script that only adds to its rules.
flags+=(-Xswiftc -use-ld=lld -Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker "$PWD/scripts/static.ld")
# Each function in a section of its own, and none kept only because it is public: nothing else links against these files, so
# that the linker leaves out what no tool calls, a fifteenth of gtoken.
flags+=(-Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -Xfrontend -Xswiftc -internalize-at-link)
# It would be a hash of what `strip` takes away as well, in which the folder's name stands.
flags+=(-Xlinker --build-id=none)
[ -z "${JOBS-}" ] || flags+=(--jobs "$JOBS")

bin=$(swift build "${flags[@]}" --show-bin-path)
mkdir -p dist
for tool in "$@"; do
    # glibc's linker notes about name services are expected: docs/decisions/0004-static-images.md.
    swift build "${flags[@]}" --product "$tool" 2>&1 | sed '/in statically linked applications requires at runtime/d'
    # One `contains(_:)` of a text in a text brings 1.2 MB of regular expressions into every Pod.
    # No `grep -q`: it ends at the first line, nm then too, and a pipe that was cut counts as a failure.
    if [[ $tool != gtokenctl && $tool != gtoken-bench ]] && nm "$bin/$tool" | grep _RegexParser >/dev/null; then
        echo "static.sh: error: $tool links the standard library's regular expressions" >&2
        echo "hint: look for contains, split, replacing and the like of a text in a text; GTokenCore has contains(text:)" >&2
        exit 1
    fi
    strip -s -o "dist/$tool" "$bin/$tool"
    printf '%-16s %s bytes, %s gzipped\n' "$tool" "$(wc -c <"dist/$tool")" "$(gzip -9 -c "dist/$tool" | wc -c)"
done
