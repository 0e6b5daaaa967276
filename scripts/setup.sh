#!/usr/bin/env bash
# Makes this machine able to build. Each need is proven by using it, not by asking a package manager,
# so a machine that has it by another way is left alone. What is missing is installed with apt-get;
# `--check` only says what is missing; `--python` asks for Python with venv too.
set -euo pipefail

readonly configuration_error=78

check=false
python=false
for option in "$@"; do
    case $option in
        --check) check=true ;;
        --python) python=true ;;
        *) echo "usage: setup.sh [--check] [--python]" >&2 && exit 64 ;;
    esac
done

say() { printf 'setup: %s\n' "$*" >&2; }

swift=$(command -v swift) || {
    say "there is no swift on the PATH: install Swift 6.2 or newer (https://www.swift.org/install/linux)"
    exit "$configuration_error"
}

# The compiler that SwiftPM itself will use for the C targets stands beside swift.
clang=$(dirname "$(readlink -f "$swift")")/clang
[ -x "$clang" ] || clang=$(command -v clang || command -v cc || true)

links() {
    [ -n "$clang" ] && "$clang" -x c - "${@:2}" -o /dev/null <<<"$1" 2>/dev/null
}

links_c() { links 'int main(void) { return 0; }' -lstdc++; }

links_openssl() {
    links '#include <openssl/ssl.h>
        #if !defined(OPENSSL_VERSION_MAJOR) || OPENSSL_VERSION_MAJOR < 3
        #error OpenSSL 3 is needed
        #endif
        int main(void) { return OPENSSL_init_ssl(0, 0) != 1; }' -lssl -lcrypto
}

missing() {
    # g++ brings the linker, the C library's headers and libstdc++, all of which Swift links with.
    if ! links_c; then
        echo g++
        # Without a linker nothing links, so OpenSSL is looked for where Debian puts it.
        [ -e /usr/include/openssl/ssl.h ] || echo libssl-dev
    elif ! links_openssl; then
        echo libssl-dev
    fi
    # On Debian, python3 alone cannot make a virtual environment.
    if $python && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then echo python3-venv; fi
}

install() {
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    command -v apt-get >/dev/null || return 1
    say "installing with apt-get: $*"
    # An unreachable third-party list must not stop us: the install says what it could not find.
    "${root[@]}" apt-get update -qq >&2 || say "apt-get update failed, going on with the lists at hand"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends "$@" >&2
}

mapfile -t packages < <(missing)
[ "${#packages[@]}" -gt 0 ] || exit 0
say "missing: ${packages[*]}"
if ! $check && install "${packages[@]}"; then
    mapfile -t packages < <(missing)
    [ "${#packages[@]}" -gt 0 ] || exit 0
    say "installed, but this is still missing: ${packages[*]}"
fi
cat >&2 <<END
setup: install it, then run make again:
    Debian, Ubuntu:  sudo apt-get update && sudo apt-get install --yes ${packages[*]}
    elsewhere:       a C++ toolchain and the development files of OpenSSL 3 (headers, libssl, libcrypto);
                     for \`make interop\` also Python 3 with venv and pip
END
exit "$configuration_error"
