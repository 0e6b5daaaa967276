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
refuses 'Locked stands' GTokenNet 'let a = Mutex(0)'
refuses 'as!' GTokenNet 'let a = b as! C'
refuses 'Invariant' GTokenNet '// Never.' 'fatalError("x")'

# --- docs.sh, docs.py ----------------------------------------------------------------------------

expect "docs.sh: an option it does not know" 64 'usage' scripts/docs.sh --chek

# symbol NAME LEVEL DECLARATION [COMMENT]: a declaration as a symbol graph has it.
symbol() {
    local comment=""
    [ $# -lt 4 ] || comment="\"docComment\": {\"lines\": [{\"text\": \"$4\"}]},"
    echo "{\"kind\": {\"identifier\": \"swift.struct\"}, \"identifier\": {\"precise\": \"s:$1\"}, $comment
        \"pathComponents\": [\"$1\"], \"accessLevel\": \"$2\", \"declarationFragments\": [{\"spelling\": \"$3\"}],
        \"location\": {\"uri\": \"file:///a/$1.swift\", \"position\": {\"line\": 6, \"character\": 0}}}"
}
# graph MODULE [SYMBOL [RELATIONSHIP]]: replaces the graphs by one.
graph() {
    rm -rf "$work/graphs" && mkdir -p "$work/graphs"
    echo "{\"symbols\": [${2:-}], \"relationships\": [${3:-}]}" >"$work/graphs/$1.symbols.json"
}
# pages TEXT [ARTICLE]: replaces the catalogue by a front page and an article, beside examples of two lines.
pages() {
    rm -rf "$work/A.docc" && mkdir -p "$work/A.docc" "$work/examples"
    echo "$1" >"$work/A.docc/GTokenCore.md"
    [ $# -lt 2 ] || printf '%s\n' "$2" >"$work/A.docc/Article.md"
    printf '%s\n' 'func a() {' '    let b = c' '    d(b)' '}' >"$work/examples/main.swift"
}
docs() { python3 scripts/docs.py "$work/graphs" "$@"; }
catalogue() { docs --catalogue "$work/A.docc" --examples "$work/examples"; }

if command -v python3 >/dev/null; then
    graph GTokenNet "$(symbol A package 'struct A' 'What A is.')"
    expect "docs: a comment is enough" 0 '1 declarations, 0 faults' docs
    graph GTokenNet "$(symbol A package 'struct A')"
    expect "docs: no comment is a fault, with its place" 1 '^/a/A.swift:7: GTokenNet.A has no comment$' docs
    graph GTokenNet "$(symbol A package 'func a()')" '{"source": "s:A", "sourceOrigin": {}}'
    expect "docs: a requirement carried out is documented by its protocol" 0 ' 0 faults' docs
    graph GTokenCore "$(symbol A public 'func a()')" '{"source": "s:A", "sourceOrigin": {}}'
    expect "docs: but not in the library" 1 'has no comment' docs
    graph GTokenNet '{"kind": {"identifier": "swift.init"}}'
    expect "docs: what the compiler made is left alone" 0 '^docs: 0 declarations' docs
    graph GTokenCore "$(symbol A public 'struct A' 'what A is')"
    expect "docs: the library's comments start with a sentence" 1 'else than a sentence' docs
    graph GTokenCore "$(symbol A public 'func a() throws(E)' 'Does a.')"
    expect "docs: what the library throws is said" 1 'does not say when it throws' docs
    graph GTokenCore "$(symbol A public 'func a() throws(E)' 'Does a.\n\n- Throws: E.')"
    expect "docs: as DocC has it" 0 ' 0 faults' docs
    rm "$work/graphs/"*
    expect "docs: no graph is no success" 1 'there are no symbol graphs' docs

    graph GTokenCore "$(symbol A public 'struct A' 'What A is.')"
    pages '- ``A``'
    expect "docs: a public type under a topic" 0 ' 0 faults' catalogue
    pages 'See ``A``.'
    expect "docs: a public type under none" 1 'A stands under no topic' catalogue
    pages '- ``A``' '# Article'
    expect "docs: an article under no topic" 1 'Article stands under no topic' catalogue
    graph GTokenCore "$(symbol A package 'struct A' 'What A is.')"
    pages ''
    expect "docs: a package type needs no topic" 0 ' 0 faults' catalogue
    code() { printf '%s\n' '```swift' "$@" '```'; }
    pages '- <doc:Article>' "$(code 'let b = c' 'd(b)')"
    expect "docs: code of an article that is part of an example" 0 ' 0 faults' catalogue
    pages '- <doc:Article>' "$(code 'let b = c' 'd(c)')"
    expect "docs: code of an article that nothing compiles" 1 'Article.md: piece 1 of Swift' catalogue
else
    echo "scripts: skipped: docs.py (there is no python3)"
fi

# --- examples.sh ---------------------------------------------------------------------------------

expect "examples.sh: an option it does not know" 64 'usage' scripts/examples.sh --chek

# --- secrets.sh ----------------------------------------------------------------------------------

secret=MHcCAQEEIOe7y1XkE0Jm2n8s9bq3Zr5vT4wYd6uKp1xLhGfWcAbC
token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMDQzODcyNjYzNTE4MjkwMDc3NDEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg
# print_with_ledger TEXT [FILE]: what a command does that notes two secrets and prints a text, to a file of its own or not.
print_with_ledger() {
    cat <<END
printf 'privateKey\t%s\ntoken\t%s\n' '$secret' '$token' >>"\$GTOKEN_SECRET_LEDGER"
printf 'one\n%s\n' '$1' >"${2:-/dev/stdout}"
END
}
looks_for_secrets() {
    expect "$1" "$2" "$3" env -C "$work" "$PWD/scripts/secrets.sh" planted "${@:6}" bash -c "$(print_with_ledger "$4" "${5-}")"
}
into() { echo "\$GTOKEN_TEST_OUTPUTS/$1"; }

looks_for_secrets "clean output is clean" 0 '0 found$' "nothing of note"
looks_for_secrets "a key is found, by line" 1 'planted.log:2 has a privateKey$' "log: key=$secret."
looks_for_secrets "a token is found" 1 'planted.log:2 has a token$' "bearer $token"
looks_for_secrets "a token's signature is found" 1 'planted.log:2 has a token$' "${token##*.}"
looks_for_secrets "a token's header is none" 0 '0 found$' "${token%%.*}"
looks_for_secrets "base64 is found, wherever it begins" 1 'has a privateKey$' "$(base64 -w0 <<<"ab$secret-")"
looks_for_secrets "hexadecimal is found" 1 'has a privateKey$' "$(printf %s "$secret" | od -An -vtx1 | tr -d ' \n')"
looks_for_secrets "a process's log is looked at" 1 'x.log:2 has a token$' "$token" "$(into x.log)"
looks_for_secrets "gtoken may print a token" 0 '0 found$' "$token" "$(into 1-gtoken.out)"
looks_for_secrets "gtoken may print no key" 1 'has a privateKey$' "$secret" "$(into 1-gtoken.out)"
looks_for_secrets "a full run has to find a token" 1 'nothing would be found' "nothing" "" --full
looks_for_secrets "a full run that did" 0 '0 found$' "$token" "$(into 1-gtoken.out)" --full
expect "what is found is not shown" 1 "^$" grep "$secret" <(env -C "$work" "$PWD/scripts/secrets.sh" planted \
    bash -c "$(print_with_ledger "$secret" "$(into x.log)")" 2>&1)
expect "a command's own status comes first" 3 '' "$PWD/scripts/secrets.sh" planted bash -c 'exit 3'

# --- images.sh, images.py, release.sh ------------------------------------------------------------

expect "images.sh: an engine it does not know" 64 'usage' env ENGINE=kaniko scripts/images.sh
expect "release.sh: an option it does not know" 64 'usage' scripts/release.sh --now

# images DIRECTORY [OPTION…]: the images of the binaries in a folder, written beside them.
images() { env PYTHONDONTWRITEBYTECODE=1 python3 scripts/images.py --binaries "$work/$1" --output "$work/$1" "${@:2}"; }

if command -v python3 >/dev/null; then
    expect "images: the writer's own tests" 0 '^OK' env PYTHONDONTWRITEBYTECODE=1 python3 Tests/Images/test_oci.py
    expect "images: no binaries" 78 'make static' images none --ca-bundle "$work/ca.pem"
    mkdir -p "$work/dynamic" && printf 'authority\n' >"$work/ca.pem"
    printf '#!/bin/sh\n' | tee "$work/dynamic/gtoken" >"$work/dynamic/gtoken-webhook"
    expect "images: a script is no static binary" 78 'is no 64-bit' images dynamic --ca-bundle "$work/ca.pem"
    expect "images: a time that is none" 64 'SOURCE_DATE_EPOCH' \
        env SOURCE_DATE_EPOCH=now python3 scripts/images.py --binaries "$work/dynamic"
    mkdir -p "$work/static"
    # The headers of a static binary for arm64: the writer looks at no more.
    { printf '\x7fELF\x02\x01' && head -c 12 /dev/zero && printf '\xb7\x00' && head -c 12 /dev/zero &&
        printf '\x40' && head -c 21 /dev/zero && printf '\x38\x00\x01\x00' && head -c 62 /dev/zero; } |
        tee "$work/static/gtoken" >"$work/static/gtoken-webhook"
    (umask 077 && mkdir "$work/again" && cp "$work"/static/* "$work/again")
    expect "images: the digest is printed" 0 'gtoken 1.0.0 linux/arm64: sha256:[0-9a-f]{64}$' \
        images static --ca-bundle "$work/ca.pem" --version 1.0.0
    expect "images: twice from one commit" 0 'sha256' images again --ca-bundle "$work/ca.pem" --version 1.0.0
    expect "images: are the same, byte for byte" 0 '^$' diff -r "$work/static" "$work/again"
else
    echo "scripts: skipped: images.py (there is no python3)"
fi

# --- Tests/Smoke/smoke.py ------------------------------------------------------------------------

# smoke BODY: the run with tools that do BODY.
smoke() {
    local tool
    for tool in gtoken gtoken-webhook gtokenctl; do stand_in "$work/smoke" "$tool" "$1"; done
    env -u GTOKEN_TEST_OUTPUTS GTOKEN_BIN="$work/smoke" PYTHONDONTWRITEBYTECODE=1 python3 Tests/Smoke/smoke.py
}

if command -v python3 >/dev/null; then
    # shellcheck disable=SC2016 # their own process, not this one
    expect "smoke: a tool that crashes fails the run" 1 'FAILED: gtoken --version -> 0: ended by SIGSEGV' smoke 'kill -SEGV $$'
    expect "smoke: another status than the expected one does" 1 'FAILED: gtokenctl demo -> 0: ended with 3' smoke 'exit 3'
    expect "smoke: and so does a tool that says nothing" 1 'FAILED: gtoken --version -> 0: it does not say' smoke 'exit 0'
else
    echo "scripts: skipped: smoke.py (there is no python3)"
fi

# --- Benchmarks/bench.py -------------------------------------------------------------------------

if command -v python3 >/dev/null; then
    expect "bench: the driver's own tests" 0 '^OK' env PYTHONDONTWRITEBYTECODE=1 python3 Tests/Benchmarks/test_bench.py
else
    echo "scripts: skipped: bench.py (there is no python3)"
fi

echo "scripts: executed $ran tests, $failed failed"
[ "$failed" -eq 0 ]
