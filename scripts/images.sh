#!/usr/bin/env bash
# Makes the images of gtoken and gtoken-webhook: always as OCI archives in dist/images, from static binaries and with no
# engine; and from deployment/images/*.Containerfile where ENGINE (buildah, docker, none; the first of them that is
# here, when not given) can have the image of the Swift stage.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${ENGINE:-}
case $engine in "" | buildah | docker | none) ;; *) echo "usage: ENGINE=buildah|docker|none images.sh" >&2 && exit 64 ;; esac
command -v python3 >/dev/null || { echo "images: skipped: everything (there is no python3)" && exit 69; }

scripts/static.sh gtoken gtoken-webhook
PYTHONDONTWRITEBYTECODE=1 python3 scripts/images.py

# able ENGINE: whether it is here, and has or gets the Swift stage's image.
swift_image=${SWIFT_IMAGE:-$(sed -n 's/^ARG SWIFT_IMAGE=//p' deployment/images/gtoken.Containerfile)}
able() {
    command -v "$1" >/dev/null || { reason="there is no $1" && return 1; }
    [ "$1" = buildah ] || docker info >/dev/null 2>&1 || { reason="docker has no daemon" && return 1; }
    timeout 600 "$1" pull "$swift_image" >/dev/null 2>&1 || { reason="$1 cannot have $swift_image" && return 1; }
}

[ "$engine" != none ] || exit 0
for candidate in ${engine:-buildah docker}; do
    able "$candidate" && break
    echo "images: skipped: the Containerfiles by $candidate ($reason)"
    candidate=""
done
[ -n "$candidate" ] || { [ -z "$engine" ] && exit 0 || exit 69; }

created=${SOURCE_DATE_EPOCH:-$(git show --no-patch --format=%ct HEAD)}
arguments=(--build-arg "SWIFT_IMAGE=$swift_image" --build-arg "REVISION=$(git rev-parse HEAD)")
arguments+=(--build-arg "CREATED=$(date --utc --date "@$created" +%Y-%m-%dT%H:%M:%SZ)")
for tool in gtoken gtoken-webhook; do
    version=$(dist/"$tool" version)
    version=${version##* }
    named=("${arguments[@]}" --build-arg "VERSION=$version" -f "deployment/images/$tool.Containerfile" -t "$tool:$version")
    if [ "$candidate" = buildah ]; then
        buildah bud --timestamp "$created" "${named[@]}" .
    else
        SOURCE_DATE_EPOCH=$created docker build "${named[@]}" .
    fi
    echo "images: $candidate built $tool:$version"
done
