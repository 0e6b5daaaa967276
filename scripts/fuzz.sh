#!/usr/bin/env bash
# Coverage-guided fuzzing of what reads hostile bytes: builds Tests/Fuzz and the modules it calls with libFuzzer
# into .build-fuzz, runs each target for a bounded time, and prints a table. A finding is exit status 1.
#
#   FUZZ_SECONDS=60    for each target; 0 only passes the seeds and what is kept of earlier runs through it
#   FUZZ_RUNS=         so many executions for each target instead, the same ones each time
#   FUZZ_TARGET=all    or some of: `fuzz.sh --list`
#   FUZZ_SANITIZER=    address, to look for memory errors too
#
# What was learned is kept in .build-fuzz/corpus for the next run; `--check` only says whether fuzzing works here.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tests=Tests/Fuzz cases=Tests/GTokenCoreTests/Fixtures/cases
readonly modules=(GTokenCore GTokenRuntime GTokenNet GTokenClients)
# An input larger than this finds nothing that a smaller one does not, and is slow.
readonly max_bytes=16384 max_megabytes=2048 max_seconds_an_input=10
readonly unavailable=69
seconds=${FUZZ_SECONDS:-60} runs=${FUZZ_RUNS:-}
sanitizers=fuzzer${FUZZ_SANITIZER:+,$FUZZ_SANITIZER}
out=.build-fuzz${FUZZ_SANITIZER:+-$FUZZ_SANITIZER}
# libFuzzer has to get the signal of a trap, to keep the input. What lives as long as the process is no leak.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

list() { find "$tests/Corpus" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort; }

check() {
    local probe
    probe=$(mktemp -d)
    echo '@_cdecl("LLVMFuzzerTestOneInput") public func one(_: UnsafeRawPointer?, _: Int) -> CInt { 0 }' \
        >"$probe/probe.swift"
    swiftc -sanitize="$sanitizers" -parse-as-library "$probe/probe.swift" -o "$probe/probe" \
        >"$probe/log" 2>&1 && "$probe/probe" -runs=1 >>"$probe/log" 2>&1 || {
        sed 's/^/    /' "$probe/log" >&2
        echo "fuzz: unavailable: $(swiftc --version 2>/dev/null | head -n 1) has no working runtime for" \
            "-sanitize=$sanitizers here" >&2
        rm -r "$probe"
        exit "$unavailable"
    }
    rm -r "$probe"
}

build() {
    local flags=(-sanitize="$sanitizers" -enable-testing -assert-config Debug) modules_built=$out/release
    swift build -c release --scratch-path "$out" ${JOBS:+--jobs "$JOBS"} --target GTokenClients \
        "${flags[@]/#/-Xswiftc=}"
    # By name, because the folder keeps the objects of sources that are gone.
    local objects=("$modules_built/CBuildInfo.build/build_info.c.o") module
    for module in "${modules[@]}"; do
        mapfile -t -O "${#objects[@]}" objects < <(
            find "Sources/$module" -name '*.swift' -printf "$modules_built/$module.build/%f.o\n"
        )
    done
    local sources
    mapfile -t sources < <(find "$tests" -name '*.swift')
    swiftc "${flags[@]}" -O -whole-module-optimization -parse-as-library -module-name GTokenFuzz \
        -package-name gtoken -swift-version 6 -strict-memory-safety -warnings-as-errors \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility \
        -enable-upcoming-feature InternalImportsByDefault \
        -I "$modules_built/Modules" -I Sources/COpenSSL -I Sources/CLinux \
        -Xcc "-fmodule-map-file=$modules_built/CBuildInfo.build/module.modulemap" \
        "${sources[@]}" "${objects[@]}" -lssl -lcrypto -o "$out/fuzz"
}

# Runs one target; adds its line to the table and, where there is a finding, how to run it again.
run() {
    local target=$1
    local corpus=$out/corpus/$target seeds=$out/seeds/$target log=$out/log/$target found
    rm -rf "$seeds"
    mkdir -p "$corpus" "$seeds" "$out/log" "$out/findings"
    ln -sf fuzz "$out/fuzz-$target"
    "$out/fuzz-$target" --seeds "$cases" "$seeds"
    local options=(-max_total_time="$seconds")
    [ "$seconds" -gt 0 ] || options=(-runs=0)
    [ -z "$runs" ] || options=(-runs="$runs" -seed=1 -reload=0)
    local status=0
    "$out/fuzz-$target" "${options[@]}" -max_len="$max_bytes" -timeout="$max_seconds_an_input" \
        -rss_limit_mb="$max_megabytes" -dict="$tests/Dictionaries/$target.dict" -print_final_stats=1 \
        -artifact_prefix="$out/findings/$target-" \
        "$corpus" "$tests/Corpus/$target" "$seeds" >"$log" 2>&1 || status=$?
    found=$(sed -nE 's/.*Test unit written to (.*)/\1/p' "$log")
    awk -v target="$target" -v findings="$([ "$status" -eq 0 ] && echo 0 || echo 1)" '
        /cov: / {
            for (i = 1; i < NF; i++) {
                if ($i == "cov:") coverage = $(i + 1)
                if ($i == "corp:") { corpus = $(i + 1); sub(/\/.*/, "", corpus) }
            }
        }
        /number_of_executed_units/ { executions = $2 }
        /average_exec_per_sec/ { speed = $2 }
        END { printf "%-14s %12d %8d %9d %8d %9d\n", target, executions, speed, coverage, corpus, findings }
    ' "$log" >>"$out/table"
    [ "$status" -ne 0 ] || return 0
    {
        echo "fuzz: FAILED: $target: $(grep -m 1 -E 'does not hold|Fatal error|ERROR: ' "$log" | cut -c 1-500)"
        if [ -n "$found" ]; then
            echo "fuzz:     the input is $found; to run it again: $out/fuzz-$target $found"
        else
            echo "fuzz:     without an input, status $status; the log is $log"
        fi
    } >>"$out/failed"
}

case ${1:-} in
    --list) list && exit ;;
    --check) check && exit ;;
    "") ;;
    *) echo "usage: [FUZZ_SECONDS=N] [FUZZ_RUNS=N] [FUZZ_TARGET=NAMES] [FUZZ_SANITIZER=address] fuzz.sh [--check|--list]" >&2 && exit 64 ;;
esac

targets=${FUZZ_TARGET:-all}
[ "$targets" != all ] || targets=$(list)
for target in $targets; do
    [ -d "$tests/Corpus/$target" ] || {
        echo "fuzz: there is no target $target; there are: $(list | paste -sd ' ')" >&2
        exit 64
    }
done
check
build
printf '%-14s %12s %8s %9s %8s %9s\n' target executions a-second coverage corpus findings >"$out/table"
: >"$out/failed"
for target in $targets; do
    echo "fuzz: $target: ${runs:-$seconds s}${runs:+ runs}"
    run "$target"
done
cat "$out/table" "$out/failed"
[ ! -s "$out/failed" ]
