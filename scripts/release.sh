#!/usr/bin/env bash
# Makes everything that a release has for this machine's architecture, in dist/release: docs/release.md.
# usage: release.sh [--allow-dirty]
set -euo pipefail
cd "$(dirname "$0")/.."

case "$*" in "" | --allow-dirty) ;; *) echo "usage: release.sh [--allow-dirty]" >&2 && exit 64 ;; esac
if [ $# -eq 0 ] && [ -n "$(git status --porcelain)" ]; then
    echo "release.sh: error: the working tree has changes that are in no commit" >&2
    echo "hint: commit them, or see with --allow-dirty what a release would have" >&2
    exit 78
fi
case $(uname -m) in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) echo "release.sh: error: images have no name here for a machine of $(uname -m)" >&2 && exit 78 ;;
esac

scripts/setup.sh
scripts/static.sh gtokenctl
# The binaries in the images are the ones beside them.
ENGINE=none scripts/images.sh

out=dist/release
rm -rf "$out"
mkdir -p "$out"
for tool in gtoken gtoken-webhook gtokenctl; do cp "dist/$tool" "$out/$tool-linux-$architecture"; done
cp dist/images/*-linux-"$architecture".{oci.tar,spdx.json} "$out"
for shell in bash zsh fish; do dist/gtokenctl completion "$shell" >"$out/gtokenctl.$shell"; done
(cd "$out" && LC_ALL=C sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS .)
echo "release: $(dist/gtokenctl version | sed 's/.* //') for linux/$architecture in $out:"
sed 's/^/    /' "$out/SHA256SUMS"
