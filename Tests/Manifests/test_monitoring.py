"""Alert rules, dashboard and what is scraped."""

import json
import pathlib
import re
import subprocess
import unittest

from manifests import DEPLOYMENT, PATIENCE, PROMTOOL, ROOT, build, have, named, overlay

MONITORING = DEPLOYMENT / "monitoring"


@have("yaml")
class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import yaml

        cls.file = yaml.safe_load((MONITORING / "rules.yaml").read_text())
        cls.alerts = [rule for group in cls.file["groups"] for rule in group["rules"]]

    def test_the_plain_file_and_the_operators_object_say_the_same(self):
        self.assertEqual(named(build("monitoring"), "PrometheusRule", "gtoken-webhook")["spec"], self.file)

    def test_every_alert_says_what_is_wrong_and_what_to_do(self):
        self.assertGreater(len(self.alerts), 10)
        for alert in self.alerts:
            with self.subTest(alert["alert"]):
                self.assertIn(alert["labels"]["severity"], ["warning", "critical"])
                self.assertEqual(alert["annotations"].keys(), {"summary", "description"})
                self.assertGreater(len(alert["annotations"]["description"]), 80)

    def test_reasons_that_raise_no_alert_are_those_that_are_no_fault(self):
        source = (ROOT / "Sources/GTokenCore/Admission/InjectionOutcome.swift").read_text()
        values = dict(re.findall(r'case (\w+) = "(\w+)"', source))
        faultless = re.search(r"case ([^:]+):\s+false", source)[1]
        expected = {values[name] for name in re.findall(r"\.(\w+)", faultless)}
        self.assertGreater(len(expected), 5)
        (alert,) = [each for each in self.alerts if each["alert"] == "GTokenPodsWithoutRole"]
        lists = re.findall(r'reason!~"([^"]*)"', alert["expr"])
        self.assertEqual(len(lists), 2)
        for listed in lists:
            self.assertEqual(set(listed.split("|")), expected)

    def test_the_memory_alert_knows_the_limit(self):
        pod = named(overlay("self-managed"), "Deployment", "gtoken-webhook-deployment")["spec"]["template"]["spec"]
        self.assertEqual(pod["containers"][0]["resources"]["limits"]["memory"], f"{268435456 >> 20}Mi")
        (alert,) = [each for each in self.alerts if each["alert"] == "GTokenWebhookMemory"]
        self.assertIn("0.8 * 268435456", alert["expr"])

    @unittest.skipIf(PROMTOOL is None, "not installed here: promtool")
    def test_prometheus_takes_the_rules(self):
        self.promtool("check", "rules", MONITORING / "rules.yaml")

    @unittest.skipIf(PROMTOOL is None, "not installed here: promtool")
    def test_every_alert_fires_when_it_should_and_only_then(self):
        cases = pathlib.Path(__file__).with_name("rules_test.yaml")
        self.promtool("test", "rules", cases)
        for alert in self.alerts:
            self.assertIn(f'alertname="{alert["alert"]}"', cases.read_text())

    def promtool(self, *arguments):
        answer = subprocess.run(
            [PROMTOOL, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)


@have("yaml")
class Dashboard(unittest.TestCase):
    def test_every_panel_has_a_query_and_its_own_place(self):
        dashboard = json.loads((MONITORING / "dashboard.json").read_text())
        taken = set()
        for panel in dashboard["panels"]:
            with self.subTest(panel["title"]):
                self.assertTrue(panel["description"])
                self.assertTrue(all(target["expr"] for target in panel["targets"]))
                place = panel["gridPos"]
                cells = {
                    (x, y)
                    for x in range(place["x"], place["x"] + place["w"])
                    for y in range(place["y"], place["y"] + place["h"])
                }
                self.assertLessEqual(place["x"] + place["w"], 24)
                self.assertFalse(cells & taken)
                taken |= cells
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))

    def test_grafana_finds_it_by_its_label(self):
        found = named(build("monitoring"), "ConfigMap", "gtoken-webhook-dashboard")
        self.assertEqual(found["metadata"]["labels"]["grafana_dashboard"], "1")
        self.assertEqual(
            json.loads(found["data"]["gtoken-webhook.json"]),
            json.loads((MONITORING / "dashboard.json").read_text()),
        )


@have("yaml")
class Scraping(unittest.TestCase):
    def test_annotations_and_monitor_name_the_telemetry_port(self):
        template = named(overlay("monitoring"), "Deployment", "gtoken-webhook-deployment")["spec"]["template"]
        ports = {p["name"]: p["containerPort"] for p in template["spec"]["containers"][0]["ports"]}
        annotations = template["metadata"]["annotations"]
        self.assertEqual(annotations["prometheus.io/port"], str(ports["telemetry"]))
        self.assertEqual(annotations["prometheus.io/path"], "/metrics")
        monitor = named(overlay("monitoring"), "PodMonitor", "gtoken-webhook")
        self.assertEqual(
            monitor["spec"]["podMetricsEndpoints"], [{"port": "telemetry", "path": "/metrics"}]
        )
