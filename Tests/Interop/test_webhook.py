"""The real HTTPS webhook, asked as an API server asks, for every golden case.

Certificate by openssl (deployment/make-certificate.sh), HTTP and TLS by Python, the patch applied by `jsonpatch`: nothing
of ours stands on this side.
"""

import base64
import http.client
import http.server
import json
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest

from tools import BIN, CASES, PATIENCE, ROOT, Process, have, load

NAME = "gtoken-webhook-svc.gtoken.svc"
STATUS = "admission.gtoken/status"


class KubernetesAPI(http.server.ThreadingHTTPServer):
    """The Kubernetes API as the Go project's RBAC shows it: one ServiceAccount may be read, no list, no watch."""

    daemon_threads = True

    def __init__(self, version):
        super().__init__(("127.0.0.1", 0), KubernetesHandler)
        self.version = version
        self.account = None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class KubernetesHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One segment an answer: head and body apart would wait for each other (Nagle, delayed acknowledgement).
    wbufsize = -1

    def do_GET(self):
        metadata = self.server.account["metadata"] if self.server.account else {}
        account = "/api/v1/namespaces/{namespace}/serviceaccounts/{name}"
        if self.path == "/version":
            major, minor = self.server.version.split(".")
            self.answer(200, {"major": major, "minor": minor})
        elif metadata and self.path == account.format(**metadata):
            self.answer(200, self.server.account)
        elif self.path.startswith("/api/v1/serviceaccounts?"):
            self.answer(403, {"kind": "Status", "reason": "Forbidden", "code": 403})
        else:
            self.answer(404, {"kind": "Status", "reason": "NotFound", "code": 404})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Webhook:
    """One `gtoken-webhook server` and a kept-alive TLS connection to it, as an API server has."""

    def __init__(self, certificates, server="1.33", arguments=()):
        self.api = KubernetesAPI(server)
        self.process = Process(
            [str(BIN / "gtoken-webhook"), "server", "--listen-address=127.0.0.1:0"]
            + [f"--tls-cert-file={certificates}/cert.pem", f"--tls-private-key-file={certificates}/key.pem"]
            + [f"--kube-api=http://127.0.0.1:{self.api.server_port}"]
            + ["--image=registry.example/gtoken:1.0.0", *arguments],
            environment={},
        )
        try:
            address = self.process.wait_for(
                lambda: re.search(r"msg=listening port=(\d+)", self.process.text()), "port"
            )
            self.port = int(address[1])
            self.connection = TLSConnection(self.port, context_for(certificates))
            self.process.wait_for(lambda: self.request("GET", "/readyz")[0] == 200, "readiness")
        except BaseException:
            self.stop()
            raise

    def request(self, method, path, body=None):
        headers = {"Content-Type": "application/json", "Accept": "application/json, */*"}
        self.connection.request(method, path, body, headers if body else {})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def review(self, body, account):
        self.api.account = account
        return self.request("POST", "/pods?timeout=5s", body)

    def stop(self):
        status = self.process.stop()
        self.api.shutdown()
        self.api.server_close()
        return status


def context_for(certificates):
    """What a client trusts that believes the webhook's own authority."""
    return ssl.create_default_context(cafile=f"{certificates}/ca.pem")


def annotations(pod):
    return ((pod or {}).get("metadata") or {}).get("annotations") or {}


class TLSConnection(http.client.HTTPSConnection):
    """To 127.0.0.1, with the Service's name asked for and verified."""

    def __init__(self, port, context):
        super().__init__("127.0.0.1", port, timeout=PATIENCE, context=context)
        self.tls = context

    def connect(self):
        http.client.HTTPConnection.connect(self)
        self.sock = self.tls.wrap_socket(self.sock, server_hostname=NAME)


@have("jsonpatch")
@unittest.skipIf(shutil.which("openssl") is None, "not installed here: openssl")
class GoldenReviews(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="gtoken-interop-")
        cls.addClassCleanup(folder.cleanup)
        cls.certificates = pathlib.Path(folder.name)
        make = [str(ROOT / "deployment" / "make-certificate.sh"), folder.name]
        subprocess.run(make, check=True, capture_output=True, timeout=PATIENCE)
        version = subprocess.run(
            [str(BIN / "gtoken-webhook"), "--version"], check=True, capture_output=True, text=True
        )
        cls.version = version.stdout.split()[-1]
        cls.webhooks = {}
        cls.addClassCleanup(cls.stop_webhooks)

    @classmethod
    def stop_webhooks(cls):
        """All at once: each takes its time to leave the Service."""
        for webhook in cls.webhooks.values():
            webhook.process.terminate()
        for webhook in cls.webhooks.values():
            webhook.stop()

    @classmethod
    def webhook(cls, folder):
        """The webhook with the options of a case; one for all that have the same."""
        file = folder / "options.json"
        options = load(file) if file.exists() else {}
        key = json.dumps(options, sort_keys=True)
        if key not in cls.webhooks:
            cls.webhooks[key] = Webhook(cls.certificates, **options)
        return cls.webhooks[key]

    def patched(self, pod, answer):
        import jsonpatch

        response = answer["response"]
        if "patch" not in response:
            return pod
        self.assertEqual(response["patchType"], "JSONPatch")
        return jsonpatch.apply_patch(pod, json.loads(base64.b64decode(response["patch"], validate=True)))

    def test_every_case_gives_the_expected_object_and_a_second_call_adds_nothing(self):
        folders = sorted(CASES.iterdir())
        self.assertGreater(len(folders), 20)
        for folder in folders:
            with self.subTest(case=folder.name):
                self.check(folder)

    def check(self, folder):
        body, account = (folder / "review.json").read_bytes(), load(folder / "serviceaccount.json")
        review, expected = json.loads(body), load(folder / "expected.json")
        before, after = annotations(review["request"]["object"]), annotations(expected)
        # What an earlier call noted stays; what this one notes is its own version.
        if STATUS in after and STATUS not in before:
            after[STATUS] = f"injected by {self.version}"

        status, text = self.webhook(folder).review(body, account)
        self.assertEqual(status, 200, text)
        answer = json.loads(text)
        self.assertEqual(answer["apiVersion"], review["apiVersion"])
        self.assertEqual(answer["kind"], "AdmissionReview")
        self.assertEqual(answer["response"]["uid"], review["request"]["uid"])
        self.assertIs(answer["response"]["allowed"], True)
        warnings = load(folder / "outcome.json")["warnings"]
        self.assertEqual(answer["response"].get("warnings", []), warnings)
        object = self.patched(review["request"]["object"], answer)
        self.assertEqual(object, expected)

        review["request"].update(uid="another", object=object)
        status, text = self.webhook(folder).review(json.dumps(review).encode(), account)
        self.assertEqual(status, 200, text)
        self.assertNotIn("patch", json.loads(text)["response"])

    def test_without_the_right_to_list_it_is_ready_and_says_so(self):
        webhook = self.webhook(CASES / "custom-sa")
        self.assertEqual(webhook.request("GET", "/readyz")[0], 200)
        self.assertIn("may not list and watch ServiceAccounts", webhook.process.text())

    def test_sigterm_ends_it_well(self):
        webhook = Webhook(self.certificates)
        self.assertEqual(webhook.stop(), 0, webhook.process.text())


@unittest.skipIf(shutil.which("openssl") is None, "not installed here: openssl")
class ClientCertificates(unittest.TestCase):
    """`--client-ca-file`: an API server that shows a certificate, and everybody else."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="gtoken-interop-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        make = [str(ROOT / "deployment" / "make-certificate.sh"), folder.name]
        subprocess.run(make, check=True, capture_output=True, timeout=PATIENCE)
        for name in ["api", "stranger"]:
            cls.openssl(
                *["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"],
                *["-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem"],
            )
        cls.webhook = Webhook(cls.folder, arguments=[f"--client-ca-file={cls.folder}/api.pem"])
        cls.addClassCleanup(cls.webhook.stop)

    @classmethod
    def openssl(cls, *arguments):
        subprocess.run(
            ["openssl", *arguments], cwd=cls.folder, check=True, capture_output=True, timeout=PATIENCE
        )

    def review(self, name=None):
        context = context_for(self.folder)
        if name:
            context.load_cert_chain(f"{self.folder}/{name}.pem", f"{self.folder}/{name}.key")
        connection = TLSConnection(self.webhook.port, context)
        self.addCleanup(connection.close)
        body = (CASES / "not-opted-in" / "review.json").read_bytes()
        connection.request("POST", "/pods?timeout=5s", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def test_reviews_are_answered_to_a_caller_with_a_trusted_certificate(self):
        status, body = self.review("api")
        self.assertEqual(status, 200, body)

    def test_reviews_of_a_caller_without_a_certificate_are_refused_and_probes_answered(self):
        self.assertEqual(self.review()[0], 403)
        self.assertEqual(self.webhook.request("GET", "/healthz")[0], 200)
        metrics = self.webhook.request("GET", "/metrics")[1].decode()
        self.assertRegex(metrics, r"gtoken_webhook_unauthenticated_requests_total [1-9]")

    def test_a_certificate_of_another_authority_ends_the_connection(self):
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.review("stranger")
