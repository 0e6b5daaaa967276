#!/usr/bin/env bash
# deployment/ as gtokenctl carries it: `embed-manifests.sh` writes it, `embed-manifests.sh --check` says whether it is as it
# would be written. Without kubectl or PyYAML the check is whether deployment/ is what it was when it was written.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly target=Sources/gtokenctl/Install/Manifests/EmbeddedManifests.swift
digest() {
    git ls-files -co --exclude-standard -z -- 'deployment/*.yaml' deployment/monitoring/dashboard.json scripts/embed_manifests.py |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}
# Debian's kubectl is from before components and labels.
kubectl=
for each in kubectl .venv/bin/kubectl; do
    "$each" version --client 2>/dev/null | grep -Eq 'Kustomize Version: v([5-9]|[1-9][0-9])\.' && kubectl=$each && break
done
python=
for each in python3 .venv/bin/python; do "$each" -c 'import yaml' 2>/dev/null && python=$each && break; done
if [ -z "$kubectl" ] || [ -z "$python" ]; then
    [ "${1:-}" = --check ] || { echo "embed-manifests: kubectl with Kustomize 5, or PyYAML, is not installed" >&2 && exit 69; }
    echo "lint: skipped: what the embedded manifests say (kubectl with Kustomize 5, or PyYAML, is not installed)"
    grep -q "^// Of deployment/ $(digest)\$" "$target" && exit
    echo "$target is of another deployment/: run scripts/embed-manifests.sh" >&2
    exit 1
fi

written=$(mktemp)
trap 'rm -f "$written"' EXIT
KUBECTL=$kubectl "$python" scripts/embed_manifests.py "$(digest)" >"$written"
if [ "${1:-}" = --check ]; then
    cmp -s "$written" "$target" && exit
    echo "$target is not what deployment/ says: run scripts/embed-manifests.sh" >&2
    exit 1
fi
cp "$written" "$target"
