"""The main use case over HTTP: report, route, answer, watch, rate. In one process and in many."""

import re
import threading
import unittest
import uuid

from city import City, wait_for

POTHOLE = "Огромная яма на дороге у дома 12 по улице Баумана, машины бьют колёса. Сделайте ямочный ремонт асфальта!"
BAUMAN = {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"}


class MainJob:
    """The test cases; the classes below run them in each topology."""

    topology = None

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology)
        cls.addClassCleanup(cls.city.close)

    def report(self, client, text=POTHOLE, **fields):
        answer = client.post("/v1/appeals", {"text": text, "location": BAUMAN, **fields})
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def test_report_route_answer_watch_rate(self):
        resident = self.city.resident()
        appeal = self.report(resident)
        self.assertEqual(appeal["state"], "SUBMITTED")
        self.assertRegex(appeal["number"], r"^\d{4}-\d{6}$")

        watch = self.city.events(f"/v1/{appeal['name']}:watch", resident.token)
        self.assertEqual(watch.status, 200)
        watch.wait(lambda e: e["json"]["state"] == "ASSIGNED", "the routing")
        appeal = resident.get(f"/v1/{appeal['name']}").json
        self.assertEqual(appeal["district"], "districts/vakhitovsky")
        self.assertTrue(appeal["category"].startswith("categories/"), appeal)
        self.assertIn("dueTime", appeal)

        officer = self.city.staff("OFFICER", appeal["department"])
        inbox = officer.get("/v1/appeals:inbox", pageSize=200).json["appeals"]
        self.assertIn(appeal["name"], [a["name"] for a in inbox])
        started = officer.post(f"/v1/{appeal['name']}:start")
        self.assertEqual(started.status, 200, started)
        asked = officer.post(f"/v1/{appeal['name']}:requestInfo", {"comment": "На какой полосе яма?"})
        self.assertEqual(asked.json["state"], "NEEDS_INFO", asked)
        self.assertNotIn("dueTime", asked.json)

        told = resident.post(f"/v1/{appeal['name']}/messages", {"text": "На правой, у остановки."})
        self.assertEqual(told.status, 201, told)
        self.assertEqual(resident.get(f"/v1/{appeal['name']}").json["state"], "IN_PROGRESS")
        solved = officer.post(f"/v1/{appeal['name']}:resolve", {"answer": "Яма заделана 22 ноября."})
        self.assertEqual(solved.json["state"], "RESOLVED", solved)
        watch.wait(lambda e: e["json"].get("answer") == "Яма заделана 22 ноября.", "the answer")
        watch.close()

        rated = resident.post(f"/v1/{appeal['name']}:rate", {"score": 5, "comment": "Спасибо!"})
        self.assertEqual((rated.json["state"], rated.json["rating"]), ("CLOSED", 5), rated)
        types = [e["type"] for e in resident.get(f"/v1/{appeal['name']}/timeline").json["entries"]]
        for step in ("SUBMITTED", "ASSIGNED", "RESOLVED"):
            self.assertIn(step, types)

    def test_guest_follows_by_token(self):
        guest = self.city.client()
        appeal = self.report(guest, contact="guest@example.org", visibility="PRIVATE")
        token = appeal["followToken"]
        self.assertEqual(guest.get(f"/v1/{appeal['name']}").status, 404)
        self.assertEqual(guest.get(f"/v1/{appeal['name']}", followToken="wrong").status, 404)
        self.city.wait_state(guest, appeal["name"], "ASSIGNED", followToken=token)
        withdrawn = guest.post(f"/v1/{appeal['name']}:withdraw", {"followToken": token})
        self.assertEqual(withdrawn.json["state"], "WITHDRAWN", withdrawn)

    def test_notifications_reach_author_and_followers(self):
        author, follower = self.city.resident(), self.city.resident()
        live = self.city.events("/v1/me/events", author.token)
        appeal = self.report(author)
        self.city.wait_state(author, appeal["name"], "ASSIGNED")
        self.assertEqual(follower.post(f"/v1/{appeal['name']}:follow").status, 200)
        department = author.get(f"/v1/{appeal['name']}").json["department"]
        officer = self.city.staff("OFFICER", department)
        officer.post(f"/v1/{appeal['name']}:start")
        officer.post(f"/v1/{appeal['name']}:resolve", {"answer": "Сделано."})
        live.wait(lambda e: e["json"]["type"] == "veche.appeals.resolved", "the live notification")
        live.close()

        def resolved(client):
            listed = client.get("/v1/me/notifications", pageSize=200).json
            return [n for n in listed["notifications"]
                    if n["type"] == "veche.appeals.resolved" and n["subject"] == appeal["name"]]  # fmt: skip

        for client in (author, follower):
            wait_for(lambda: resolved(client), "the notification")
            self.assertEqual(len(resolved(client)), 1)
        unread = author.get("/v1/me/notifications").json["unreadCount"]
        self.assertGreater(unread, 0)
        self.assertEqual(author.post("/v1/me/notifications:markRead", {"all": True}).json["unreadCount"], 0)

    def test_idempotency_key_makes_one_appeal(self):
        resident, key = self.city.resident(), str(uuid.uuid4())
        body = {"text": POTHOLE, "location": BAUMAN}
        answers = []

        def submit():
            client = self.city.client(resident.token)
            answers.append(client.post("/v1/appeals", body, key=key))

        threads = [threading.Thread(target=submit) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for answer in answers:
            self.assertIn(answer.status, (201, 409), answer)
        again = resident.post("/v1/appeals", body, key=key)
        self.assertEqual(again.status, 201, again)
        names = {a.json["name"] for a in answers + [again] if a.status == 201}
        self.assertEqual(len(names), 1)
        other = resident.post("/v1/appeals", {"text": "Другое обращение о другом."}, key=key)
        self.assertEqual(other.status, 422, other)
        mine = resident.get("/v1/appeals", mine="true").json["appeals"]
        self.assertEqual(len(mine), 1)

    def test_search_finds_any_form_of_a_word(self):
        word = "шлагбаум"
        resident = self.city.resident()
        appeal = self.report(resident, text=f"Во дворе сломался {word}, парковка занята чужими машинами.")
        found = lambda: [a for a in self.city.client().get("/v1/appeals", q="шлагбаумы дворов").json["appeals"]
                         if a["name"] == appeal["name"]]  # fmt: skip
        wait_for(found, "the search index")
        near = self.city.client().get("/v1/appeals", bbox="49.12,55.788,49.124,55.789", pageSize=200).json["appeals"]
        self.assertIn(appeal["name"], [a["name"] for a in near])
        far = self.city.client().get("/v1/appeals", bbox="48.0,54.0,48.1,54.1").json["appeals"]
        self.assertEqual(far, [])

    def test_personal_data_is_masked_for_others(self):
        resident = self.city.resident()
        appeal = self.report(resident, text="Прорвало трубу, звоните +7 917 123-45-67, пишите ivanov@example.org")
        public = self.city.client().get(f"/v1/{appeal['name']}").json
        self.assertNotIn("123-45-67", public["text"])
        self.assertNotIn("ivanov@example.org", public["text"])
        self.assertIn("123-45-67", resident.get(f"/v1/{appeal['name']}").json["text"])

    def test_search_does_not_know_what_is_masked_in_an_address(self):
        resident = self.city.resident()
        appeal = resident.post("/v1/appeals", {
            "text": "Прорвало трубу в подвале, вода идёт в подъезд",
            "location": {**BAUMAN, "address": "ул. Кленовая, 5, Синичкина Аграфена Тихоновна"}}).json  # fmt: skip
        found = lambda word: [a for a in self.city.client().get("/v1/appeals", q=word).json["appeals"]
                              if a["name"] == appeal["name"]]  # fmt: skip
        wait_for(lambda: found("кленовая"), "the search index")
        self.assertNotIn("Аграфена", found("кленовая")[0]["location"]["address"])
        self.assertEqual(found("аграфена"), [])

    def test_duplicates_are_offered_and_supported(self):
        first, second = self.city.resident(), self.city.resident()
        appeal = self.report(first, text="На площади Тукая не горят фонари уже неделю, темно и страшно ходить.")
        self.city.wait_state(first, appeal["name"], "ASSIGNED")
        offered = second.post("/v1/appeals:suggestDuplicates",
                              {"text": "Фонари не горят на площади Тукая, темно", "location": BAUMAN})  # fmt: skip
        self.assertEqual(offered.status, 200, offered)
        names = [c["appeal"]["name"] for c in offered.json["candidates"]]
        self.assertIn(appeal["name"], names)
        for _ in range(2):
            supported = second.post(f"/v1/{appeal['name']}:support")
            self.assertEqual(supported.json["supporterCount"], 1, supported)

    def test_emergency_is_told_to_call_at_once(self):
        resident = self.city.resident()
        suggested = resident.post("/v1/classification:suggest", {"text": "В подъезде сильный запах газа, дышать нечем"})
        self.assertEqual(suggested.json["priority"], "EMERGENCY", suggested)
        self.assertRegex(suggested.json["advice"], "112|104")

    def test_attachment_round_trip_without_metadata(self):
        resident = self.city.resident()
        image = jpeg_with_exif()
        stored = resident.request("POST", "/v1/attachments", headers={"Content-Type": "image/jpeg"}, raw=image)
        self.assertEqual(stored.status, 201, stored)
        appeal = self.report(resident, attachments=[stored.json["name"]])
        self.assertEqual(appeal["attachments"][0]["contentType"], "image/jpeg")
        reader = self.city.client()
        for _ in self.city.address.split(","):  # by each gateway
            loaded = reader.get(f"/v1/{stored.json['name']}")
            self.assertEqual((loaded.status, loaded.headers["Content-Type"]), (200, "image/jpeg"))
            self.assertNotIn(b"SECRET-GPS", loaded.body)
            self.assertTrue(loaded.body.startswith(b"\xff\xd8"))

    def test_formal_appeal_has_the_legal_clock(self):
        self.assertEqual(self.city.client().post("/v1/appeals", {"class": "FORMAL", "text": POTHOLE}).status, 401)
        resident = self.city.resident()
        appeal = self.report(resident, **{"class": "FORMAL"})
        self.assertEqual(appeal["visibility"], "PRIVATE")
        self.city.wait_state(resident, appeal["name"], "ASSIGNED")
        self.assertIn("registerTime", resident.get(f"/v1/{appeal['name']}").json)


def jpeg_with_exif():
    """The smallest JPEG that decoders accept, with an APP1 segment."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0SECRET-GPS"
    app1 = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    tables = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    huffman = b"\xff\xc4\x00\x14\x00" + b"\x01" + b"\x00" * 15 + b"\x00" + b"\xff\xc4\x00\x14\x10" + b"\x01" + b"\x00" * 16
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x3f"
    return b"\xff\xd8" + app1 + tables + frame + huffman + scan + b"\xff\xd9"


class OneProcess(MainJob, unittest.TestCase):
    topology = "one"


class Cluster(MainJob, unittest.TestCase):
    topology = "cluster"


if __name__ == "__main__":
    unittest.main()
