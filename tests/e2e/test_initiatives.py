"""An initiative from the proposal to the stages of the work, with its discussion and its map of opinions."""

import concurrent.futures
import unittest
import uuid

from city import City, wait_for
from test_polls import png

PATH = {
    "title": "Велодорожка на набережной",
    "text": "Сделайте велодорожку вдоль всей набережной. Меня зовут Иван Петров, +7 999 123-45-67.",
}
SIMILAR = {"title": "Сделать велодорожку вдоль набережной", "text": "Велосипедистам негде ездить, сделайте дорожку."}


class Initiatives:
    topology = None

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology, config={"initiatives": {"threshold": 3}})
        cls.addClassCleanup(cls.city.close)
        cls.public = cls.city.client()
        cls.moderator = cls.city.staff("MODERATOR")
        cls.editor = cls.city.staff("EDITOR")

    def post(self, client, path, body=None, status=200, **arguments):
        answer = client.post(path, body, **arguments)
        self.assertEqual(answer.status, status, answer)
        return answer.json

    def publish(self, author, body):
        name = self.post(author, "/v1/initiatives", body, 201)["name"]
        self.post(self.moderator, f"/v1/{name}:approve")
        return name

    def get(self, path, client=None, **parameters):
        answer = (client or self.public).get(path, **parameters)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def heard(self, client, name):
        """Types of the client's notices of an initiative or appeal, oldest first."""
        listed = self.get("/v1/me/notifications", client, pageSize=200)["notifications"]
        return [n["type"].rsplit(".", 1)[1] for n in reversed(listed) if n["subject"] == name]

    def test_an_initiative_gets_its_answer(self):
        author, others = self.city.resident(), [self.city.resident() for _ in range(3)]
        key = str(uuid.uuid4())
        name = self.post(author, "/v1/initiatives", PATH, 201, key=key)["name"]
        self.assertEqual(self.post(author, "/v1/initiatives", PATH, 201, key=key)["name"], name)
        self.assertEqual(self.public.get(f"/v1/{name}").status, 404)
        self.assertEqual(author.post(f"/v1/{name}:approve").status, 403)
        waiting = self.get("/v1/initiatives", self.moderator, state="MODERATION")["initiatives"]
        self.assertIn(name, [i["name"] for i in waiting])
        self.post(self.moderator, f"/v1/{name}:approve")
        public = self.public.get(f"/v1/{name}")
        self.assertNotIn("999", public.body.decode())
        self.assertNotIn("residents/", public.body.decode())
        self.assertIn("999", self.get(f"/v1/{name}", author)["text"])

        # Before somebody proposes the same, this one is offered.
        offered = self.post(self.public, "/v1/initiatives:suggestDuplicates", SIMILAR)["candidates"]
        self.assertIn(name, [c["initiative"]["name"] for c in offered])
        repeat = self.publish(others[0], SIMILAR)
        self.post(others[1], f"/v1/{repeat}:support")
        self.post(others[1], f"/v1/{name}:support")
        merged = self.post(self.moderator, f"/v1/{repeat}:merge", {"into": name})
        self.assertEqual((merged["state"], merged["mergedInto"]), ("MERGED", name))
        # The supporter of both counts once; the author of the repeat supports the target.
        self.assertEqual(int(self.get(f"/v1/{name}")["supporterCount"]), 2)
        refused = others[2].post(f"/v1/{repeat}:support")
        self.assertEqual((refused.status, refused.json["reason"]), (422, "INITIATIVE_NOT_OPEN"))

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            clients = [self.city.client(others[2].token) for _ in range(16)]
            answers = list(pool.map(lambda client: client.post(f"/v1/{name}:support").status, clients))
        self.assertEqual(set(answers), {200})
        reached = self.get(f"/v1/{name}")
        self.assertEqual((int(reached["supporterCount"]), reached["state"]), (3, "AWAITING_RESPONSE"))

        answer = {"text": "Сделаем к лету.", "decision": "ACCEPTED"}
        self.assertEqual(author.post(f"/v1/{name}:respond", answer).status, 403)
        self.post(self.editor, f"/v1/{name}:respond", answer)
        self.post(self.editor, f"/v1/{name}:addStage", {"title": "Проект готов"})
        read = self.get(f"/v1/{name}")
        self.assertEqual((read["state"], read["response"]["decision"]), ("ACCEPTED", "ACCEPTED"))
        self.assertEqual(
            [e["type"] for e in read["timeline"]],
            ["SUBMITTED", "APPROVED", "MERGED_FROM", "THRESHOLD_REACHED", "ACCEPTED", "STAGE"],
        )
        # The author, the supporters and the author of the repeat hear of it, each once.
        for resident in (author, *others):
            wait_for(lambda: "initiative_stage_added" in self.heard(resident, name), "the notices")
            heard = self.heard(resident, name)
            self.assertEqual(heard.count("initiative_accepted"), 1, heard)
        self.assertEqual(self.heard(author, name)[0], "initiative_approved")
        self.assertEqual(self.heard(others[1], repeat), ["initiative_merged"])
        again = self.editor.post(f"/v1/{name}:respond", answer)
        self.assertEqual((again.status, again.json["reason"]), (422, "INITIATIVE_STEP_NOT_ALLOWED"))

    def test_appeals_lead_to_an_initiative_and_back(self):
        author = self.city.resident()
        reports = ({"text": "Яма на дороге к школе, чините."}, {"text": "Дорога к школе разбита, яма на яме."})
        appeals = [self.post(author, "/v1/appeals", report, 201)["name"] for report in reports]
        body = {**SIMILAR, "title": "Починить дорогу к школе", "appeals": appeals}
        self.assertEqual(self.city.resident().post("/v1/initiatives:fromAppeals", body).status, 403)
        created = self.post(self.editor, "/v1/initiatives:fromAppeals", body)
        self.assertEqual(created["state"], "GATHERING")
        found = self.get("/v1/initiatives", appeal=appeals[1])["initiatives"]
        self.assertEqual([i["name"] for i in found], [created["name"]])
        for appeal in appeals:
            outcomes = lambda appeal=appeal: self.get(f"/v1/{appeal}").get("outcomes")
            self.assertEqual(wait_for(outcomes, "the link"), [created["name"]])
        timeline = self.get(f"/v1/{appeals[0]}/timeline")["entries"]
        self.assertIn(created["name"], next(e for e in timeline if e["type"] == "LINKED")["comment"])
        wait_for(lambda: "linked" in self.heard(author, appeals[0]), "the notice")
        self.assertEqual(self.heard(author, appeals[0]).count("linked"), 1)

    def test_an_initiative_has_pictures(self):
        author = self.city.resident()
        uploaded = author.request("POST", "/v1/attachments", raw=png(), headers={"Content-Type": "image/png"})
        self.assertEqual(uploaded.status, 201, uploaded)
        body = {**PATH, "pictures": [uploaded.json["name"]]}
        refused = self.city.resident().post("/v1/initiatives", body)
        self.assertIn("pictures[0]", refused.body.decode(), "the upload is somebody else's")
        created = self.post(author, "/v1/initiatives", body, 201)
        picture = f"/v1/{created['pictures'][0]}"
        self.assertEqual([c.get(picture).status for c in (self.public, author, self.moderator)], [404, 200, 200])
        self.post(self.moderator, f"/v1/{created['name']}:approve")
        served = self.public.get(picture)
        self.assertEqual((served.status, served.headers["Content-Type"]), (200, "image/png"))

    def test_residents_discuss(self):
        author, other = self.city.resident(), self.city.resident()
        name = self.publish(author, PATH)
        comment = self.post(author, f"/v1/{name}/comments", {"text": "Очень нужна дорожка."}, 201)["name"]
        reply = self.post(other, f"/v1/{name}/comments", {"text": "И мне.", "replyTo": comment}, 201)["name"]
        deep = author.post(f"/v1/{name}/comments", {"text": "Спасибо.", "replyTo": reply})
        self.assertEqual((deep.status, deep.json["reason"]), (422, "REPLY_TOO_DEEP"))
        link = other.post(f"/v1/{name}/comments", {"text": "Казино! http://a.example http://b.example http://c.example"})
        self.assertEqual((link.status, link.json["violations"][0]["field"]), (400, "text"))
        official = self.post(self.editor, f"/v1/{name}/comments", {"text": "Читаем вас."}, 201)
        self.assertTrue(official["official"])
        self.post(other, f"/v1/{comment}:vote", {"value": "UP"})
        listed = self.get(f"/v1/{name}/comments")["comments"]
        self.assertEqual(listed[0]["name"], comment)
        self.assertEqual((listed[0]["upCount"], listed[0]["replyCount"]), ("1", "1"))
        self.assertEqual(self.post(author, f"/v1/{comment}:edit", {"text": "Дорожка нужна."}).get("edited", False), False)
        self.post(other, f"/v1/{comment}:report", {"reason": "Проверка."})
        reported = self.get("/v1/comments:reported", self.moderator)["comments"]
        self.assertIn(comment, [c["name"] for c in reported])
        self.post(self.moderator, f"/v1/{comment}:hide", {"reason": "Проверка."})
        hidden = next(c for c in self.get(f"/v1/{name}/comments")["comments"] if c["name"] == comment)
        self.assertTrue(hidden["hidden"])
        self.assertFalse(hidden.get("text"))

    def test_opinions_are_mapped_without_showing_anybodys_votes(self):
        author = self.city.resident()
        name = self.publish(author, PATH)
        statements = [
            self.post(author, f"/v1/{name}/statements", {"text": f"Высказывание номер {n}"}, 201)["name"] for n in range(8)
        ]
        for person in range(10):
            resident = self.city.resident()
            for n, statement in enumerate(statements):
                agrees = n == 0 or (person < 5) == (n % 2 == 0)
                self.post(resident, f"/v1/{statement}:vote", {"value": "AGREE" if agrees else "DISAGREE"})
        answer = self.public.get(f"/v1/{name}/opinionMap")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual([int(g["size"]) for g in answer.json["groups"]], [5, 5])
        self.assertEqual(answer.json["uniting"][0]["statement"]["name"], statements[0])
        self.assertNotIn("residents/", answer.body.decode())


class InOneProcess(Initiatives, unittest.TestCase):
    topology = "one"


class InACluster(Initiatives, unittest.TestCase):
    topology = "cluster"


if __name__ == "__main__":
    unittest.main()
