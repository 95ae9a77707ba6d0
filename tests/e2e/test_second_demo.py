"""A city is data: `--demo=konstantinovka` is the town of demo/konstantinovka, in Ukrainian and under Ukrainian law."""

import datetime
import subprocess
import unittest
import uuid
import zoneinfo

from city import BINARY, City, wait_for

CENTRE = {"latitude": 48.5247, "longitude": 37.6772}
KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")


def local_time(timestamp):
    return datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).astimezone(KYIV)


def a_month_after(day):
    """Law 393/96-ВР counts a month; a month without this day ends on its last day."""
    first = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    last = (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    return min(first + datetime.timedelta(days=day.day - 1), last)


class SecondDemo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City(demo="konstantinovka", polls=True)
        cls.addClassCleanup(cls.city.close)
        cls.client = cls.city.client()

    def report(self, client, text, **fields):
        created = client.post("/v1/appeals", {"text": text, "location": CENTRE, **fields}, key=str(uuid.uuid4()))
        self.assertEqual(created.status, 201, created)
        return created.json

    def test_reports_in_ukrainian_are_routed(self):
        for text, category, department in (
            ("На вул. Ціолковського яма на дорозі, машини б’ють колеса", "road_surface", "roads"),
            ("Третій день немає води в будинку, кран сухий", "water_supply", "housing"),
            ("Протікає дах у школі, діти вчаться у коридорі", "schools", "education"),
        ):
            appeal = self.report(self.client, text)
            token = {"followToken": appeal["followToken"]}
            routed = self.city.wait_state(self.client, appeal["name"], "ASSIGNED", **token)
            self.assertEqual(routed["category"], f"categories/{category}")
            self.assertEqual(routed["department"], f"departments/{department}")
            self.assertEqual(routed["district"], "districts/west")

    def test_a_formal_appeal_is_due_after_a_month(self):
        resident = self.city.resident()
        text = "Прошу відремонтувати дах школи"
        sent = self.report(resident, text, category="categories/schools", **{"class": "FORMAL"})
        appeal = self.city.wait_state(resident, sent["name"], "ASSIGNED")
        due, day = local_time(appeal["dueTime"]), local_time(appeal["createTime"]).date()
        self.assertEqual((due.hour, due.minute), (17, 0))
        self.assertLess(due.weekday(), 5)
        self.assertGreaterEqual(due.date(), a_month_after(day))
        self.assertLess(due.date(), a_month_after(day) + datetime.timedelta(days=6))  # the next working day

    def test_the_directory_answers(self):
        district = self.client.get("/v1/districts:locate", **CENTRE).json
        self.assertEqual(district["title"], "Західна частина")
        self.assertEqual(district["titles"]["ru"], "Западная часть")
        self.assertIn("Who's On First", district["attribution"])
        self.assertEqual(self.client.get("/v1/districts:locate", latitude=55.79, longitude=49.12).status, 404)
        departments = {d["name"]: d for d in self.client.get("/v1/departments").json["departments"]}
        self.assertTrue(departments["departments/roads"]["phones"])
        found = self.client.get("/v1/organizations", q="бібліотека").json["organizations"]
        self.assertEqual(found[0]["title"], "Центральна міська бібліотека")

    def test_has_appeals_polls_and_initiatives(self):
        wait_for(lambda: '"demo loaded"' in self.city.processes["all"].output(), "the whole demo", 180)
        self.assertGreaterEqual(len(self.client.get("/v1/appeals", pageSize=50).json["appeals"]), 30)
        self.assertEqual(len(self.client.get("/v1/polls", state="OPEN").json["polls"]), 1)
        closed = wait_for(lambda: self.client.get("/v1/polls", state="CLOSED").json["polls"], "the closed poll")
        self.assertEqual(closed[0]["titles"]["uk"], "Графік роботи Центру адмінпослуг")
        initiatives = self.client.get("/v1/initiatives").json["initiatives"]
        self.assertEqual({i["state"] for i in initiatives}, {"GATHERING", "AWAITING_RESPONSE", "ACCEPTED"})

    def test_z_another_demo_on_its_data_is_refused(self):
        self.city.terminate()
        data = str(self.city.data("directory"))
        other = subprocess.run(
            [BINARY, "--demo", "--data_dir", data, "--http_address=127.0.0.1:0", "--admin_address=off"],
            capture_output=True, text=True, timeout=60)  # fmt: skip
        self.assertEqual(other.returncode, 1, other)
        self.assertIn("The data folder has another city than the demo city kazan", other.stderr)
        self.city.restart()
        self.assertEqual(self.client.get("/v1/districts:locate", **CENTRE).status, 200)

    def test_an_unknown_demo_names_the_others(self):
        unknown = subprocess.run([BINARY, "--demo=atlantis"], capture_output=True, text=True, timeout=60)
        self.assertEqual(unknown.returncode, 1, unknown)
        self.assertIn("there are: kazan, konstantinovka", unknown.stderr)


if __name__ == "__main__":
    unittest.main()
