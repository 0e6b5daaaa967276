"""An administrator's day with gtokenctl: a fleet is planned, made, looked at, served by an installed webhook, and removed."""

import base64
import json
import os
import shutil
import urllib.request

from tools import PATIENCE
from webhook import review, serving

FLEET = "--file=fleet.json"
#: The fleet's binding that needs no Google account, as options.
BILLS = ["--identity=cluster", "--project=demo-project", "--cluster-name=demo-cluster", "--cluster-location=europe-west1"]
BILLS += ["--namespace=shop", "--service-account=bills", "--aws-role=bills"]
#: The stand-in forwards no ports. This kubectl does so to the webhook whose port the file has, and all else is the real one's.
KUBECTL = """#!/bin/sh
for word in "$@"; do
    if [ "$word" = port-forward ]; then
        echo "Forwarding from 127.0.0.1:$(cat {port}) -> 10250"
        exec sleep 60
    fi
done
exec {kubectl} "$@"
"""
ROLE = "arn:aws:iam::123456789012:role/"


def fleet(steps, clouds):
    port = steps.folder / "port"
    programs = steps.folder / "bin"
    programs.mkdir()
    kubectl = programs / "kubectl"
    kubectl.write_text(KUBECTL.format(port=port, kubectl=shutil.which("kubectl")))
    kubectl.chmod(0o700)
    environment = clouds.administrator | {"PATH": f"{programs}:{os.environ['PATH']}"}

    def run(*arguments, **options):
        return steps.run("gtokenctl", *arguments, environment=environment, **options)

    run("plan", FLEET, status=2, says=["+ AWS role warehouse/stock"])
    run("status", FLEET, status=1)
    run("apply", FLEET, says=["created AWS role bills"])
    run("plan", FLEET, says=["unchanged"])
    run("apply", FLEET, "-o", "json", says=['"summary"'])
    run("status", FLEET)
    run("audit", "--project=demo-project", "--fix", says=["nothing unsafe"])
    run("doctor", FLEET, status=1, says=["hint"])

    images = ["--registry=registry.example/gtoken", "--tag=v1.0.0"]
    run("install", "--dry-run", *images, status=2, says=["+ Deployment gtoken/gtoken-webhook-deployment"])
    # Nobody runs its Pods yet.
    run("install", "--certificates=static-certs", "--timeout=1s", *images, status=69, says=["does not get ready"])
    with serving(steps, clouds, secret(steps, clouds), port) as ask:
        ready(clouds)
        run("install", says=["served certificate: caBundle verifies it"])
        run("certs", says=["stays"])
        run("upgrade", "--dry-run")
        run("doctor", FLEET)
        run("doctor", FLEET, "-o", "json", says=["served certificate"])
        run("doctor", "--token", *BILLS, says=["proof with a token: assumed"])
        review(steps, ask, "shop", "orders", [ROLE + "orders", "registry.example/gtoken:1.0.0"])
        review(steps, ask, "shop", "bills", [ROLE + "bills", "serviceAccountToken"])
    run("uninstall", "--yes")
    run("delete", FLEET, status=64, says=["confirm with --yes"])
    run("delete", FLEET, "--yes", says=["deleted"])
    run("plan", FLEET, status=2)


def secret(steps, clouds):
    """The folder that a Pod of the webhook has its certificate in, as a kubelet fills it; and the authority beside it."""
    folder = steps.folder / "secret"
    folder.mkdir()
    data = kubernetes(clouds, "GET", "/api/v1/namespaces/gtoken/secrets/gtoken-webhook-certs")["data"]
    for name, value in data.items():
        (folder / name).write_bytes(base64.b64decode(value))
    path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/mutating-gtoken-webhook-cfg"
    bundle = kubernetes(clouds, "GET", path)["webhooks"][0]["clientConfig"]["caBundle"]
    (folder / "ca.pem").write_bytes(base64.b64decode(bundle))
    return folder


def ready(clouds):
    """The Deployment's status once its Pods run."""
    path = "/apis/apps/v1/namespaces/gtoken/deployments/gtoken-webhook-deployment"
    deployment = kubernetes(clouds, "GET", path)
    replicas = deployment["spec"]["replicas"]
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    status = counts | {"observedGeneration": deployment["metadata"]["generation"]}
    kubernetes(clouds, "PATCH", path, {"status": status})


def kubernetes(clouds, method, path, body=None):
    request = urllib.request.Request(
        clouds.kubernetes["url"] + path,
        json.dumps(body).encode() if body else None,
        {"Content-Type": "application/merge-patch+json"} if body else {},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)
