"""The webhook's Pods and what keeps them running, in every overlay."""

import unittest

from manifests import CERTIFICATES, DEPLOYMENT, OVERLAYS, have, named, of_kind, overlay

#: What Pod Security `restricted` allows; the webhook needs the last two at most.
RESTRICTED_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
HOST_FIELDS = ["hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"]


class DeploymentCase(unittest.TestCase):
    """A check that is made for each way to a certificate."""

    def each(self):
        for name in CERTIFICATES:
            with self.subTest(overlay=name):
                deployment = named(overlay(name), "Deployment", "gtoken-webhook-deployment")
                pod = deployment["spec"]["template"]["spec"]
                (container,) = pod["containers"]
                yield name, deployment, pod, container


@have("yaml")
class WebhookPod(DeploymentCase):
    def test_it_meets_pod_security_restricted_and_its_namespace_enforces_that(self):
        for name, _, pod, container in self.each():
            namespace = named(overlay(name), "Namespace", "gtoken")
            self.assertEqual(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted")
            self.assertEqual([field for field in HOST_FIELDS if field in pod], [])
            self.assertNotIn("initContainers", pod)
            context = container["securityContext"]
            self.assertIs(context["allowPrivilegeEscalation"], False)
            self.assertIs(context["privileged"], False)
            self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
            self.assertIs(pod["securityContext"]["runAsNonRoot"], True)
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertEqual([port for port in container["ports"] if "hostPort" in port], [])
            for volume in pod.get("volumes", []):
                self.assertLessEqual(volume.keys() - {"name"}, RESTRICTED_VOLUMES)

    def test_it_runs_as_a_number_and_writes_nothing(self):
        for _, _, pod, container in self.each():
            self.assertEqual(pod["securityContext"]["runAsUser"], 65532)
            self.assertEqual(pod["securityContext"]["runAsGroup"], 65532)
            # Nothing in the container undoes what the Pod says.
            self.assertEqual(
                container["securityContext"].keys(),
                {"allowPrivilegeEscalation", "capabilities", "privileged", "readOnlyRootFilesystem"},
            )
            self.assertIs(container["securityContext"]["readOnlyRootFilesystem"], True)
            self.assertTrue(all(mount["readOnly"] for mount in container.get("volumeMounts", [])))

    def test_requests_are_limits_and_small(self):
        for _, _, _, container in self.each():
            resources = container["resources"]
            self.assertEqual(resources["requests"], resources["limits"])
            self.assertEqual(resources["limits"], {"cpu": "200m", "memory": "256Mi"})

    def test_each_probe_asks_for_what_it_proves(self):
        for _, _, pod, container in self.each():
            probes = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
            alive = {"path": "/healthz", "port": "telemetry"}
            self.assertEqual(
                probes,
                {
                    "startupProbe": alive,
                    "livenessProbe": alive,
                    "readinessProbe": {"path": "/readyz", "port": "https", "scheme": "HTTPS"},
                },
            )
            self.assertGreaterEqual(container["startupProbe"]["failureThreshold"], 30)
            self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], 10)

    def test_ports_are_those_that_it_is_told_to_listen_on(self):
        for name, _, _, container in self.each():
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertEqual(ports, {"https": 10250, "telemetry": 8080})
            for option, port in [("--listen-address", "https"), ("--telemetry-listen-address", "telemetry")]:
                self.assertIn(f"{option}=:{ports[port]}", container["args"])
            service = named(overlay(name), "Service", "gtoken-webhook-svc")
            (port,) = service["spec"]["ports"]
            self.assertEqual((port["port"], port["targetPort"]), (443, ports["https"]))

    def test_it_gets_its_certificate_in_one_way(self):
        for name, _, pod, container in self.each():
            tls = sorted(each.split("=")[0] for each in container["args"] if each.startswith("--tls-"))
            if name == "self-managed":
                self.assertEqual(tls, ["--tls-self-managed"])
                # The authority's key is never a file.
                self.assertNotIn("volumes", pod)
                (variable,) = container["env"]
                self.assertEqual(variable["name"], "POD_NAMESPACE")
                self.assertEqual(variable["valueFrom"], {"fieldRef": {"fieldPath": "metadata.namespace"}})
                continue
            self.assertEqual(tls, ["--tls-cert-file", "--tls-private-key-file"])
            (volume,) = pod["volumes"]
            (mount,) = container["volumeMounts"]
            self.assertEqual(volume["name"], mount["name"])
            secret = volume["secret"]
            self.assertEqual(secret["secretName"], "gtoken-webhook-certs")
            self.assertEqual(secret["defaultMode"], 0o440)
            self.assertEqual(pod["securityContext"]["fsGroup"], pod["securityContext"]["runAsGroup"])
            files = {each["path"] for each in secret.get("items", [])} or {"cert.pem", "key.pem"}
            paths = {each.split("=")[1] for each in container["args"] if each.startswith("--tls-")}
            self.assertEqual(paths, {f"{mount['mountPath']}/{file}" for file in files})

    def test_cert_manager_makes_the_secret_that_is_mounted_for_the_name_that_is_called(self):
        objects = overlay("cert-manager")
        certificate = named(objects, "Certificate", "gtoken-webhook-certs")["spec"]
        self.assertEqual(certificate["secretName"], "gtoken-webhook-certs")
        self.assertEqual(certificate["dnsNames"], ["gtoken-webhook-svc.gtoken.svc"])
        issuer = named(objects, "Issuer", certificate["issuerRef"]["name"])["spec"]
        authority = named(objects, "Certificate", "gtoken-webhook-cert-manager-ca")["spec"]
        self.assertEqual(issuer, {"ca": {"secretName": authority["secretName"]}})
        self.assertIs(authority["isCA"], True)
        # A renewed authority must verify what the former one signed.
        self.assertEqual(authority["privateKey"]["rotationPolicy"], "Never")
        # The self-managed authority's Secret has another form.
        self.assertNotEqual(authority["secretName"], "gtoken-webhook-ca")
        (webhook,) = of_kind(objects, "MutatingWebhookConfiguration")
        self.assertEqual(
            webhook["metadata"]["annotations"], {"cert-manager.io/inject-ca-from": "gtoken/gtoken-webhook-certs"}
        )


@have("yaml")
class Images(DeploymentCase):
    def test_both_images_are_set_in_one_place(self):
        places = [
            file.relative_to(DEPLOYMENT).as_posix()
            for file in sorted(DEPLOYMENT.rglob("*.yaml"))
            if "REGISTRY" in file.read_text()
        ]
        self.assertEqual(places, ["base/kustomization.yaml"])

    def test_no_image_is_the_latest(self):
        for name, _, pod, container in self.each():
            (settings,) = [
                each
                for each in of_kind(overlay(name), "ConfigMap")
                if each["metadata"]["name"] == container["envFrom"][0]["configMapRef"]["name"]
            ]
            for image in [container["image"], settings["data"]["GTOKEN_IMAGE"]]:
                self.assertRegex(image, r"^REGISTRY/gtoken(-webhook)?:TAG$")

    def test_a_new_token_image_is_a_new_pod(self):
        for _, _, _, container in self.each():
            # The generated name changes with the content, and the Pod's template with the name.
            self.assertRegex(
                container["envFrom"][0]["configMapRef"]["name"], r"^gtoken-webhook-config-[a-z0-9]{10}$"
            )


@have("yaml")
class Availability(DeploymentCase):
    def test_one_replica_stays_whatever_happens_to_the_other(self):
        for name, deployment, pod, _ in self.each():
            self.assertEqual(deployment["spec"]["replicas"], 2)
            rollout = deployment["spec"]["strategy"]["rollingUpdate"]
            self.assertEqual(rollout, {"maxSurge": 1, "maxUnavailable": 0})
            (budget,) = of_kind(overlay(name), "PodDisruptionBudget")
            self.assertEqual(budget["spec"]["minAvailable"], 1)
            self.assertEqual(budget["spec"]["unhealthyPodEvictionPolicy"], "AlwaysAllow")
            spread = pod["topologySpreadConstraints"]
            self.assertEqual(
                [each["topologyKey"] for each in spread],
                ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
            )

    def test_the_quota_for_its_priority_is_large_enough_for_a_rollout(self):
        for name, deployment, pod, _ in self.each():
            (quota,) = of_kind(overlay(name), "ResourceQuota")
            (scope,) = quota["spec"]["scopeSelector"]["matchExpressions"]
            self.assertEqual(
                scope,
                {"scopeName": "PriorityClass", "operator": "In", "values": [pod["priorityClassName"]]},
            )
            self.assertEqual(pod["priorityClassName"], "system-cluster-critical")
            # The old, the new, and as many that are ending.
            self.assertEqual(quota["spec"]["hard"].keys(), {"pods"})
            self.assertGreaterEqual(int(quota["spec"]["hard"]["pods"]), 2 * deployment["spec"]["replicas"] + 2)

    def test_everything_selects_the_webhooks_pods_and_no_others(self):
        for name in OVERLAYS:
            objects = overlay(name)
            deployment = named(objects, "Deployment", "gtoken-webhook-deployment")["spec"]
            labels = {"app": "gtoken-webhook"}
            self.assertEqual(deployment["selector"], {"matchLabels": labels})
            self.assertLessEqual(labels.items(), deployment["template"]["metadata"]["labels"].items())
            self.assertEqual(named(objects, "Service", "gtoken-webhook-svc")["spec"]["selector"], labels)
            (policy,) = of_kind(objects, "NetworkPolicy")
            self.assertEqual(policy["spec"]["podSelector"], {"matchLabels": labels})
            (budget,) = of_kind(objects, "PodDisruptionBudget")
            self.assertEqual(budget["spec"]["selector"], {"matchLabels": labels})
            for spread in deployment["template"]["spec"]["topologySpreadConstraints"]:
                self.assertEqual(spread["labelSelector"], {"matchLabels": labels})
            for monitor in of_kind(objects, "PodMonitor"):
                self.assertEqual(monitor["spec"]["selector"], {"matchLabels": labels})

    def test_reviews_come_from_anywhere_and_metrics_go_where_they_are_scraped(self):
        for name in CERTIFICATES:
            with self.subTest(overlay=name):
                (policy,) = of_kind(overlay(name), "NetworkPolicy")
                self.assertEqual(policy["spec"]["policyTypes"], ["Ingress"])
                reviews, metrics = policy["spec"]["ingress"]
                self.assertEqual(reviews, {"ports": [{"port": 10250, "protocol": "TCP"}]})
                self.assertEqual(metrics["ports"], [{"port": 8080, "protocol": "TCP"}])
                (source,) = metrics["from"]
                self.assertEqual(source.keys(), {"namespaceSelector"})
