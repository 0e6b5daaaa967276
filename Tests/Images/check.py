"""`make images-check`: the images that `make images` wrote, run as a node would run them, against stand-ins."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "Tests" / "Interop")]

import containers  # noqa: E402
import emulate  # noqa: E402
import oci  # noqa: E402
from nameserver import NameServer  # noqa: E402
from test_webhook import TLSConnection, context_for  # noqa: E402
from tools import CASES, PATIENCE, load  # noqa: E402

IMAGES = ROOT / "dist" / "images"
TOKEN = "/var/run/secrets/aws/token"
#: A name that only the container's /etc/hosts knows, and one that only its name server does.
HOST, NAME = "metadata.hosts.test", "metadata.dns.test"


def files_of(root):
    """The permissions and the bytes of each file below a folder, by its path."""
    return {
        str(path.relative_to(root)): (path.stat().st_mode & 0o7777, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


class Images(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="gtoken-images-", ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        machine = oci.architecture((ROOT / "dist" / "gtoken").read_bytes())
        cls.archives = {name: IMAGES / f"{name}-linux-{machine}.oci.tar" for name in ("gtoken", "gtoken-webhook")}
        cls.way, reasons = containers.available(cls.folder, cls.archives, os.environ.get("RUNNER", ""))
        for reason in reasons:
            print(f"images-check: not used: {reason}", flush=True)
        if cls.way is None:
            print("images-check: skipped: everything (no way to run an image here)", flush=True)
            raise unittest.SkipTest("no way to run an image here")
        print(f"images-check: run by {cls.way.how}", flush=True)
        cls.clouds = emulate.Emulation()
        cls.addClassCleanup(cls.clouds.stop)

    def volume(self, name, mode=0o700):
        """A folder of the image's user, as a kubelet makes a volume."""
        folder = self.folder / f"{self.id().rsplit('.', 1)[-1]}-{name}"
        folder.mkdir()
        folder.chmod(mode)
        os.chown(folder, 65532, 65532)
        return folder

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)
        return path

    def token_from(self, host, mounts=()):
        """gtoken's image writes a token that it got from the metadata server at that host name."""
        volume = self.volume(host.replace(".", "-"))
        port = urllib.parse.urlsplit(self.clouds.google["url"]).port
        label = f"gtoken-{os.getpid()}-{host.replace('.', '-')}"
        process = self.way.start(
            "gtoken",
            [f"--file={TOKEN}/gtoken", "--startup-timeout=20s"],
            {"GCE_METADATA_HOST": f"{host}:{port}"},
            [(volume, TOKEN), *mounts],
            label,
        )
        self.assertEqual(process.process.wait(PATIENCE), 0, process.text())
        path = volume / "gtoken"
        self.assertEqual(path.stat().st_mode & 0o777, 0o644)
        self.assertEqual(path.stat().st_uid, 65532)
        claims = path.read_text().split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        self.assertEqual(claims["sub"], self.clouds.google["uniqueId"])
        self.assertGreater(claims["exp"], time.time())

    def test_gtoken_writes_a_token(self):
        self.token_from("127.0.0.1")

    def test_names_of_the_hosts_file_are_found(self):
        hosts = self.file("hosts", f"127.0.0.1 localhost {HOST}\n")
        resolver = self.file("resolv-none.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        mounts = [(hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf")]
        for host in ("localhost", HOST):
            with self.subTest(host):
                self.token_from(host, mounts)

    def test_names_of_a_name_server_are_found(self):
        try:
            server = NameServer(NAME)
        except OSError as error:
            self.skipTest(f"no name server on loopback: {error}")
        self.addCleanup(server.socket.close)
        hosts = self.file("hosts-empty", "")
        resolver = self.file("resolv.conf", f"nameserver {server.address}\nsearch svc.test\noptions ndots:5\n")
        self.token_from(NAME, [(hosts, "/etc/hosts"), (resolver, "/etc/resolv.conf")])
        self.assertIn(NAME, server.asked)

    @unittest.skip("the Internet's DNS: nothing here leaves this machine")
    def test_names_of_the_internet_are_found(self):
        pass

    @unittest.skipIf(shutil.which("buildah") is None, "not installed here: buildah")
    def test_the_containerfiles_make_the_same_images(self):
        for name, archive in self.archives.items():
            with self.subTest(name):
                ours = self.folder / f"ours-{name}"
                configuration = oci.unpack(archive.read_bytes(), ours)["config"]
                # What their first stage would have compiled.
                stage = self.folder / f"stage-{name}"
                shutil.copytree(ours / "etc", stage / "etc")
                (stage / "source" / "dist").mkdir(parents=True)
                shutil.copy(ours / name, stage / "source" / "dist")
                theirs = self.folder / f"theirs-{name}"
                built = oci.unpack(self.built(name, stage, configuration["Labels"]), theirs)["config"]
                self.assertEqual(built["User"], configuration["User"])
                self.assertEqual(built["Entrypoint"], configuration["Entrypoint"])
                labels = {key: value for key, value in built["Labels"].items() if not key.startswith("io.buildah.")}
                self.assertEqual(labels, configuration["Labels"])
                self.assertEqual(files_of(theirs), files_of(ours))

    def built(self, name, stage, labels):
        """The archive that buildah makes of the Containerfile, with a folder in the place of its first stage."""
        archive = self.folder / f"{name}-by-buildah.tar"
        store = [f"--root={self.folder}/buildah", f"--runroot={self.folder}/buildah-run", "--storage-driver=vfs"]
        build = ["bud", "--quiet", f"--build-context=build={stage}", "--tag=oci-archive:" + str(archive)]
        build += [f"--file={ROOT}/deployment/images/{name}.Containerfile"]
        for argument in ("version", "revision", "created"):
            build += [f"--build-arg={argument.upper()}={labels['org.opencontainers.image.' + argument]}"]
        result = subprocess.run(
            ["buildah", *store, *build, str(stage)], capture_output=True, text=True, timeout=PATIENCE * 2, check=False
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return archive.read_bytes()

    @unittest.skipIf(shutil.which("openssl") is None, "not installed here: openssl")
    def test_webhook_reviews_over_tls_without_any_right(self):
        certificates = self.volume("certificates", 0o755)
        make = [str(ROOT / "deployment" / "make-certificate.sh"), str(certificates)]
        subprocess.run(make, check=True, capture_output=True, timeout=PATIENCE)
        for file in certificates.iterdir():
            os.chown(file, 65532, 65532)
        case = CASES / "deployment"
        account = load(case / "serviceaccount.json")
        self.clouds.create(account)

        label = f"gtoken-webhook-{os.getpid()}"
        process = self.way.start(
            "gtoken-webhook",
            ["server", "--listen-address=127.0.0.1:0", "--image=registry.example/gtoken:1.0.0"]
            + ["--tls-cert-file=/certs/cert.pem", "--tls-private-key-file=/certs/key.pem"]
            + [f"--kube-api={self.clouds.kubernetes['url']}"],
            {},
            [(certificates, "/certs")],
            label,
        )
        self.addCleanup(process.terminate)
        port = process.wait_for(lambda: re.search(r"msg=listening port=(\d+)", process.text()), "port")[1]
        connection = TLSConnection(int(port), context_for(certificates))
        self.addCleanup(connection.close)

        def ask(method, path, body=None):
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()

        process.wait_for(lambda: ask("GET", "/readyz")[0] == 200, "readiness")
        status, body = ask("POST", "/pods?timeout=5s", (case / "review.json").read_bytes())
        self.assertEqual(status, 200, body)
        response = json.loads(body)["response"]
        self.assertTrue(response["allowed"])
        patch = base64.b64decode(response["patch"]).decode()
        self.assertIn("registry.example/gtoken:1.0.0", patch)
        self.assertIn(account["metadata"]["annotations"]["amazonaws.com/role-arn"], patch)

        self.assert_confined(self.way.pid(process, label))
        self.assertEqual(process.stop(), 0, process.text())

    def assert_confined(self, pid):
        """A process of nobody, with no capability and no way to get one, on a root that it cannot write."""
        process = pathlib.Path(f"/proc/{pid}")
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
        self.assertEqual(status["Uid"].split(), ["65532"] * 4)
        self.assertEqual(status["Gid"].split(), ["65532"] * 4)
        for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[kind], 16), 0, kind)
        self.assertEqual(status["NoNewPrivs"], "1")
        roots = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
        options = [fields[5].split(",") for fields in roots if fields[4] == "/"]
        self.assertTrue(options and "ro" in options[-1], options)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("images-check: skipped: everything (to make volumes of the image's user takes root)")
        sys.exit(0)
    result = unittest.main(exit=False, verbosity=2).result
    for case, reason in result.skipped:
        # What is skipped as a whole has said so.
        if isinstance(case, unittest.TestCase):
            print(f"images-check: skipped: {case.id()} ({reason})")
    print(
        f"images-check: executed {result.testsRun} tests, {len(result.skipped)} skipped,"
        f" {len(result.failures) + len(result.errors)} failed"
    )
    # A way that was asked for by name has to be there.
    sys.exit(0 if result.wasSuccessful() and (result.testsRun > 0 or not os.environ.get("RUNNER")) else 1)
