"""Builds the image of deploy/docker/Dockerfile with a program that is built already, and runs it like a pod.

No engine is needed: buildah builds in a chroot on a base made by mmdebstrap, podman starts runc as a child of root. All
of it stays in build/image, so that the second run takes seconds.
"""

import contextlib
import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess

from manifests import SOURCE

BINARY = os.environ.get("VECHE_BINARY", str(SOURCE / "build/release/veche"))
PLACE = SOURCE / "build/image"
STORAGE = ["--root", str(PLACE / "storage"), "--runroot", str(PLACE / "run"), "--storage-driver", "vfs"]
PODMAN = ["podman", *STORAGE, "--runtime", "runc", "--cgroup-manager=cgroupfs", "--events-backend=none"]
DEBIAN, IMAGE = "localhost/veche-debian:12", "localhost/veche:test"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def has_image(name):
    return subprocess.run([*PODMAN, "image", "exists", name], capture_output=True).returncode == 0


def build():
    """Builds IMAGE with BINARY."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with open(PLACE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not has_image(DEBIAN):
            base = PLACE / "debian-12.tar"
            run("mmdebstrap", "--quiet", "--variant=minbase", "bookworm", str(base))
            run(*PODMAN, "import", str(base), DEBIAN)
            base.unlink()
        context = PLACE / "context"
        context.mkdir(exist_ok=True)
        run("strip", "--strip-debug", "-o", str(context / "veche"), BINARY)
        run("buildah", *STORAGE, "build", "--isolation", "chroot", "--layers", "--build-arg", f"DEBIAN={DEBIAN}",
            "--target", "prebuilt", "-f", str(SOURCE / "deploy/docker/Dockerfile"), "-t", IMAGE, str(context))  # fmt: skip
        run("buildah", *STORAGE, "rmi", "--prune")  # images with earlier programs


def leave_the_network():
    """Moves this thread and those that it starts into an empty network, in which each port is free."""
    new_network = 0x40000000  # CLONE_NEWNET
    if ctypes.CDLL(None, use_errno=True).unshare(new_network) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    get_flags, set_flags, up = 0x8913, 0x8914, 1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        flags = struct.unpack("16sh", fcntl.ioctl(control, get_flags, struct.pack("16sh14x", b"lo", 0))[:18])[1]
        fcntl.ioctl(control, set_flags, struct.pack("16sh14x", b"lo", flags | up))


class Pod:
    """The container of a rendered Deployment, with what the manifest says: arguments, environment, mounts, user."""

    def __init__(self, deployment, configs, folder):
        self.spec = deployment["spec"]["template"]["spec"]
        self.container = self.spec["containers"][0]
        self.folder = pathlib.Path(folder)
        self.process = None
        self.user = self.spec["securityContext"]["runAsUser"]
        self.group = self.spec["securityContext"]["runAsGroup"]
        self.volumes = {volume["name"]: self.make(volume, configs) for volume in self.spec["volumes"]}

    def make(self, volume, configs):
        place = self.folder / volume["name"]
        place.mkdir()
        if "configMap" in volume:
            for name, text in configs[volume["configMap"]["name"]].items():
                (place / name).write_text(text)
        else:  # like a volume with fsGroup
            os.chown(place, 0, self.group)
            place.chmod(0o2770)
        return place

    def start(self):
        security = self.container["securityContext"]
        command = [*PODMAN, "run", "--rm", "--name", f"veche-test-{os.getpid()}", "--network=host"]
        command += ["--ulimit", "nofile=1024:20000", "--ulimit", "nproc=1000:1000"]
        command += ["--user", f"{self.user}:{self.group}", "--group-add", str(self.spec["securityContext"]["fsGroup"])]
        command += [f"--cap-drop={name.lower()}" for name in security["capabilities"]["drop"]]
        if security["readOnlyRootFilesystem"]:
            command += ["--read-only", "--read-only-tmpfs=false"]
        if not security["allowPrivilegeEscalation"]:
            command += ["--security-opt", "no-new-privileges"]
        for variable in self.container.get("env", []):
            command += ["--env", f'{variable["name"]}={variable["value"]}']
        for mount in self.container["volumeMounts"]:
            suffix = ":ro" if mount.get("readOnly") else ""
            command += ["--volume", f'{self.volumes[mount["name"]]}:{mount["mountPath"]}{suffix}']
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([*command, IMAGE, *self.container["args"]], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)  # fmt: skip

    def address(self, port):
        number = next(p["containerPort"] for p in self.container["ports"] if p["name"] == port)
        return f"127.0.0.1:{number}"

    def output(self):
        return (self.folder / "log").read_text(errors="replace")

    def terminate(self):
        """Sends SIGTERM, which podman passes on, and returns the code with which the program ends."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self.spec["terminationGracePeriodSeconds"])

    def close(self):
        if self.process is not None and self.process.poll() is None:
            subprocess.run([*PODMAN, "kill", f"veche-test-{os.getpid()}"], capture_output=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
