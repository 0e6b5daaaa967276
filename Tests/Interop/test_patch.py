"""Our patches, applied by an independent implementation of RFC 6902, give the Pods that we say they give."""

import base64
import json
import unittest

from demo import DemoCase
from tools import CASES, have, load


@have("jsonpatch")
class GoldenCases(unittest.TestCase):
    """Every folder with a review, a patch and the expected Pod."""

    def test_patch_gives_the_expected_pod(self):
        import jsonpatch

        seen = 0
        for folder in sorted(CASES.iterdir() if CASES.is_dir() else []):
            patch, expected = folder / "patch.json", folder / "expected.json"
            if not (patch.exists() and expected.exists()):
                continue
            seen += 1
            with self.subTest(case=folder.name):
                pod = load(folder / "review.json")["request"]["object"]
                self.assertEqual(jsonpatch.apply_patch(pod, load(patch)), load(expected))
        self.assertGreater(seen, 0, f"no golden case with a patch under {CASES}")


@have("jsonpatch")
class DemoPatch(DemoCase):
    """The patch that went over the wire from the real webhook to the demo."""

    def test_response_carries_the_patch(self):
        response = self.pod.document("response.json")["response"]
        self.assertTrue(response["allowed"])
        self.assertEqual(response["patchType"], "JSONPatch")
        self.assertEqual(response["uid"], self.pod.document("review.json")["request"]["uid"])
        patch = json.loads(base64.b64decode(response["patch"], validate=True))
        self.assertEqual(patch, self.pod.document("patch.json"))

    def test_patch_gives_the_pod_that_runs(self):
        import jsonpatch

        patched = jsonpatch.apply_patch(self.pod.document("pod.json"), self.pod.document("patch.json"))
        self.assertEqual(patched, self.pod.document("pod-patched.json"))

    def test_review_carries_the_pod_as_written(self):
        review = self.pod.document("review.json")
        self.assertEqual(review["request"]["object"], self.pod.document("pod.json"))

    def test_patch_only_adds(self):
        self.assertEqual({operation["op"] for operation in self.pod.document("patch.json")}, {"add"})


class ClusterDemoPatch(DemoPatch):
    identity = "cluster"
