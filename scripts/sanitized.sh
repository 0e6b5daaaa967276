#!/usr/bin/env bash
# Runs every Swift test, and the tools that they start, under a sanitizer: `sanitized.sh thread|address [FILTER]`.
# A report fails the run, whoever made it: the tests' own process, or a tool, whose log has it.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
    thread)
        name=tsan
        export TSAN_OPTIONS=exitcode=66
        ;;
    address)
        name=asan
        export LSAN_OPTIONS=suppressions=$PWD/Tests/Sanitizers/leaks.supp:print_suppressions=0
        ;;
    *) echo "usage: sanitized.sh thread|address [FILTER]" >&2 && exit 64 ;;
esac

printed=.build-outputs/$name
rm -rf "$printed"
mkdir -p "$printed"
# The tools have environments of their own, so it is by what they print that their reports are found.
export GTOKEN_TEST_OUTPUTS=$PWD/$printed

status=0
swift test --sanitize="$1" --scratch-path ".build-$name" --disable-swift-testing ${JOBS:+--jobs "$JOBS"} \
    --explicit-target-dependency-import-check error ${2:+--filter "$2"} 2>&1 | tee "$printed/tests.log" ||
    status=${PIPESTATUS[0]}
# Where there is one, the file that has it is named.
if grep -rlE '(WARNING: Thread|ERROR: (Address|Leak))Sanitizer' "$printed"; then
    echo "$name: FAILED: a report in the files above"
    status=1
else
    echo "$name: no reports"
fi
exit "$status"
