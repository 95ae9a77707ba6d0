"""Appeals that look like abuse stay public while they wait for a moderator.

Only staff see priority, routing and assignee.
"""

import unittest
import uuid

from city import City, wait_for
from test_main_job import BAUMAN, POTHOLE

ADVERT = "Онлайн казино! Бонус 5000 рублей каждому, ставки на спорт, играй и выигрывай: http://casino-bonus.example/win"
STAFF_ONLY = {"routing", "priorityScore", "priorityReasons", "moderation", "flagged", "similarCount", "assignee"}


class Moderation:
    """The test cases; the classes below run them in each topology."""

    topology = None

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology)
        cls.addClassCleanup(cls.city.close)
        cls.supervisor = cls.city.staff("SUPERVISOR")
        cls.moderator = cls.city.staff("MODERATOR")

    def report(self, client, text):
        created = client.post("/v1/appeals", {"text": text, "location": BAUMAN})
        self.assertEqual(created.status, 201, created)
        name = created.json["name"]
        wait_for(lambda: self.supervisor.get(f"/v1/{name}").json["state"] != "SUBMITTED", f"{name} to be routed")
        return name

    def queue(self):
        answer = self.moderator.get("/v1/appeals:inbox", flagged="true", pageSize=200)
        self.assertEqual(answer.status, 200, answer)
        return {a["name"]: a for a in answer.json["appeals"]}

    def test_a_moderator_reviews_what_looks_like_an_advert(self):
        author = self.city.resident()
        name, plain = self.report(author, ADVERT), self.report(author, POTHOLE)
        queue = self.queue()
        self.assertNotIn(plain, queue)
        flagged = queue[name]
        self.assertTrue(flagged["flagged"], flagged)
        self.assertGreaterEqual(flagged["moderation"]["spam"], 0.5)
        self.assertTrue(flagged["moderation"]["reasons"])
        # A score alone does not hide an appeal.
        self.assertEqual(self.city.client().get(f"/v1/{name}").status, 200)

        review = f"/v1/{name}:review"
        body = {"comment": "Реклама, но вреда нет."}
        self.assertEqual(self.city.client().post(review, body).status, 401)
        for caller in (author, self.city.staff("OFFICER"), self.city.staff("EDITOR"), self.city.staff("AUDITOR")):
            self.assertEqual(caller.post(review, body).status, 403)
        self.assertIn(name, self.queue())
        self.assertEqual(self.moderator.post(f"/v1/appeals/{'0' * 26}:review", body).status, 404)
        wrong = self.moderator.post(review, {"comment": "я" * 3000, "verdict": 1})
        self.assertEqual(wrong.status, 400, wrong)
        self.assertLessEqual({"comment", "verdict"}, {v["field"] for v in wrong.json["violations"]})
        key = str(uuid.uuid4())
        for _ in range(2):
            reviewed = self.moderator.post(review, body, key=key)
            self.assertEqual(reviewed.status, 200, reviewed)
            self.assertFalse(reviewed.json.get("flagged"))
        self.assertNotIn(name, self.queue())

        def steps(client):
            return [e["type"] for e in client.get(f"/v1/{name}/timeline").json["entries"]]

        self.assertEqual(steps(self.supervisor).count("REVIEWED"), 1)
        for reader in (author, self.city.client()):
            self.assertNotIn("REVIEWED", steps(reader))

    def test_abuse_that_a_supervisor_rejects_leaves_the_public_list(self):
        author = self.city.resident()
        name = self.report(author, ADVERT)
        rejected = self.supervisor.post(f"/v1/{name}:reject", {"reason": "ABUSE", "comment": "Это реклама."})
        self.assertEqual(rejected.status, 200, rejected)
        self.assertEqual(self.city.client().get(f"/v1/{name}").status, 404)
        self.assertEqual(author.get(f"/v1/{name}").json["state"], "REJECTED")

    def test_staff_alone_see_what_is_theirs(self):
        author = self.city.resident()
        name = self.report(author, ADVERT + " " + POTHOLE)
        for reader in (author, self.city.resident(), self.city.client()):
            seen = reader.get(f"/v1/{name}").json
            # Fields without presence are always in the JSON, with default values.
            self.assertEqual({f for f in STAFF_ONLY if seen.get(f)}, set(), seen)
        listed = next(a for a in self.city.client().get("/v1/appeals", pageSize=200).json["appeals"] if a["name"] == name)
        self.assertEqual({f for f in STAFF_ONLY if listed.get(f)}, set(), listed)
        full = self.supervisor.get(f"/v1/{name}").json
        self.assertLessEqual({"moderation", "priorityScore"}, {f for f in full if full[f]})
        self.assertEqual(author.get("/v1/appeals:inbox", flagged="true").status, 403)
        self.assertEqual(self.city.client().get("/v1/appeals:inbox", flagged="true").status, 401)


class OneProcess(Moderation, unittest.TestCase):
    topology = "one"


class Cluster(Moderation, unittest.TestCase):
    topology = "cluster"


if __name__ == "__main__":
    unittest.main()
