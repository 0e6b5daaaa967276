"""What the webhook's account may do: compared as whole rules, so that any more is noticed."""

import unittest

from manifests import CERTIFICATES, have, of_kind, overlay

ACCOUNT = {"kind": "ServiceAccount", "name": "gtoken-webhook-sa", "namespace": "gtoken"}

READ_ACCOUNTS = (
    ("ClusterRole", "gtoken-webhook-cr"),
    [{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["get", "list", "watch"]}],
)
OWN_AUTHORITY = (
    ("Role", "gtoken-webhook-ca"),
    [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]},
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": ["gtoken-webhook-ca"],
            "verbs": ["get", "update", "watch"],
        },
    ],
)
OWN_REGISTRATION = (
    ("ClusterRole", "gtoken-webhook-ca-bundle"),
    [
        {
            "apiGroups": ["admissionregistration.k8s.io"],
            "resources": ["mutatingwebhookconfigurations"],
            "resourceNames": ["mutating-gtoken-webhook-cfg"],
            "verbs": ["get", "watch", "patch"],
        }
    ],
)


@have("yaml")
class Rights(unittest.TestCase):
    def test_the_account_has_exactly_the_rights_that_its_certificates_need(self):
        for name in CERTIFICATES:
            with self.subTest(overlay=name):
                expected = [READ_ACCOUNTS]
                if name == "self-managed":
                    expected += [OWN_AUTHORITY, OWN_REGISTRATION]
                self.assertEqual(self.granted(overlay(name)), dict(expected))

    def granted(self, objects):
        """The rules that bindings give to somebody, by the role; whoever else gets something is an error."""
        roles = {
            (each["kind"], each["metadata"]["name"]): each.get("rules")
            for kind in ["Role", "ClusterRole"]
            for each in of_kind(objects, kind)
        }
        granted = {}
        for kind in ["RoleBinding", "ClusterRoleBinding"]:
            for binding in of_kind(objects, kind):
                self.assertEqual(binding["subjects"], [ACCOUNT])
                role = (binding["roleRef"]["kind"], binding["roleRef"]["name"])
                # A role of somebody else's would bring rights that stand nowhere here.
                self.assertIn(role, roles)
                self.assertEqual(kind, f"{role[0]}Binding")
                granted[role] = roles[role]
        self.assertEqual(granted.keys(), roles.keys())
        return granted

    def test_no_role_is_made_of_others(self):
        for name in CERTIFICATES:
            for role in of_kind(overlay(name), "ClusterRole"):
                with self.subTest(overlay=name, role=role["metadata"]["name"]):
                    self.assertNotIn("aggregationRule", role)
                    labels = role["metadata"]["labels"]
                    self.assertFalse([each for each in labels if each.startswith("rbac.authorization")])
