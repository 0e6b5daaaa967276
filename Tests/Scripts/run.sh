#!/usr/bin/env bash
# Tests of scripts/: each runs a script with a PATH of stand-ins and looks at its status and words.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ran=0
failed=0

# expect NAME STATUS PATTERN COMMAND…: the command ends with STATUS and its output matches PATTERN.
expect() {
    local name=$1 status=$2 pattern=$3 output actual
    shift 3
    output=$("$@" 2>&1)
    actual=$?
    ran=$((ran + 1))
    [ "$actual" -eq "$status" ] && grep -Eq -- "$pattern" <<<"$output" && return
    failed=$((failed + 1))
    printf 'FAILED: %s: status %s (wanted %s), output (wanted /%s/):\n%s\n' \
        "$name" "$actual" "$status" "$pattern" "$output" >&2
}

# --- setup.sh ------------------------------------------------------------------------------------

# stand_in DIRECTORY NAME BODY: a command that does BODY.
stand_in() {
    mkdir -p "$1"
    printf '#!/bin/bash\n%s\n' "$3" >"$1/$2"
    chmod +x "$1/$2"
}

# machine NAME: a PATH with the plain tools, and a clang that links OpenSSL only once it is installed.
machine() {
    local bin=$work/$1 tool
    for tool in bash dirname readlink cat env mktemp; do
        mkdir -p "$bin" && ln -sf "$(command -v "$tool")" "$bin/$tool"
    done
    stand_in "$bin" swift ''
    stand_in "$bin" clang "[[ \$* != *-lssl* || -e $bin/installed ]]"
    stand_in "$bin" id 'echo 0'
    stand_in "$bin" apt-get "echo apt-get \"\$@\"; [[ \$1 != install ]] || : >$bin/installed"
    echo "$bin"
}
setup() { env -i PATH="$1" scripts/setup.sh "${@:2}"; }

bin=$(machine root)
expect "root: libssl-dev is installed, and said" 0 'installing with apt-get: libssl-dev' setup "$bin"
expect "a machine that has everything: nothing is said or done" 0 '^$' setup "$bin"

bin=$(machine list-broken)
stand_in "$bin" apt-get "[[ \$1 == install ]] && : >$bin/installed"
expect "a package list that cannot be fetched does not stop the install" 0 'going on' setup "$bin"

bin=$(machine check)
expect "--check says what is missing" 78 'apt-get install --yes libssl-dev$' setup "$bin" --check
expect "--check installs nothing" 1 '^$' test -e "$bin/installed"

bin=$(machine no-rights)
stand_in "$bin" id 'echo 1000'
expect "no root and no sudo: exactly what to install" 78 'apt-get install --yes libssl-dev$' setup "$bin"
expect "no root and no sudo: nothing is installed" 1 '^$' test -e "$bin/installed"
stand_in "$bin" sudo 'exit 1'
expect "sudo that asks for a password is not used" 78 'apt-get install --yes libssl-dev$' setup "$bin"
stand_in "$bin" sudo '[[ $1 == -n ]] && shift; "$@"'
expect "sudo without a password is used" 0 'installing with apt-get: libssl-dev' setup "$bin"

bin=$(machine no-apt)
rm "$bin/apt-get"
expect "no apt: what other systems call it" 78 'development files of OpenSSL 3' setup "$bin"

bin=$(machine install-fails)
stand_in "$bin" apt-get '[[ $1 != install ]]'
expect "an install that fails: exactly what to install" 78 'apt-get install --yes libssl-dev$' setup "$bin"

bin=$(machine useless-install)
stand_in "$bin" apt-get ''
expect "an install that changes nothing is noticed" 78 'still missing: libssl-dev' setup "$bin"

bin=$(machine no-linker)
stand_in "$bin" clang 'exit 1'
expect "no C toolchain: g++ is named" 78 'apt-get install --yes g\+\+' setup "$bin" --check

bin=$(machine no-python)
: >"$bin/installed"
expect "--python: python3-venv is named" 78 'apt-get install --yes python3-venv$' setup "$bin" --check --python
stand_in "$bin" python3 ''
expect "--python with Python there: nothing is said" 0 '^$' setup "$bin" --check --python
expect "an option it does not know" 64 'usage' setup "$bin" --chek

bin=$(machine no-swift)
rm "$bin/swift"
expect "no swift: where to get it" 78 'swift.org/install' setup "$bin"

# --- layers.sh -----------------------------------------------------------------------------------

# source_file TARGET LINE…: a tree with one Swift file of that target.
source_file() {
    rm -rf "$work/Sources"
    mkdir -p "$work/Sources/$1/Sub"
    printf '%s\n' "${@:2}" >"$work/Sources/$1/Sub/File.swift"
}
# refuses TEXT TARGET LINE…: the last line is refused, with TEXT; allows TARGET LINE…: all pass.
refuses() {
    source_file "${@:2}"
    expect "refused: ${*:2}" 123 "File.swift:$(($# - 2)): .*$1" scripts/layers.sh "$work/Sources"
}
allows() {
    source_file "$@"
    expect "allowed: $*" 0 '^$' scripts/layers.sh "$work/Sources"
}

allows GTokenCore 'struct A {}'
allows GTokenNet 'import Glibc' 'internal import COpenSSL' 'package import GTokenCore'
allows gtokenctl 'import Foundation'
allows GTokenNet '// try! is a word here' 'let url = "http://a/try!"'
allows GTokenNet '// Invariant: checked above.' 'fatalError("x")'
refuses 'GTokenCore may not import Glibc' GTokenCore 'import Glibc'
refuses 'GTokenCore may not import Foundation' GTokenCore '#if os(Linux)' '    import Foundation'
refuses 'GTokenClients may not import COpenSSL' GTokenClients 'import COpenSSL'
refuses 'gtoken may not import Foundation' gtoken 'import struct Foundation.Data'
refuses 'gtoken-webhook may not import FoundationEssentials' gtoken-webhook 'import FoundationEssentials'
refuses 'gtoken may not import GTokenEmulator' gtoken '@testable import GTokenEmulator'
refuses 'GTokenNet may not import GTokenClients' GTokenNet 'public import GTokenClients'
refuses 'GTokenRuntime may not import GTokenNet' GTokenRuntime '@preconcurrency import GTokenNet'
refuses 'may not import Dispatch' GTokenNet 'import Dispatch'
refuses 'has no rule' GTokenOther ''
refuses 'try!' GTokenNet 'let a = try! b()'
refuses 'as!' GTokenNet 'let a = b as! C'
refuses 'Invariant' GTokenNet '// Never.' 'fatalError("x")'

echo "scripts: executed $ran tests, $failed failed"
[ "$failed" -eq 0 ]
