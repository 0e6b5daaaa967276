#!/usr/bin/env bash
# Who may import whom, and the words that may not stand in Sources: `layers.sh DIRECTORY`.
# The compiler knows the package's dependencies; it does not know that one import of full Foundation
# makes a static binary four times as large, or that OpenSSL stays behind GTokenNet.
set -euo pipefail

find "$1" -name '*.swift' -print0 | sort -z | xargs -0 -r awk -v sources="$1" '
    function allow(target, modules,   list, count, i) {
        known[target] = 1
        count = split(modules, list, " ")
        for (i = 1; i <= count; i++) allowed[target, list[i]] = 1
    }
    function complain(text) {
        printf "%s:%d: %s\n", FILENAME, FNR, text
        bad = 1
    }
    BEGIN {
        system_modules = "Glibc Synchronization"
        allow("GTokenCore", "")
        allow("GTokenRuntime", system_modules " CBuildInfo CLinux GTokenCore")
        allow("GTokenNet", system_modules " CLinux COpenSSL GTokenCore GTokenRuntime")
        allow("GTokenClients", system_modules " GTokenCore GTokenNet GTokenRuntime")
        allow("GTokenAdminClients", system_modules " GTokenClients GTokenCore GTokenNet GTokenRuntime")
        allow("GTokenEmulator", system_modules " GTokenCore GTokenNet GTokenRuntime")
        allow("gtoken", system_modules " GTokenClients GTokenCore GTokenNet GTokenRuntime")
        allow("gtoken-webhook", system_modules " GTokenClients GTokenCore GTokenNet GTokenRuntime")
        allow("gtokenctl", system_modules \
            " Foundation GTokenAdminClients GTokenClients GTokenCore GTokenEmulator GTokenNet GTokenRuntime")
    }
    FNR == 1 {
        target = substr(FILENAME, length(sources) + 2)
        sub(/\/.*/, "", target)
        if (!(target in known)) complain("target " target " has no rule in scripts/layers.sh")
        previous = ""
    }
    # `import A`, `public import A`, `@testable import struct A.B`: the module is what counts.
    /^[ \t]*(@[a-zA-Z_()]+[ \t]+)*((public|package|internal|private|fileprivate)[ \t]+)?import[ \t]/ {
        module = $0
        sub(/^.*import[ \t]+/, "", module)
        sub(/^(struct|class|enum|protocol|typealias|func|let|var|actor)[ \t]+/, "", module)
        sub(/[^A-Za-z0-9_].*$/, "", module)
        if (!((target, module) in allowed)) complain(target " may not import " module)
    }
    {
        code = $0
        sub(/\/\/.*$/, "", code)
        if (code ~ /(^|[^A-Za-z0-9_])try!/) complain("try! does not stand in Sources")
        if (code ~ /(^|[^A-Za-z0-9_])as!/) complain("as! does not stand in Sources")
        if (code ~ /(^|[^A-Za-z0-9_])(fatalError|preconditionFailure)\(/ \
            && ($0 previous) !~ /\/\/ Invariant:/)
            complain("a trap needs an // Invariant: comment on its line or the one above")
        # Its code on Linux is not instrumented: the thread sanitizer would report all that it guards.
        if (code ~ /(^|[^A-Za-z0-9_])Mutex[<(]/) complain("Locked stands in place of Mutex")
        # What a task answers as a tuple is not what arrives in a release build (Swift 6.3).
        if (code ~ /TaskGroup\(of: \(/) complain("a task of a group answers a struct, not a tuple")
        previous = $0
    }
    END { exit bad }
'
