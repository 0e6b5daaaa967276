"""`gtokenctl emulate` in the background: where its stand-ins are, and the files of credentials that they honour."""

import functools
import json
import pathlib
import tempfile
import urllib.request

from tools import BIN, PATIENCE, Process

ROLE = "arn:aws:iam::123456789012:role/reports"


@functools.cache
def shared():
    """The one emulation of this run, started when the first case asks."""
    return Emulation()


def stop_shared():
    """Ends the shared emulation as an operator would; the text is what was wrong about it, or empty."""
    if shared.cache_info().currsize == 0:
        return ""
    status = shared().stop()
    return f"SIGTERM ended gtokenctl emulate with {status}" if status else ""


class Emulation:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gtoken-interop-")
        self.home = pathlib.Path(self.folder.name)
        self.process = Process(
            [str(BIN / "gtokenctl"), "emulate", f"--role-arn={ROLE}", f"--credentials-dir={self.home}"]
        )
        try:
            line = self.process.wait_for(lambda: self.process.text().partition("\n")[1], "document")
            assert line
        except BaseException:
            self.folder.cleanup()
            raise
        document = json.loads(self.process.text().partition("\n")[0])
        #: What leads clients to the stand-ins.
        self.environment = document["environment"]
        #: The same for an administrator's tools.
        self.administrator = document["administrator"]
        self.google = document["google"]
        self.aws = document["aws"]
        self.kubernetes = document["kubernetes"]
        #: The paths of the files of application default credentials, by name.
        self.credentials = document["credentials"]

    def create(self, account):
        """Puts namespace and ServiceAccount into the Kubernetes stand-in."""
        metadata = account["metadata"]
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": metadata["namespace"]}}
        spaces = f"{self.kubernetes['url']}/api/v1/namespaces"
        accounts = f"{spaces}/{metadata['namespace']}/serviceaccounts"
        for url, document in ((spaces, namespace), (accounts, account)):
            request = urllib.request.Request(
                url, json.dumps(document).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                assert answer.status == 201, answer.status

    def stop(self):
        try:
            return self.process.stop()
        finally:
            self.folder.cleanup()
