"""Prints the overlays of deployment/ as a Swift file: `embed_manifests.py DIGEST`, with kubectl in KUBECTL.

What differs from one installation to another is a word in @: @NAMESPACE@, @WEBHOOK_IMAGE@, @TOKEN_IMAGE@.
"""

import itertools
import json
import os
import pathlib
import subprocess
import sys

import yaml

DEPLOYMENT = pathlib.Path(__file__).resolve().parents[1] / "deployment"
OVERLAYS = {
    "selfManaged": "overlays/self-managed",
    "certManager": "overlays/cert-manager",
    "staticCertificates": "overlays/static-certs",
    "monitoring": "monitoring",
}
#: The namespace where it is part of a text; everywhere else it is the whole text.
NAMESPACED_TEXTS = {
    "system:serviceaccount:gtoken:": "system:serviceaccount:@NAMESPACE@:",
    "gtoken-webhook-svc.gtoken.svc": "gtoken-webhook-svc.@NAMESPACE@.svc",
    "gtoken/gtoken-webhook-certs": "@NAMESPACE@/gtoken-webhook-certs",
    '== "gtoken"': '== "@NAMESPACE@"',
}
IMAGES = {"REGISTRY/gtoken-webhook:TAG": "@WEBHOOK_IMAGE@", "REGISTRY/gtoken:TAG": "@TOKEN_IMAGE@"}


def templated(value, key=None):
    if isinstance(value, dict):
        return {each: templated(inner, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [templated(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    if value == "gtoken" and key != "app.kubernetes.io/name":
        return "@NAMESPACE@"
    for text, template in NAMESPACED_TEXTS.items():
        value = value.replace(text, template)
    return IMAGES.get(value, value)


def manifests(folder):
    command = [os.environ["KUBECTL"], "kustomize", str(DEPLOYMENT / folder)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [templated(each) for each in yaml.safe_load_all(built.stdout) if each]


def named(objects, manifest):
    """The name under which `objects` has this manifest, which it gets where it is new: by its kind, counted."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    assert '"##' not in text, "a raw string would end"
    for name, other in objects.items():
        if other == text:
            return name
    kind = manifest["kind"][0].lower() + manifest["kind"][1:]
    name = next(name for number in itertools.count(1) if (name := f"{kind}{number}") not in objects)
    objects[name] = text
    return name


def main():
    objects = {}
    overlays = {name: [named(objects, each) for each in manifests(folder)] for name, folder in OVERLAYS.items()}
    print("// Written by scripts/embed-manifests.sh; not to be edited.")
    print(f"// Of deployment/ {sys.argv[1]}")
    print("// swift-format-ignore-file")
    print()
    print("/// The overlays of `deployment/` as `kubectl kustomize` builds them: each the objects, JSON, in the order in which")
    print("/// they are applied. `@NAMESPACE@`, `@WEBHOOK_IMAGE@` and `@TOKEN_IMAGE@` stand for what is given.")
    print("enum EmbeddedManifests {")
    for name, members in overlays.items():
        print(f"    static let {name} = [")
        for member in members:
            print(f"        {member},")
        print("    ]\n")
    print("    // MARK: Each object once, though most overlays have it")
    for name, text in objects.items():
        print(f'\n    private static let {name} = ##"""\n{text}\n"""##')
    print("}")


main()
