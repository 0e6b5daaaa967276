"""What `kubectl kustomize deployment` renders, read by PyYAML: the rules that the manifests themselves enforce."""

import shutil
import subprocess
import unittest

from tools import PATIENCE, ROOT, have


@have("yaml")
@unittest.skipIf(shutil.which("kubectl") is None, "not installed here: kubectl")
class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import yaml

        rendered = subprocess.run(
            ["kubectl", "kustomize", str(ROOT / "deployment")],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        cls.objects = {item["kind"]: item for item in yaml.safe_load_all(rendered.stdout)}

    def webhook(self):
        (webhook,) = self.objects["MutatingWebhookConfiguration"]["webhooks"]
        return webhook

    def test_a_namespace_opts_out_by_the_labels_presence_and_the_webhooks_own_is_not_asked_about(self):
        expressions = self.webhook()["namespaceSelector"]["matchExpressions"]
        self.assertIn({"key": "admission.gtoken/ignore", "operator": "DoesNotExist"}, expressions)
        (names,) = [each for each in expressions if each["key"] == "kubernetes.io/metadata.name"]
        self.assertEqual(names["operator"], "NotIn")
        self.assertEqual(set(names["values"]), {"gtoken", "kube-system"})

    def test_only_the_creation_of_pods_is_reviewed_and_another_webhooks_change_again(self):
        webhook = self.webhook()
        (rule,) = webhook["rules"]
        self.assertEqual(
            (rule["apiGroups"], rule["resources"], rule["operations"]), ([""], ["pods"], ["CREATE"])
        )
        self.assertEqual(webhook["reinvocationPolicy"], "IfNeeded")
        self.assertEqual(webhook["sideEffects"], "None")

    def test_the_webhook_may_read_serviceaccounts_and_nothing_else(self):
        (rule,) = self.objects["ClusterRole"]["rules"]
        self.assertEqual(rule, {"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get"]})
