"""Ways to run an image as a node would: read-only root, the image's own user, no capability, the host's network."""

import os
import pathlib
import shutil
import subprocess

import oci
from tools import PATIENCE, Process

#: For podman, that it starts where little is allowed: without the two limits runc could not set its own.
PODMAN_OPTIONS = ["--network=host", "--read-only", "--cap-drop=all", "--security-opt=no-new-privileges"]
PODMAN_OPTIONS += ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000", "--pull=never"]

#: Where the tools of CHROOT_SCRIPT are; some systems keep `chroot` from those who are not root.
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

#: Needs no more than util-linux and coreutils. The mounts are the process's own and end with it. What may still be
#: raised after `setpriv` is what `chroot` itself needs, and that goes with the change of user.
CHROOT_SCRIPT = """
root=$1 user=$2; shift 2
mount --bind "$root" "$root"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid \
    chroot --userspec="$user" --groups= "$root" "$@"
"""


class Podman:
    """podman with a runtime that starts here, in a store of its own that goes with the test."""

    def __init__(self, folder, runtime):
        self.how = f"podman with {runtime}"
        self.command = ["podman", f"--root={folder}/store", f"--runroot={folder}/run", f"--tmpdir={folder}/tmp"]
        self.command += ["--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none"]
        self.command += [f"--runtime={runtime}"]
        self.images = {}

    def load(self, name, archive):
        said = self.podman("load", "--quiet", "--input", str(archive))
        self.images[name] = said.strip().rsplit(" ", 1)[-1].removeprefix("sha256:")

    def podman(self, *arguments):
        result = subprocess.run(
            [*self.command, *arguments], capture_output=True, text=True, timeout=PATIENCE * 2, check=False
        )
        if result.returncode != 0:
            raise RuntimeError(f"podman {arguments[0]}: {result.stderr.strip()[-400:]}")
        return result.stdout

    def start(self, name, arguments, environment, mounts, label):
        command = [*self.command, "run", "--rm", f"--name={label}", *PODMAN_OPTIONS]
        command += [f"--env={key}={value}" for key, value in environment.items()]
        command += [f"--volume={source}:{target}" for source, target in mounts]
        return Process([*command, self.images[name], *arguments], environment=dict(os.environ))

    def pid(self, process, label):
        """The process in the container, as the host sees it."""
        return int(self.podman("inspect", "--format={{.State.Pid}}", label))


class Chroot:
    """`unshare`, `setpriv` and `chroot`: the image's files under a read-only mount, with /proc as any runtime brings."""

    how = "unshare, setpriv and chroot"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.configurations = {}

    def load(self, name, archive):
        root = self.folder / "roots" / name
        root.mkdir(parents=True)
        self.configurations[name] = oci.unpack(pathlib.Path(archive).read_bytes(), root)["config"]
        (root / "proc").mkdir()

    def start(self, name, arguments, environment, mounts, label):
        root, image = self.folder / "roots" / name, self.configurations[name]
        for source, target in mounts:
            place = root / target.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(exist_ok=True) if pathlib.Path(source).is_dir() else place.touch()
        command = ["unshare", "--mount", "--propagation=private", "sh", "-euc", CHROOT_SCRIPT, label, str(root)]
        command += [image["User"], *(str(part) for mount in mounts for part in mount), "--"]
        return Process([*command, *image["Entrypoint"], *arguments], environment={"PATH": SYSTEM_PATH, **environment})

    def pid(self, process, label):
        return process.process.pid


def available(folder, images, wanted):
    """The first way that starts `IMAGE version` here, with the images loaded, and why others do not.

    Of all, or of those whose last tool is the one wanted.
    """
    reasons = []
    for tools, make in [
        (["podman", "crun"], lambda: Podman(folder, "crun")),
        (["podman", "runc"], lambda: Podman(folder, "runc")),
        (["unshare", "setpriv", "chroot"], lambda: Chroot(folder)),
    ]:
        if wanted not in ("", tools[-1]):
            continue
        missing = [tool for tool in tools if shutil.which(tool) is None]
        if missing:
            reasons.append(f"{' with '.join(tools)}: there is no {missing[0]}")
            continue
        try:
            way = make()
            for name, archive in images.items():
                way.load(name, archive)
            trial = way.start("gtoken", ["version"], {}, [], "gtoken-trial")
            if trial.process.wait(PATIENCE) == 0:
                return way, reasons
            reasons.append(f"{way.how}: {trial.text().strip()[-200:]}")
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            reasons.append(f"{' with '.join(tools)}: {str(error)[-200:]}")
    return None, reasons
