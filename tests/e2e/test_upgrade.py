"""The data of the last release, tests/upgrade/data, under this program: nothing is lost, and work goes on."""

import json
import shutil
import sqlite3
import unittest

from city import SOURCE, City, wait_for

LAST_RELEASE = SOURCE / "tests/upgrade/data"


class UpgradedCity(City):
    """One process on the data folder that the last release left."""

    def _start_one(self):
        data = self.data("all")
        data.mkdir(mode=0o700)
        for dump in LAST_RELEASE.glob("*.sql"):
            with sqlite3.connect(data / f"{dump.stem}.db") as database:
                database.executescript(dump.read_text())
        for key in LAST_RELEASE.glob("*.key"):
            shutil.copyfile(key, data / key.name)
            (data / key.name).chmod(0o600)
        super()._start_one()


class Upgrade(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.known = json.loads((LAST_RELEASE / "city.json").read_text())
        cls.city = UpgradedCity("one", demo=False)
        cls.addClassCleanup(cls.city.close)

    def admin(self):
        client = self.city.client()
        signed = client.post("/v1/auth:signIn", {"login": "boss", "password": self.known["password"]})
        self.assertEqual(signed.status, 200, signed)
        client.token = signed.json["accessToken"]
        return client

    def officer(self):
        account = {"login": "roads-officer", "password": "correct horse battery", "displayName": "Officer",
                   "roles": ["OFFICER"], "department": "departments/roads"}  # fmt: skip
        made = self.admin().post("/v1/staff", account)
        self.assertEqual(made.status, 201, made)
        client = self.city.client()
        signed = client.post("/v1/auth:signIn", {"login": account["login"], "password": account["password"]})
        client.token = signed.json["accessToken"]
        return client

    def test_an_appeal_goes_on(self):
        guest, name, token = self.city.client(), self.known["guests"]["name"], self.known["guests"]["followToken"]
        appeal = guest.get(f"/v1/{name}", followToken=token)
        self.assertEqual((appeal.status, appeal.json["state"], appeal.json["text"]), (200, "ASSIGNED", "Яма на дороге"))
        officer = self.officer()
        self.assertEqual(officer.post(f"/v1/{name}:start").status, 200)
        self.assertEqual(officer.post(f"/v1/{name}:resolve", {"answer": "Заделали."}).status, 200)
        self.assertEqual(guest.post(f"/v1/{name}:rate", {"score": 5, "followToken": token}).status, 200)
        self.city.wait_state(guest, name, "CLOSED", followToken=token)

    def test_a_resident_is_known_by_the_contact(self):
        resident = self.city.resident("aigul@example.org")
        appeal = resident.get(f"/v1/{self.known['residents']}")
        self.assertEqual((appeal.status, appeal.json["text"]), (200, "Асфальт провалился"))
        notices = resident.get("/v1/me/notifications").json["notifications"]
        self.assertEqual(len(notices), len({notice["name"] for notice in notices}))
        self.assertTrue(notices)

    def test_followers_go_on_where_they_were(self):
        resident = self.city.resident("new@example.org")
        place = {"latitude": 55.79, "longitude": 49.13, "address": "ул. Пушкина, 1"}
        made = resident.post("/v1/appeals", {"text": "Разметка стёрлась", "category": "categories/road_surface", "location": place})
        self.assertEqual(made.status, 201, made)
        self.city.wait_state(resident, made.json["name"], "ASSIGNED")
        wait_for(lambda: resident.get("/v1/me/notifications").json.get("notifications"), "the notice")


if __name__ == "__main__":
    unittest.main()
