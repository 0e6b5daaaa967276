#!/usr/bin/env bash
# Builds and runs Examples/ as another project would: this package is a dependency with a version there, the tag of a
# clone of what is committed, and is built as SwiftPM builds dependencies. What the examples print is compared with
# Examples/Expected. `--update` writes those files anew.
set -euo pipefail
cd "$(dirname "$0")/.."

# The version that Examples/Package.swift asks for.
readonly version=0.1.0
readonly scratch=.build-examples
readonly samples=Examples/Samples

update=false
case ${1:-} in
    "") ;;
    --update) update=true ;;
    *) echo "usage: examples.sh [--update]" >&2 && exit 64 ;;
esac

uncommitted=$(git status --porcelain -- . ':!Examples' | wc -l)
[ "$uncommitted" -eq 0 ] ||
    echo "examples: the library is built as committed: $uncommitted uncommitted changes are not in it"

rm -rf "$scratch"
mkdir -p "$scratch"
git clone --quiet --bare . "$scratch/gtoken.git"
git -C "$scratch/gtoken.git" tag --force "$version" >/dev/null
git ls-files -coz --exclude-standard Examples | xargs -0 cp --parents -t "$scratch"

# In the copy alone, and with nothing kept between runs: another clone's tag is not this one's.
package() {
    swift "$1" --package-path "$scratch/Examples" --scratch-path "$scratch/build" \
        --cache-path "$scratch/cache" --config-path "$scratch/config" --security-path "$scratch/security" "${@:2}"
}
url=$(sed -nE 's/.*\.package\(url: "([^"]+)".*/\1/p' Examples/Package.swift)
package package config set-mirror --original "$url" --mirror "file://$PWD/$scratch/gtoken.git" >/dev/null
package build --configuration release --explicit-target-dependency-import-check error ${JOBS:+--jobs "$JOBS"}
bin=$(package build --configuration release --show-bin-path)

# token CLAIMS: a token with these claims, which nobody has signed.
segment() { base64 | tr -d '=\n' | tr '+/' '-_'; }
token() {
    printf '%s.%s.%s\n' "$(segment <$samples/header.json)" "$(segment <"$1")" \
        "$(printf 'nobody signed this' | segment)"
}

ran=0
failed=0
# expect NAME STATUS COMMAND…: the command ends with STATUS, and prints what Examples/Expected/NAME.txt has: standard
# output, and standard error after it.
expect() {
    local name=$1 status=$2 actual=0 file=Examples/Expected/$1.txt
    shift 2
    "$@" >"$scratch/$name.out" 2>"$scratch/$name.err" || actual=$?
    cat "$scratch/$name.out" "$scratch/$name.err" >"$scratch/$name.txt"
    if $update; then cp "$scratch/$name.txt" "$file"; fi
    ran=$((ran + 1))
    [ "$actual" -eq "$status" ] && diff -u "$file" "$scratch/$name.txt" && return
    failed=$((failed + 1))
    echo "examples: FAILED: $name: status $actual (wanted $status)" >&2
}

token $samples/google-claims.json >"$scratch/google.jwt"
token $samples/cluster-claims.json >"$scratch/cluster.jwt"
cut -d. -f1,2 "$scratch/google.jwt" >"$scratch/unsigned.jwt"

expect inspect-google 0 "$bin/inspect-token" --at 2024-01-01T00:30:00Z "$scratch/google.jwt"
expect inspect-expired 1 "$bin/inspect-token" --at 2024-01-02T00:00:00Z "$scratch/google.jwt"
expect inspect-cluster 0 "$bin/inspect-token" --at 2024-01-01T00:30:00Z <"$scratch/cluster.jwt"
expect inspect-malformed 65 "$bin/inspect-token" "$scratch/unsigned.jwt"
expect inspect-no-file 66 "$bin/inspect-token" no-such-file
expect inspect-usage 64 "$bin/inspect-token" --att

expect patch-google 0 "$bin/build-patch" $samples/review.json $samples/serviceaccount.json
expect patch-cluster 0 "$bin/build-patch" $samples/review.json $samples/serviceaccount-cluster.json
expect patch-not-a-role 1 "$bin/build-patch" $samples/review.json $samples/serviceaccount-user.json
expect patch-not-a-review 65 "$bin/build-patch" $samples/serviceaccount.json $samples/serviceaccount.json
expect patch-usage 64 "$bin/build-patch" $samples/review.json

echo "examples: executed $ran tests, $failed failed"
[ "$failed" -eq 0 ]
