#!/usr/bin/env bash
# Every check that needs no build. A check whose tool is missing is skipped by name.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

failed=0
check() {
    local name=$1
    shift
    if "$@"; then echo "lint: ok: $name"; else
        echo "lint: FAILED: $name" >&2
        failed=1
    fi
}
skip() { echo "lint: skipped: $1 ($2)"; }

mapfile -t scripts < <(git ls-files -co --exclude-standard -- '*.sh' .ci/run)
mapfile -t pythons < <(git ls-files -co --exclude-standard -- '*.py')

bash_syntax() {
    local script
    for script in "${scripts[@]}"; do bash -n "$script" || return 1; done
}
python_syntax() {
    python3 -c 'import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]' "${pythons[@]}"
}

markdown_links() {
    local page target broken=0
    while IFS=: read -r page target; do
        [ -e "$(dirname "$page")/${target%%#*}" ] && continue
        echo "$page: there is no $target" >&2
        broken=1
    done < <(git ls-files -co --exclude-standard -z -- '*.md' |
        xargs -0 grep -oHE '\]\([^)#:]+[^):]*\)' | sed -E 's/\]\(([^)]*)\)$/\1/')
    return "$broken"
}

# A page that says "proven by" names a test that is there: `Type/testName` in docs/.
tests_named_in_pages() {
    local page name missing=0
    while IFS=: read -r page name; do
        grep -rqsE "func ${name#*/}\(" --include="${name%/*}.swift" Tests && continue
        echo "$page: there is no test $name" >&2
        missing=1
    done < <(git ls-files -co --exclude-standard -z -- 'docs/*.md' |
        xargs -0 grep -oHE '`[A-Z][A-Za-z0-9]*Tests/test[A-Za-z0-9]+`' | tr -d '`' | sort -u)
    return "$missing"
}

check "swift format" swift format lint --strict --parallel --recursive Package.swift Sources Tests Examples Benchmarks
check "layers and forbidden words" scripts/layers.sh Sources
check "embedded manifests" scripts/embed-manifests.sh --check
check "links between pages" markdown_links
check "tests that pages name" tests_named_in_pages
check "bash syntax" bash_syntax
if command -v shellcheck >/dev/null; then
    check "shellcheck" shellcheck --severity=warning "${scripts[@]}"
else
    skip "shellcheck" "not installed: apt-get install shellcheck"
fi
if command -v python3 >/dev/null; then
    check "python syntax" python_syntax
else
    skip "python syntax" "there is no python3"
fi
exit "$failed"
