"""Runs the cases of this folder and prints what was skipped, by name, and the counts.

Arguments name the cases to run (`test_patch`, `test_sts.CallerIdentity`); none means all.
"""

import pathlib
import sys
import unittest

import demo
import emulate

here = pathlib.Path(__file__).parent


def main(names):
    loader = unittest.TestLoader()
    if names:
        suite = loader.loadTestsFromNames(names)
    else:
        suite = loader.discover(str(here), pattern="test_*.py")
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    for case, reason in result.skipped:
        print(f"interop: skipped: {case.id()} ({reason})")
    complaints = [complaint for stop in (demo.stop_shared, emulate.stop_shared) if (complaint := stop())]
    for complaint in complaints:
        print(f"interop: FAILED: {complaint}")
    failed = len(complaints) + len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"interop: executed {result.testsRun} tests, {len(result.skipped)} skipped, {failed} failed")
    # A run that found nothing has proven nothing.
    return 1 if failed or result.testsRun == 0 and not result.skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
