"""The reviews that are sent: of Pods whose ServiceAccount has a role."""

import json
import tempfile

from machine import ROOT

CASES = ROOT / "Tests" / "GTokenCoreTests" / "Fixtures" / "cases"
_SMALL = CASES / "custom-sa" / "review.json"


def _huge():
    """As much as an API server sends: a Pod of 2.9 MB, which etcd still takes, of nothing but `<`, which it escapes."""
    review = json.loads(_SMALL.read_text())
    review["request"]["object"]["metadata"]["annotations"] = {"a": "MARK"}
    file = tempfile.NamedTemporaryFile("w", prefix="gtoken-bench-", suffix=".json")
    file.write(json.dumps(review, separators=(",", ":")).replace("MARK", "\\u003c" * 2_900_000))
    file.flush()
    return file


_HUGE = _huge()

#: By size: 2.7 KB and 54.5 KB as an API server sent them, 11.7 KB and 17.4 MB made by hand.
REVIEWS = {
    "small": _SMALL,
    "medium": CASES / "bench-medium" / "review.json",
    "large": CASES / "deployment-big" / "review.json",
    "huge": _HUGE.name,
}
