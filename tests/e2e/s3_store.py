"""A private store with the interface of S3, with the bucket "veche"."""

import pathlib
import subprocess
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1] / "s3"
CREDENTIALS = "S3RVER\nS3RVER\n"


class S3Store:
    """A store with its files in the folder that runs until close() or the end of this process.

    Raises SkipTest if its npm packages are not installed.
    """

    def __init__(self, folder):
        if not (TESTS / "node_modules/s3rver").exists():
            raise unittest.SkipTest("tests/s3 has no npm packages: ./dev installs them")
        self.node = subprocess.Popen(["node", str(TESTS / "serve.js"), str(folder)], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True, start_new_session=True)  # fmt: skip
        self.url = f"http://127.0.0.1:{int(self.node.stdout.readline())}"

    def close(self):
        self.node.stdin.close()
        self.node.stdout.close()
        self.node.wait(60)
