#!/usr/bin/env bash
# The documentation of GTokenCore, built by DocC with warnings as errors, after checking what DocC does not:
# that every public and package declaration has a comment, and that all Swift in the articles is compiled
# somewhere. Works on what `make build` built. `--skip-without-docc` is for machines whose toolchain has no
# docc: the archive is then skipped by name.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly catalogue=Sources/GTokenCore/GTokenCore.docc
readonly unavailable=69
readonly port=8000

skip_without_docc=false
case ${1:-} in
    "") ;;
    --skip-without-docc) skip_without_docc=true ;;
    *) echo "usage: docs.sh [--skip-without-docc]" >&2 && exit 64 ;;
esac

command -v python3 >/dev/null || scripts/setup.sh --python

bin=$(swift build --show-bin-path)
out=.build-docs
rm -rf "$out"
mkdir -p "$out/all" "$out/library"

triple=$(swift -print-target-info |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target"]["triple"])')

# extract MODULE ACCESS DIRECTORY: the symbol graph of what is written in a module.
extract() {
    swift symbolgraph-extract -module-name "$1" -minimum-access-level "$2" -output-dir "$3" \
        -target "$triple" -I "$bin/Modules" \
        -I Sources/CLinux -I Sources/COpenSSL -I "$bin/CBuildInfo.build" \
        -skip-synthesized-members -skip-inherited-docs -emit-extension-block-symbols
}

while read -r target; do
    extract "${target//-/_}" package "$out/all"
done < <(find Sources -name '*.swift' | awk -F/ '{ print $2 }' | sort -u)
python3 scripts/docs.py "$out/all" --catalogue "$catalogue" --examples Examples

# The toolchain's own, which stands beside its swift.
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
[ -x "$docc" ] || docc=$(command -v docc || true)
if [ -z "$docc" ]; then
    if $skip_without_docc; then
        echo "docs: skipped: the archive (this toolchain has no docc)"
        exit 0
    fi
    echo "docs: FAILED: this toolchain has no docc; those of swift.org for Linux and macOS have it" >&2
    exit "$unavailable"
fi

extract GTokenCore public "$out/library"
archive=$out/GTokenCore.doccarchive
"$docc" convert "$catalogue" --additional-symbol-graph-dir "$out/library" --output-path "$archive" \
    --fallback-display-name GTokenCore --fallback-bundle-identifier GTokenCore \
    --transform-for-static-hosting --warnings-as-errors

echo "docs: built $archive"
echo "docs: to read it:  python3 -m http.server --bind 127.0.0.1 --directory $archive $port"
echo "docs: then open    http://127.0.0.1:$port/documentation/gtokencore"
