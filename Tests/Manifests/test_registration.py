"""Which Pods the API server asks the webhook about, and what it does while the webhook is away."""

import itertools
import unittest

from manifests import CERTIFICATES, have, of_kind, overlay

FIELDS_APART = {"name", "failurePolicy", "namespaceSelector"}


def selects(selector, labels):
    """Whether a label selector matches, as the API server reads it."""

    def holds(requirement):
        key, values = requirement["key"], requirement.get("values", [])
        return {
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
            "In": labels.get(key) in values,
            # A label that is not there is in no set.
            "NotIn": labels.get(key) not in values,
        }[requirement["operator"]]

    terms = selector.get("matchLabels", {}).items()
    return all(labels.get(k) == v for k, v in terms) and all(map(holds, selector["matchExpressions"]))


@have("yaml")
class Registration(unittest.TestCase):
    def each(self):
        for name in CERTIFICATES:
            with self.subTest(overlay=name):
                (configuration,) = of_kind(overlay(name), "MutatingWebhookConfiguration")
                yield configuration["webhooks"]

    def test_every_namespace_is_asked_about_once_or_not_at_all(self):
        for webhooks in self.each():
            for name, ignore, required in itertools.product(
                ["default", "gtoken", "kube-system"], [None, "true", "false", ""], [None, "true", "false"]
            ):
                labels = {"kubernetes.io/metadata.name": name}
                if ignore is not None:
                    labels["admission.gtoken/ignore"] = ignore
                if required is not None:
                    labels["admission.gtoken/required"] = required
                asked = [each["name"] for each in webhooks if selects(each["namespaceSelector"], labels)]
                expected = []
                # The presence of a label counts, whatever its value; opting out counts more.
                if name == "default" and ignore is None:
                    expected = ["gtoken.doit-intl.com" if required is None else "required.gtoken.doit-intl.com"]
                self.assertEqual(asked, expected, labels)

    def test_only_namespaces_that_require_it_wait_for_a_webhook_that_is_away(self):
        for webhooks in self.each():
            self.assertEqual(
                {each["name"]: each["failurePolicy"] for each in webhooks},
                {"gtoken.doit-intl.com": "Ignore", "required.gtoken.doit-intl.com": "Fail"},
            )

    def test_both_webhooks_are_alike_in_everything_else(self):
        for webhooks in self.each():
            first, second = [
                {field: value for field, value in each.items() if field not in FIELDS_APART}
                for each in webhooks
            ]
            self.assertEqual(first, second)

    def test_the_creation_of_pods_is_reviewed_and_nothing_else(self):
        for webhooks in self.each():
            for webhook in webhooks:
                self.assertEqual(
                    webhook["rules"],
                    [
                        {
                            "apiGroups": [""],
                            "apiVersions": ["v1"],
                            "operations": ["CREATE"],
                            "resources": ["pods"],
                            "scope": "Namespaced",
                        }
                    ],
                )
                self.assertNotIn("objectSelector", webhook)

    def test_how_it_is_called(self):
        for webhooks in self.each():
            for webhook in webhooks:
                self.assertEqual(webhook["reinvocationPolicy"], "IfNeeded")
                self.assertEqual(webhook["sideEffects"], "None")
                self.assertEqual(webhook["timeoutSeconds"], 5)
                self.assertEqual(webhook["admissionReviewVersions"], ["v1"])
                # A caBundle in a file would be set back by each apply.
                self.assertEqual(
                    webhook["clientConfig"],
                    {
                        "service": {
                            "name": "gtoken-webhook-svc",
                            "namespace": "gtoken",
                            "path": "/pods",
                            "port": 443,
                        }
                    },
                )
