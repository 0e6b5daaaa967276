"""kubectl against the emulated API server: what it reads, makes, changes, applies and deletes."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import demo
from tools import PATIENCE


@unittest.skipIf(shutil.which("kubectl") is None, "not installed here: kubectl")
class Kubectl(demo.DemoCase):
    # The cluster's issuer is served by its API server.
    identity = "cluster"

    def setUp(self):
        parts = urllib.parse.urlsplit(self.pod.discovery)
        self.server = f"{parts.scheme}://{parts.netloc}"
        folder = tempfile.TemporaryDirectory(prefix="gtoken-kubectl-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.namespace = self.id().rsplit(".", 1)[-1].replace("_", "-").lower()[:60]
        self.kubectl("create", "namespace", self.namespace)
        self.addCleanup(self.kubectl, "delete", "namespace", self.namespace)

    def kubectl(self, *arguments, status=0):
        """The output of kubectl, which must end with `status`."""
        result = subprocess.run(
            [shutil.which("kubectl"), "--server", self.server, *arguments],
            env={"HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout + (result.stderr if status else "")

    def inside(self, *arguments, **options):
        return self.kubectl("-n", self.namespace, *arguments, **options)

    def get(self, *arguments):
        return json.loads(self.inside("get", *arguments, "-o", "json"))

    def manifest(self, data):
        path = self.folder / "map.json"
        path.write_text(
            json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "map"}, "data": data})
        )
        return str(path)

    def test_annotates_labels_selects_and_deletes(self):
        self.inside("create", "serviceaccount", "app")
        self.inside("annotate", "sa", "app", "amazonaws.com/role-arn=arn:aws:iam::123456789012:role/a")
        self.inside("label", "sa", "app", "team=x")
        app = self.get("sa", "app")
        self.assertEqual(
            app["metadata"]["annotations"], {"amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/a"}
        )
        selected = json.loads(self.kubectl("get", "sa", "-A", "-l", "team=x", "-o", "json"))["items"]
        self.assertIn(self.namespace, [item["metadata"]["namespace"] for item in selected])
        self.assertEqual(self.get("sa", "-l", "team!=x")["items"], [])
        self.inside("label", "sa", "app", "team-")
        self.assertNotIn("labels", self.get("sa", "app")["metadata"])
        self.assertIn("app", self.inside("get", "sa"))
        self.inside("delete", "sa", "app")
        self.assertIn('serviceaccounts "app" not found', self.inside("get", "sa", "app", status=1))

    def test_creates_a_secret_once(self):
        make = ("create", "secret", "generic", "keys", "--from-literal=k=v")
        self.inside(*make)
        secret = self.get("secret", "keys")
        self.assertEqual((secret["type"], secret["data"]), ("Opaque", {"k": "dg=="}))
        self.assertIn("name: keys", self.inside("get", "secret", "keys", "-o", "yaml"))
        self.assertIn("already exists", self.inside(*make, status=1))

    def test_creates_from_a_file(self):
        self.inside("create", "--validate=false", "-f", self.manifest({"a": "1"}))
        self.assertEqual(self.get("configmap", "map")["data"], {"a": "1"})

    def test_applies_changes_and_sees_when_there_are_none(self):
        apply = ("apply", "--validate=false", "-f")
        self.assertIn("created", self.inside(*apply, self.manifest({"a": "1", "b": "2"})))
        self.assertIn("unchanged", self.inside(*apply, self.manifest({"a": "1", "b": "2"})))
        self.assertIn("configured", self.inside(*apply, self.manifest({"a": "3"})))
        self.assertEqual(self.get("configmap", "map")["data"], {"a": "3"})

    def test_watches(self):
        command = [shutil.which("kubectl"), "--server", self.server, "-n", self.namespace]
        command += ["get", "configmaps", "--watch", "--output-watch-events", "-o", "name"]
        with subprocess.Popen(
            command, env={"HOME": str(self.folder)}, stdout=subprocess.PIPE, text=True
        ) as watch:
            try:
                self.inside("create", "--validate=false", "-f", self.manifest({"a": "1"}))
                self.assertIn("configmap/map", watch.stdout.readline())
            finally:
                watch.terminate()

    def test_knows_the_kinds(self):
        kinds = self.kubectl("api-resources", "--no-headers")
        for kind in ["ServiceAccount", "MutatingWebhookConfiguration", "Deployment", "Lease"]:
            self.assertIn(kind, kinds)
