"""`gtokenctl demo --keep` in the background: its emulators, its token files, and the documents it made."""

import functools
import json
import pathlib
import tempfile
import unittest

from tools import BIN, Process


class DemoCase(unittest.TestCase):
    """A case that looks at one Pod of the one demo of this run."""

    identity = "google"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pod = shared().pods[cls.identity]


@functools.cache
def shared():
    """The one demo of this run, started when the first case asks."""
    return Demo()


def stop_shared():
    """Ends the shared demo as an operator would; the text is what was wrong about it, or empty."""
    if shared.cache_info().currsize == 0:
        return ""
    status = shared().stop()
    return f"SIGTERM ended gtokenctl demo --keep with {status}" if status else ""


class Demo:
    """A running demo and its Pods, one for each identity."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gtoken-interop-")
        home = pathlib.Path(self.folder.name) / "home"
        home.mkdir()
        files = {name: pathlib.Path(self.folder.name) / f"{name}.env" for name in ("google", "cluster")}
        self.process = Process(
            [str(BIN / "gtokenctl"), "demo", "--keep"]
            + ["--env-file", str(files["google"]), "--cluster-env-file", str(files["cluster"])]
        )
        try:
            self.process.wait_for(lambda: all(f.exists() for f in files.values()), "environment files")
        except BaseException:
            self.folder.cleanup()
            raise
        self.pods = {name: Pod(file, home) for name, file in files.items()}

    def stop(self):
        try:
            return self.process.stop()
        finally:
            self.folder.cleanup()


class Pod:
    """The environment of a Pod's application, its token, and the documents on the way there."""

    def __init__(self, file, home):
        self.home = home
        lines = file.read_text().splitlines()
        values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        self.documents = pathlib.Path(values.pop("GTOKEN_DEMO_DIR"))
        #: The discovery document of who issued the token.
        self.discovery = values.pop("GTOKEN_DEMO_DISCOVERY")
        #: What an application's process would see: AWS variables and nothing else.
        self.environment = {name: value for name, value in values.items() if name.startswith("AWS_")}

    def document(self, name):
        return json.loads((self.documents / name).read_bytes())

    def token(self):
        return pathlib.Path(self.environment["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text().strip()

    def expected_arn(self):
        """The caller's ARN that AWS makes of the role's ARN and the session's name."""
        _, partition, _, _, account, role = self.environment["AWS_ROLE_ARN"].split(":", 5)
        session = self.environment["AWS_ROLE_SESSION_NAME"]
        return f"arn:{partition}:sts::{account}:assumed-role/{role.split('/')[-1]}/{session}"
