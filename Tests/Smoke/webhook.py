"""The webhook over TLS, asked as an API server asks it."""

import base64
import contextlib
import json
import re

from test_webhook import TLSConnection, context_for
from tools import CASES, load

CASE = CASES / "deployment"


def webhook(steps, clouds):
    """With files of `gtokenctl certs`, and the ServiceAccount of a golden case."""
    steps.run("gtokenctl", "certs", "--output-dir=served")
    account = load(CASE / "serviceaccount.json")
    clouds.create(account)
    with serving(steps, clouds, steps.folder / "served") as ask:
        names = account["metadata"]
        review(steps, ask, names["namespace"], names["name"], [names["annotations"]["amazonaws.com/role-arn"]])


@contextlib.contextmanager
def serving(steps, clouds, certificates, port_file=None):
    """A webhook that is ready, and what asks it; its port is written where others look for it."""
    command = ["gtoken-webhook", "server", "--listen-address=127.0.0.1:0", "--image=registry.example/gtoken:1.0.0"]
    command += [f"--tls-cert-file={certificates}/cert.pem", f"--tls-private-key-file={certificates}/key.pem"]
    command += [f"--kube-api={clouds.kubernetes['url']}", "--shutdown-delay=10ms"]
    with steps.process("gtoken-webhook server", command, {}) as process:
        with steps.step("gtoken-webhook serves over TLS, and is ready"):
            port = process.wait_for(lambda: re.search(r"msg=listening port=(\d+)", process.text()), "port")[1]
            if port_file:
                port_file.write_text(port)
            connection = TLSConnection(int(port), context_for(certificates))

            def ask(method, path, body=None):
                connection.request(method, path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                return answer.status, answer.read()

            process.wait_for(lambda: ask("GET", "/readyz")[0] == 200, "readiness")
        with contextlib.closing(connection):
            yield ask


def review(steps, ask, namespace, account, expected):
    """A Pod of a ServiceAccount is let in, with a patch that has each of the texts."""
    with steps.step(f"a Pod of {namespace}/{account} gets its role"):
        document = load(CASE / "review.json")
        request = document["request"]
        request["namespace"] = request["object"]["metadata"]["namespace"] = namespace
        for field in ("serviceAccountName", "serviceAccount"):
            request["object"]["spec"][field] = account
        status, body = ask("POST", "/pods?timeout=5s", json.dumps(document).encode())
        assert status == 200, f"{status}: {body}"
        response = json.loads(body)["response"]
        assert response["allowed"] and "patch" in response, response
        patch = base64.b64decode(response["patch"]).decode()
        for text in expected:
            assert text in patch, f"there is no {text} in {patch}"
