"""A private PostgreSQL cluster, started by the same script as in the store tests."""

import os
import pathlib
import subprocess
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "common/sql/test_cluster.sh"


class Postgres:
    """A cluster that runs until close() or the end of this process. Raises SkipTest if PostgreSQL cannot start.

    It writes to the disk in time only if it is to be `durable`.
    """

    def __init__(self, durable=False):
        self.shell = None
        self.connection = os.environ.get("VECHE_TEST_POSTGRES", "")
        if self.connection:
            return
        self.shell = subprocess.Popen(["sh", str(SCRIPT), "on" if durable else "off"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      start_new_session=True)  # fmt: skip
        answer = self.shell.stdout.readline().strip()
        if not answer.startswith("ready "):
            self.close()
            raise unittest.SkipTest(f"PostgreSQL cannot be started here: {answer}")
        self.connection = f"host={answer.removeprefix('ready ')} user=postgres dbname=postgres"

    def query(self, statement):
        """Runs a statement with psql and returns the printed lines."""
        told = subprocess.run(["psql", "-XAtq", self.connection, "-c", statement], check=True, capture_output=True)
        return told.stdout.decode().split("\n")[:-1]

    def close(self):
        if self.shell is not None:
            self.shell.stdin.close()
            self.shell.stdout.close()
            self.shell.wait(60)
