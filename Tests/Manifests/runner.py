"""Runs the checks of this folder and prints what was skipped, by name, and the counts.

Arguments name the checks to run (`test_rights`, `test_pod.WebhookPod`); none means all.
"""

import pathlib
import sys
import unittest

here = pathlib.Path(__file__).parent


def main(names):
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(here), pattern="test_*.py")
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    for case, reason in result.skipped:
        print(f"manifests: skipped: {case.id()} ({reason})")
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"manifests: executed {result.testsRun} tests, {len(result.skipped)} skipped, {failed} failed")
    # A run that found nothing has proven nothing.
    return 1 if failed or result.testsRun == 0 and not result.skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
