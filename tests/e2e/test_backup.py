"""Backup of a running program, and what is there after restoring it."""

import collections
import subprocess
import threading
import unittest

from city import BINARY, City, wait_for
from test_main_job import BAUMAN, POTHOLE

NO_LIMITS = {"limits": {"callerRate": -1, "addressRate": -1}}


def veche(*arguments):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=120)


class RestoredCity(City):
    """One process on the data folder that `veche restore` has made of a backup."""

    def __init__(self, backup):
        self.backup = backup
        super().__init__("one", config=NO_LIMITS)

    def _start_one(self):
        restored = veche("restore", "--from", self.backup, "--data_dir", self.data("all"))
        assert restored.returncode == 0, restored
        super()._start_one()


def pages(client, path, field, **parameters):
    found, token = [], ""
    while True:
        page = client.get(path, pageSize=200, **parameters, **({"pageToken": token} if token else {})).json
        found += page.get(field, [])
        token = page.get("nextPageToken")
        if not token:
            return found


class Backup(unittest.TestCase):
    def setUp(self):
        self.city = City(config=NO_LIMITS)
        self.addCleanup(self.city.close)
        self.copy = self.city.folder / "copy"

    def load(self, token):
        """Submits appeals from four threads until stop() is called; the names of those that were acknowledged."""
        acknowledged, stop = [], threading.Event()

        def submit():
            client = self.city.client(token)
            while not stop.is_set():
                answer = client.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN})
                if answer.status == 201:
                    acknowledged.append(answer.json["name"])

        threads = [threading.Thread(target=submit) for _ in range(4)]
        for thread in threads:
            thread.start()

        def end():
            stop.set()
            for thread in threads:
                thread.join()

        self.addCleanup(end)
        return acknowledged, end

    def test_what_was_acknowledged_before_is_there_and_work_goes_on(self):
        resident = self.city.resident("aigul@example.org")
        acknowledged, stop = self.load(resident.token)
        wait_for(lambda: len(acknowledged) >= 100, "submissions")
        before = list(acknowledged)
        made = veche("backup", "--data_dir", self.city.data("all"), "--to", self.copy)
        self.assertEqual(made.returncode, 0, made)
        self.assertIn("Backed up", made.stdout)
        during = len(acknowledged)
        wait_for(lambda: len(acknowledged) > during, "submissions after the backup")
        stop()

        with RestoredCity(self.copy) as restored:
            again = restored.client(resident.token)  # the token is still valid: the keys are the same
            names = [appeal["name"] for appeal in pages(again, "/v1/appeals", "appeals", mine="true")]
            self.assertEqual(len(names), len(set(names)))
            self.assertLessEqual(set(before), set(names))
            self.assertLessEqual(set(names), set(acknowledged), "nothing that nobody submitted")
            # The followers go on: what they had not applied, and nothing twice.
            for name in names:
                restored.wait_state(again, name, "ASSIGNED")
            for name in names[:20]:
                entries = collections.Counter(e["type"] for e in again.get(f"/v1/{name}/timeline").json["entries"])
                self.assertEqual(entries["ASSIGNED"], 1, entries)

            def notices():
                return [(n["type"], n["subject"]) for n in pages(again, "/v1/me/notifications", "notifications")]

            wait_for(lambda: {subject for _, subject in notices()} >= set(names), "notices of all")
            self.assertEqual(max(collections.Counter(notices()).values()), 1)
            # A new event is not behind any follower's cursor.
            new = again.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}).json["name"]
            restored.wait_state(again, new, "ASSIGNED")
            wait_for(lambda: new in {subject for _, subject in notices()}, "the notice of the new one")
            restored.resident("aigul@example.org")

    def test_a_damaged_backup_and_a_used_folder_are_refused(self):
        made = veche("backup", "--data_dir", self.city.data("all"), "--to", self.copy)
        self.assertEqual(made.returncode, 0, made)
        twice = veche("backup", "--data_dir", self.city.data("all"), "--to", self.copy)
        self.assertEqual(twice.returncode, 1, twice)
        self.assertIn("not empty", twice.stderr)
        self.assertEqual(veche("restore", "--from", self.copy, "--check").returncode, 0)
        used = veche("restore", "--from", self.copy, "--data_dir", self.city.data("all"))
        self.assertEqual(used.returncode, 1, used)
        self.assertIn("Another veche", used.stderr)

        database = self.copy / "appeals.db"
        content = bytearray(database.read_bytes())
        content[len(content) // 2] ^= 1
        database.write_bytes(content)
        for target in (["--check"], ["--data_dir", self.city.folder / "restored"]):
            refused = veche("restore", "--from", self.copy, *target)
            self.assertEqual(refused.returncode, 1, refused)
            self.assertIn("appeals.db is not what was backed up", refused.stderr)
        self.assertEqual([p.name for p in (self.city.folder / "restored").iterdir()], ["lock"])

    def test_the_commands_say_how_they_are_used(self):
        for command in ("backup", "restore"):
            told = veche(command, "--help")
            self.assertEqual(told.returncode, 2)
            self.assertIn(f"usage: veche {command}", told.stderr)


if __name__ == "__main__":
    unittest.main()
