"""Processes are killed: nothing acknowledged is lost, nothing is done twice."""

import http.client
import subprocess
import threading
import time
import unittest
import uuid

from city import BINARY, City, wait_for
from test_main_job import BAUMAN, POTHOLE


class Crash(unittest.TestCase):
    def setUp(self):
        self.city = City(config={"limits": {"callerRate": -1, "addressRate": -1}})
        self.addCleanup(self.city.close)

    def test_kill_during_submissions(self):
        resident = self.city.resident()
        acknowledged, lock = {}, threading.Lock()
        stop = threading.Event()

        def submit():
            while not stop.is_set():
                key = str(uuid.uuid4())
                while True:  # like a phone: retries with the same key until it gets an answer
                    client = self.city.client(resident.token)
                    try:
                        answer = client.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}, key=key)
                    except (OSError, http.client.HTTPException):
                        answer = None
                    if answer is not None and answer.status == 201:
                        with lock:
                            acknowledged[key] = answer.json["name"]
                        break
                    time.sleep(0.02)

        threads = [threading.Thread(target=submit) for _ in range(4)]
        for thread in threads:
            thread.start()
        for kills in range(1, 4):
            wait_for(lambda: len(acknowledged) >= 60 * kills, "submissions")
            self.city.kill()
            self.city.restart()
        stop.set()
        for thread in threads:
            thread.join()

        names, token = [], ""
        while True:
            page = resident.get("/v1/appeals", mine="true", pageSize=200, **({"pageToken": token} if token else {})).json
            names += [a["name"] for a in page["appeals"]]
            token = page.get("nextPageToken")
            if not token:
                break
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(sorted(names), sorted(acknowledged.values()))
        for name in names:
            self.city.wait_state(resident, name, "ASSIGNED")

        def notified():
            subjects, token = [], ""
            while True:
                page = resident.get("/v1/me/notifications", pageSize=200, **({"pageToken": token} if token else {})).json
                subjects += [(n["type"], n["subject"]) for n in page["notifications"]]
                token = page.get("nextPageToken")
                if not token:
                    return subjects

        wait_for(lambda: {subject for _, subject in notified()} >= set(names), "notifications of all")
        subjects = notified()
        self.assertEqual(len(subjects), len(set(subjects)))

    def test_a_second_process_is_refused(self):
        second = subprocess.run(
            [BINARY, "--data_dir", str(self.city.data("all")), "--http_address=127.0.0.1:0", "--admin_address=off"],
            capture_output=True, text=True, timeout=30)  # fmt: skip
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("Another veche", second.stderr)

    def test_sigterm_drains_and_exits_with_0(self):
        resident = self.city.resident()
        appeal = resident.post("/v1/appeals", {"text": POTHOLE}).json
        stream = self.city.events(f"/v1/{appeal['name']}:watch", resident.token)
        stream.wait(lambda e: True)
        self.assertEqual(self.city.terminate(), {"all": 0})
        wait_for(lambda: stream.ended, "the stream to end")


class Pieces(unittest.TestCase):
    """One process for each service; some services are down for a while."""

    def setUp(self):
        self.city = City("many")
        self.addCleanup(self.city.close)

    def test_submissions_go_on_without_the_classifier(self):
        resident = self.city.resident()
        self.city.kill("classification")
        appeals = [resident.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}) for _ in range(5)]
        self.assertEqual([a.status for a in appeals], [201] * 5)
        self.assertEqual(resident.get(f"/v1/{appeals[0].json['name']}").json["state"], "SUBMITTED")
        down = resident.post("/v1/classification:suggest", {"text": POTHOLE})
        self.assertEqual(down.status, 503, down)
        self.assertIn("Retry-After", down.headers)
        self.city.restart("classification")
        for appeal in appeals:
            self.city.wait_state(resident, appeal.json["name"], "ASSIGNED")

    def test_notifications_catch_up_after_a_kill(self):
        resident = self.city.resident()
        self.city.kill("notifications")
        appeal = resident.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}).json
        self.city.wait_state(resident, appeal["name"], "ASSIGNED")
        self.city.restart("notifications")
        wait_for(lambda: [n for n in resident.get("/v1/me/notifications").json.get("notifications", [])
                          if n["subject"] == appeal["name"]], "the notification")  # fmt: skip


if __name__ == "__main__":
    unittest.main()
