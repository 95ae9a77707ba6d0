"""A private Redis server, started by the same script as in the unit tests."""

import os
import pathlib
import signal
import subprocess
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "common/redis/test_server.sh"


class RedisServer:
    """A server with a socket in the folder that runs until kill() or the end of this process."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"unix:{folder}/redis.sock"
        self.shell = None
        self.start()

    def start(self):
        self.shell = subprocess.Popen(["sh", str(SCRIPT), str(self.folder), ""], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True, start_new_session=True)  # fmt: skip
        told = self.shell.stdout.readline().strip()
        if not told.isdigit():
            raise unittest.SkipTest("redis-server cannot be started here")
        self.pid = int(told)

    def command(self, *arguments):
        """Runs a command with redis-cli and returns what it printed."""
        told = subprocess.run(["redis-cli", "-s", f"{self.folder}/redis.sock", *arguments], check=True, capture_output=True)
        return told.stdout.decode().strip()

    def freeze(self):
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self.pid, signal.SIGCONT)

    def kill(self):
        if self.shell is not None:
            self.shell.stdin.close()
            self.shell.stdout.close()
            self.shell.wait(60)
            self.shell = None
