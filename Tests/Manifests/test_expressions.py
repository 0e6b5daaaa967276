"""The CEL in the manifests, evaluated: which Pods are asked about, and what the webhook's account may change."""

import copy
import functools
import unittest

from manifests import CERTIFICATES, have, named, of_kind, overlay

ACCOUNT = "system:serviceaccount:gtoken:gtoken-webhook-sa"


class EvaluationError(Exception):
    """An expression has no value for what it was given; the API server then does what `failurePolicy` says."""


@functools.cache
def program(expression):
    import celpy

    environment = celpy.Environment()
    return environment.program(environment.compile(expression))


def evaluate(expression, **variables):
    import celpy

    given = {name: celpy.json_to_cel(value) for name, value in variables.items()}
    try:
        return program(expression).evaluate(given)
    # This implementation has the latter where null is iterated.
    except (celpy.CELEvalError, TypeError) as error:
        raise EvaluationError(str(error)) from error


def holds(expression, **variables):
    return bool(evaluate(expression, **variables))


@have("yaml", "celpy")
class MatchConditions(unittest.TestCase):
    ASKED_ABOUT = {
        "without labels and annotations": {},
        "with labels and annotations of others": {"labels": {"app": "a"}, "annotations": {"note": "n"}},
        "whose label says no": {"labels": {"admission.gtoken/ignore": "false"}},
        "whose label means nothing": {"labels": {"admission.gtoken/ignore": "True"}},
        "that the webhook has seen before": {"annotations": {"admission.gtoken/status": "injected by 1.0.0"}},
        "with empty labels and annotations": {"labels": {}, "annotations": {}},
    }
    LEFT_ALONE = {
        "that mirrors a file": {"annotations": {"kubernetes.io/config.mirror": "0a1b"}},
        "that mirrors a file, with an empty value": {"annotations": {"kubernetes.io/config.mirror": ""}},
        "that opts out": {"labels": {"admission.gtoken/ignore": "true"}},
        "that opts out and has more": {
            "labels": {"app": "a", "admission.gtoken/ignore": "true"},
            "annotations": {"note": "n"},
        },
    }

    def test_pods_are_asked_about_unless_they_are_mirrors_or_opted_out(self):
        for name in CERTIFICATES:
            (configuration,) = of_kind(overlay(name), "MutatingWebhookConfiguration")
            for webhook in configuration["webhooks"]:
                for cases, expected in [(self.ASKED_ABOUT, True), (self.LEFT_ALONE, False)]:
                    for case, metadata in cases.items():
                        with self.subTest(overlay=name, webhook=webhook["name"], pod=case):
                            pod = {"metadata": {"name": "a", **metadata}, "spec": {"containers": None}}
                            asked = all(
                                holds(each["expression"], object=pod, request={"operation": "CREATE"})
                                for each in webhook["matchConditions"]
                            )
                            self.assertIs(asked, expected)


class PolicyCase(unittest.TestCase):
    """A ValidatingAdmissionPolicy, decided as an API server does: what errs is refused (`failurePolicy: Fail`)."""

    policy_name = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        objects = overlay("self-managed")
        cls.policy = named(objects, "ValidatingAdmissionPolicy", cls.policy_name)["spec"]
        cls.binding = named(objects, "ValidatingAdmissionPolicyBinding", cls.policy_name)["spec"]

    def complaints(self, object, old=None, operation="UPDATE", user=ACCOUNT):
        """The messages of what does not hold; none means that the request is let through."""
        request = {"operation": operation, "userInfo": {"username": user}}
        given = {"object": object, "oldObject": old, "request": request}
        if not all(holds(each["expression"], **given) for each in self.policy["matchConditions"]):
            return []
        given["variables"] = variables = {}
        found = []
        try:
            for each in self.policy.get("variables", []):
                variables[each["name"]] = evaluate(each["expression"], **given)
        except EvaluationError:
            found.append("error")
        for each in self.policy["validations"]:
            try:
                if not holds(each["expression"], **given):
                    found.append(each["message"])
            except EvaluationError:
                found.append("error")
        return found

    def assert_denies(self):
        self.assertEqual(self.policy["failurePolicy"], "Fail")
        self.assertEqual(
            self.binding, {"policyName": self.policy_name, "validationActions": ["Deny"]}
        )


@have("yaml", "celpy")
class BundlePolicy(PolicyCase):
    policy_name = "gtoken-webhook-ca-bundle-only"

    def stored(self):
        """The registration as the API server has it: with what it defaults and keeps itself."""
        (configuration,) = of_kind(overlay("self-managed"), "MutatingWebhookConfiguration")
        stored = copy.deepcopy(configuration)
        stored["metadata"].update(
            uid="a2f1",
            resourceVersion="41",
            generation=3,
            creationTimestamp="2026-11-01T00:00:00Z",
            managedFields=[{"manager": "kubectl", "operation": "Apply"}],
            annotations={"kubectl.kubernetes.io/last-applied-configuration": "{}"},
        )
        for webhook in stored["webhooks"]:
            webhook["clientConfig"]["caBundle"] = "b2xk"
            webhook["objectSelector"] = {}
        return stored

    def changed(self, change):
        """What comes of a patch that does `change`, with what the API server writes of its own."""
        object = self.stored()
        object["metadata"]["generation"] = 4
        object["metadata"]["managedFields"].append({"manager": "gtoken-webhook", "operation": "Update"})
        return change(object) or object

    def test_the_authority_may_be_set_replaced_and_taken_away(self):
        def set_both(object):
            for webhook in object["webhooks"]:
                webhook["clientConfig"]["caBundle"] = "bmV3"

        def set_one(object):
            object["webhooks"][1]["clientConfig"]["caBundle"] = "bmV3"

        def take_away(object):
            del object["webhooks"][0]["clientConfig"]["caBundle"]

        for change in [set_both, set_one, take_away, lambda _: None]:
            with self.subTest(change.__name__):
                self.assertEqual(self.complaints(self.changed(change), self.stored()), [])
        first = self.stored()
        for webhook in first["webhooks"]:
            del webhook["clientConfig"]["caBundle"]
        self.assertEqual(self.complaints(self.changed(set_both), first), [])

    def test_every_field_of_a_webhook_stays_as_it_is(self):
        fields = {field for webhook in self.stored()["webhooks"] for field in webhook}
        self.assertGreater(len(fields), 9)
        for index in range(2):
            for field in sorted(fields):
                for value in ["changed", None]:
                    with self.subTest(webhook=index, field=field, value=value):

                        def set_field(object):
                            object["webhooks"][index][field] = value

                        self.assertNotEqual(self.complaints(self.changed(set_field), self.stored()), [])
                with self.subTest(webhook=index, removed=field):

                    def remove(object):
                        del object["webhooks"][index][field]

                    self.assertNotEqual(self.complaints(self.changed(remove), self.stored()), [])

    def refused(self):
        def url(object):
            object["webhooks"][0]["clientConfig"] = {"url": "https://elsewhere.example/", "caBundle": "bmV3"}

        def also_url(object):
            object["webhooks"][0]["clientConfig"]["url"] = "https://elsewhere.example/"

        def other_service(object):
            object["webhooks"][1]["clientConfig"]["service"]["name"] = "elsewhere"

        def other_path(object):
            object["webhooks"][1]["clientConfig"]["service"]["path"] = "/secrets"

        def all_resources(object):
            object["webhooks"][0]["rules"][0]["resources"] = ["*"]

        def one_more_rule(object):
            object["webhooks"][0]["rules"].append({"apiGroups": [""], "resources": ["secrets"]})

        def no_selector(object):
            object["webhooks"][0]["namespaceSelector"] = {}

        def kube_system_too(object):
            object["webhooks"][0]["namespaceSelector"]["matchExpressions"].pop()

        def another_condition(object):
            object["webhooks"][0]["matchConditions"][0]["expression"] = "true"

        def fail_open(object):
            object["webhooks"][1]["failurePolicy"] = "Ignore"

        def added(object):
            object["webhooks"].append({**copy.deepcopy(object["webhooks"][0]), "name": "more.example"})

        def added_in_front(object):
            object["webhooks"].insert(0, {**copy.deepcopy(object["webhooks"][0]), "name": "more.example"})

        def doubled(object):
            object["webhooks"].append(copy.deepcopy(object["webhooks"][0]))

        def one_removed(object):
            object["webhooks"].pop()

        def all_removed(object):
            object["webhooks"] = []

        def none_left(object):
            del object["webhooks"]

        def reordered(object):
            object["webhooks"].reverse()

        def renamed(object):
            object["webhooks"][0]["name"] = "renamed.example"

        def names_exchanged(object):
            first, second = object["webhooks"]
            first["name"], second["name"] = second["name"], first["name"]

        def replaced_by_the_other(object):
            object["webhooks"][1] = copy.deepcopy(object["webhooks"][0])

        def unknown_field(object):
            object["webhooks"][0]["aFieldOfLater"] = True

        def unknown_field_of_the_client(object):
            object["webhooks"][0]["clientConfig"]["aFieldOfLater"] = True

        def unknown_field_outside(object):
            object["aFieldOfLater"] = True

        def labelled(object):
            object["metadata"]["labels"]["app.kubernetes.io/name"] = "other"

        def annotated(object):
            object["metadata"]["annotations"]["cert-manager.io/inject-ca-from"] = "elsewhere/certs"

        def annotations_removed(object):
            del object["metadata"]["annotations"]

        def owned(object):
            # Its deletion by the garbage collector.
            object["metadata"]["ownerReferences"] = [{"kind": "Pod", "name": "gone", "uid": "0"}]

        def held(object):
            object["metadata"]["finalizers"] = ["example.com/never"]

        return [change for name, change in sorted(locals().items()) if name != "self"]

    def test_a_change_of_anything_else_is_refused_also_beside_a_new_authority(self):
        changes = self.refused()
        self.assertGreater(len(changes), 25)
        for change in changes:
            with self.subTest(change=change.__name__):

                def both(object):
                    for webhook in object["webhooks"]:
                        webhook["clientConfig"]["caBundle"] = "bmV3"
                    change(object)

                self.assertNotEqual(self.complaints(self.changed(both), self.stored()), [])

    def test_it_says_what_was_wrong(self):
        def reordered(object):
            object["webhooks"].reverse()

        def rewritten(object):
            object["webhooks"][0]["rules"][0]["resources"] = ["*"]

        def redirected(object):
            object["webhooks"][0]["clientConfig"]["service"]["name"] = "elsewhere"

        for change, message in [
            (reordered, "may not add, remove, rename or reorder webhooks"),
            (rewritten, "may change nothing of a webhook but clientConfig.caBundle"),
            (redirected, "may change nothing of clientConfig but caBundle"),
        ]:
            (complaint,) = self.complaints(self.changed(change), self.stored())
            self.assertIn(message, complaint)

    def test_the_account_neither_creates_nor_deletes_one(self):
        self.assertNotEqual(self.complaints(self.stored(), None, "CREATE"), [])
        self.assertNotEqual(self.complaints(None, self.stored(), "DELETE"), [])

    def test_others_change_what_they_may(self):
        def all_resources(object):
            object["webhooks"][0]["rules"][0]["resources"] = ["*"]

        changed = self.changed(all_resources)
        for user in ["admin@example.com", "system:serviceaccount:gtoken:other", ACCOUNT + "2"]:
            self.assertEqual(self.complaints(changed, self.stored(), user=user), [])

    def test_it_is_asked_about_every_registration_and_its_no_counts(self):
        self.assert_denies()
        self.assertEqual(
            self.policy["matchConstraints"],
            {
                "resourceRules": [
                    {
                        "apiGroups": ["admissionregistration.k8s.io"],
                        "apiVersions": ["*"],
                        "operations": ["CREATE", "UPDATE", "DELETE"],
                        "resources": ["mutatingwebhookconfigurations"],
                    }
                ]
            },
        )


@have("yaml", "celpy")
class SecretPolicy(PolicyCase):
    policy_name = "gtoken-webhook-ca-secret-only"

    @staticmethod
    def secret(**fields):
        metadata = {"name": "gtoken-webhook-ca", "namespace": "gtoken"}
        metadata.update(fields.pop("metadata", {}))
        return {"metadata": metadata, "type": "Opaque", "data": {"ca.crt": "YQ=="}, **fields}

    def test_the_account_writes_its_own_secret(self):
        for operation in ["CREATE", "UPDATE"]:
            self.assertEqual(self.complaints(self.secret(), operation=operation), [])

    def test_the_account_writes_no_other_secret_and_no_token(self):
        for secret in [
            self.secret(metadata={"name": "other"}),
            self.secret(metadata={"name": "", "generateName": "gtoken-webhook-ca"}),
            self.secret(metadata={"namespace": "default"}),
            self.secret(type="kubernetes.io/service-account-token"),
            self.secret(type="kubernetes.io/tls"),
        ]:
            for operation in ["CREATE", "UPDATE"]:
                with self.subTest(secret=secret, operation=operation):
                    self.assertNotEqual(self.complaints(secret, operation=operation), [])
                    self.assertEqual(self.complaints(secret, operation=operation, user="admin"), [])

    def test_it_is_asked_about_every_secret_and_its_no_counts(self):
        self.assert_denies()
        (rule,) = self.policy["matchConstraints"]["resourceRules"]
        self.assertEqual(
            (rule["apiGroups"], rule["resources"], rule["operations"]), ([""], ["secrets"], ["CREATE", "UPDATE"])
        )
