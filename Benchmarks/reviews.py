"""The reviews that are sent: of Pods whose ServiceAccount has a role."""

from machine import ROOT

CASES = ROOT / "Tests" / "GTokenCoreTests" / "Fixtures" / "cases"

#: By size: 2.7 KB and 54.5 KB as an API server sent them, 11.7 KB made by hand.
REVIEWS = {
    "small": CASES / "custom-sa" / "review.json",
    "medium": CASES / "bench-medium" / "review.json",
    "large": CASES / "deployment-big" / "review.json",
}
