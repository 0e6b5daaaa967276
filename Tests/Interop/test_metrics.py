"""What `/metrics` says, read by Prometheus' own Python client; and that dashboard and alerts ask for nothing else."""

import json
import re
import subprocess
import tempfile
import unittest

from test_webhook import Webhook
from tools import CASES, PATIENCE, ROOT, have, load

MONITORING = ROOT / "deployment" / "monitoring"

#: Shown where there is something to show: an authority of our own, a configuration that may be read, a watch.
CONDITIONAL = {
    "gtoken_webhook_ca_bundle_current",
    "gtoken_webhook_ca_certificate_expiry_timestamp_seconds",
    "gtoken_webhook_service_account_cache_age_seconds",
}


def used():
    """The names of metrics in every expression of dashboard and alerts."""
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    text = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    # Comments and annotations may name what is not of this webhook.
    rules = (MONITORING / "rules.yaml").read_text()
    text += re.findall(r"^ {8}expr: (.*?)^ {8}\w+:", rules, re.DOTALL | re.MULTILINE)
    return {name for each in text for name in re.findall(r"\b(?:gtoken|process)_[a-z_]+\b", each)}


@have("prometheus_client")
class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from prometheus_client.parser import text_string_to_metric_families

        folder = tempfile.TemporaryDirectory(prefix="gtoken-interop-")
        cls.addClassCleanup(folder.cleanup)
        make = [str(ROOT / "deployment" / "make-certificate.sh"), folder.name]
        subprocess.run(make, check=True, capture_output=True, timeout=PATIENCE)
        webhook = Webhook(folder.name)
        cls.addClassCleanup(webhook.stop)
        case = CASES / "bare-pod"
        webhook.review((case / "review.json").read_bytes(), load(case / "serviceaccount.json"))
        status, text = webhook.request("GET", "/metrics")
        if status != 200:
            raise AssertionError(f"/metrics: {status}")
        cls.families = list(text_string_to_metric_families(text.decode()))

    def test_the_clients_parser_takes_everything_and_each_has_a_help_and_a_type(self):
        self.assertGreater(len(self.families), 10)
        # The client takes the `_total` off a counter's name.
        names = [(family.name, family.type) for family in self.families]
        self.assertEqual(len(names), len(set(names)))
        for family in self.families:
            with self.subTest(family.name):
                self.assertTrue(family.documentation)
                self.assertIn(family.type, ["counter", "gauge", "histogram"])
                self.assertTrue(family.name.startswith(("gtoken_", "process_")))
                for sample in family.samples:
                    if family.type == "counter":
                        self.assertTrue(sample.name.endswith("_total"), sample.name)

    def test_a_review_is_counted(self):
        samples = [each for family in self.families for each in family.samples]
        (count,) = [s.value for s in samples if s.name == "gtoken_webhook_admission_duration_seconds_count"]
        self.assertEqual(count, 1)
        outcomes = [s for s in samples if s.name == "gtoken_webhook_admissions_total"]
        self.assertEqual(sum(s.value for s in outcomes), 1)

    def test_dashboard_and_alerts_use_what_is_exposed(self):
        exposed = {sample.name for family in self.families for sample in family.samples}
        # A labelled counter shows nothing before it counted; its family is there all the same.
        for family in self.families:
            exposed.add(family.name + "_total" if family.type == "counter" else family.name)
        names = used()
        self.assertGreater(len(names), 15)
        self.assertEqual(names - exposed - CONDITIONAL, set())
        sources = "".join(path.read_text() for path in (ROOT / "Sources" / "gtoken-webhook").rglob("*.swift"))
        for name in CONDITIONAL:
            self.assertIn(f'"{name}"', sources)
