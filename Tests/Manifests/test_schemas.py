"""Every overlay is built, and every object of it is one that the API servers of the supported versions would decode."""

import copy
import functools
import unittest

from manifests import CERTIFICATES, OVERLAYS, build, have, named, names, overlay

#: Kinds of others, whose schemas Kubernetes does not ship.
FOREIGN = {
    ("cert-manager.io/v1", "Certificate"),
    ("cert-manager.io/v1", "Issuer"),
    ("monitoring.coreos.com/v1", "PodMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
}

#: ValidatingAdmissionPolicy is `v1` from here on.
OLDEST = (1, 30)


@have("yaml", "kubernetes_validate")
class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from kubernetes_validate import utils

        # It reads a version's definitions, 4 MB, for each object anew.
        utils.schema_contents = functools.cache(utils.schema_contents)

    def test_every_object_fits_the_schemas_of_every_supported_version(self):
        import kubernetes_validate

        versions = [v for v in kubernetes_validate.utils.all_versions() if self.number(v) >= OLDEST]
        versions = sorted(set(versions), key=self.number)
        self.assertGreaterEqual(len(versions), 8)
        seen_foreign, seen = set(), []
        for name in OVERLAYS:
            for document in overlay(name):
                key = (document["apiVersion"], document["kind"])
                if key in FOREIGN:
                    seen_foreign.add(key)
                    continue
                # Most overlays share most objects.
                if document in seen:
                    continue
                seen.append(document)
                for version in versions:
                    with self.subTest(overlay=name, object=names([document]), kubernetes=version):
                        kubernetes_validate.validate(document, version, strict=True)
        self.assertEqual(seen_foreign, FOREIGN)

    def test_a_misspelt_field_is_noticed(self):
        import kubernetes_validate

        deployment = copy.deepcopy(
            named(overlay("self-managed"), "Deployment", "gtoken-webhook-deployment")
        )
        deployment["spec"]["template"]["spec"]["priorityClass"] = "system-cluster-critical"
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(deployment, "1.33", strict=True)

    @staticmethod
    def number(version):
        return tuple(int(part) for part in version.split(".")[:2])


@have("yaml")
class Names(unittest.TestCase):
    def test_the_default_is_the_self_managed_overlay(self):
        self.assertEqual(build("."), overlay("self-managed"))

    def test_the_monitoring_overlay_is_the_default_and_the_monitoring_objects(self):
        self.assertEqual(
            names(overlay("monitoring")), sorted(names(overlay("self-managed")) + names(build("monitoring")))
        )

    def test_objects_have_the_names_of_the_go_project_so_that_one_can_replace_the_other(self):
        for name in CERTIFICATES:
            for kind, expected in [
                ("Namespace", "gtoken"),
                ("ServiceAccount", "gtoken-webhook-sa"),
                ("Service", "gtoken-webhook-svc"),
                ("Deployment", "gtoken-webhook-deployment"),
                ("MutatingWebhookConfiguration", "mutating-gtoken-webhook-cfg"),
            ]:
                with self.subTest(overlay=name, kind=kind):
                    named(overlay(name), kind, expected)

    def test_everything_of_a_namespace_is_in_ours_and_says_whose_it_is(self):
        cluster_wide = {
            "Namespace",
            "ClusterRole",
            "ClusterRoleBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
        }
        for name in OVERLAYS:
            for document in overlay(name):
                with self.subTest(overlay=name, object=names([document])):
                    metadata = document["metadata"]
                    expected = None if document["kind"] in cluster_wide else "gtoken"
                    self.assertEqual(metadata.get("namespace"), expected)
                    self.assertEqual(metadata["labels"]["app.kubernetes.io/name"], "gtoken")

    def test_no_object_is_there_twice_and_no_secret_is_in_a_file(self):
        for name in OVERLAYS:
            with self.subTest(overlay=name):
                found = names(overlay(name))
                self.assertEqual(len(found), len(set(found)))
                self.assertNotIn("Secret", [kind for kind, _ in found])
