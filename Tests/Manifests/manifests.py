"""What the checks share: the overlays as `kubectl kustomize` builds them."""

import functools
import importlib.util
import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOYMENT = ROOT / "deployment"
KUBECTL = os.environ.get("KUBECTL", "kubectl")
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")

#: Seconds within which a tool either answers or is broken.
PATIENCE = 120

#: The ways to a certificate, of which a cluster has one.
CERTIFICATES = ["self-managed", "cert-manager", "static-certs"]
OVERLAYS = sorted(each.name for each in (DEPLOYMENT / "overlays").iterdir())


def have(*modules):
    """Skips by name what this machine cannot have."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if shutil.which(KUBECTL) is None:
        missing.append("kubectl with Kustomize 5")
    return unittest.skipIf(missing, f"not installed here: {', '.join(missing)}")


@functools.cache
def build(folder):
    """All objects of a folder in deployment/, in the order they would be applied."""
    import yaml

    command = [KUBECTL, "kustomize", str(DEPLOYMENT / folder)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if built.returncode:
        raise AssertionError(f"{' '.join(command)}: {built.stderr}")
    return [each for each in yaml.safe_load_all(built.stdout) if each]


def overlay(name):
    return build(f"overlays/{name}")


def names(objects):
    return sorted((each["kind"], each["metadata"]["name"]) for each in objects)


def of_kind(objects, kind):
    return [each for each in objects if each["kind"] == kind]


def named(objects, kind, name):
    """The one object of that kind and name."""
    found = [each for each in of_kind(objects, kind) if each["metadata"]["name"] == name]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} objects are {kind} {name}, among {names(objects)}")
    return found[0]
