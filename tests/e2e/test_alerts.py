"""Alerts: from a draft to the open feeds, over HTTP; schedules, crashes and hostile imports."""

import time
import unittest
import xml.dom.minidom

from city import City, wait_for

NO_LIMITS = {"limits": {"callerRate": -1, "addressRate": -1}, "city": {"publicUrl": "https://city.example"}}
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def later(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def draft(**fields):
    return {"topic": "topics/utilities", "severity": "INFO", "title": "Нет воды", "body": "До вечера", **fields}


def warning(identifier, head=""):
    sent = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    expires = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<alert xmlns="{CAP}"><identifier>{identifier}</identifier><sender>met.example</sender><sent>{sent}</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>ru-RU</language><category>Met</category><event>Ветер</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><expires>{expires}</expires>
<headline>Сильный ветер</headline></info></alert>""".encode()


class Alerts(unittest.TestCase):
    topology = "one"

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology, config=NO_LIMITS)
        cls.addClassCleanup(cls.city.close)
        cls.editor = cls.city.staff("EDITOR")
        cls.guest = cls.city.client()
        cls.district = wait_for(lambda: cls.guest.get("/v1/districts").json.get("districts"), "districts")[0]["name"]

    def create(self, **fields):
        # The copy of the districts may be a moment old.
        def look():
            answer = self.editor.post("/v1/alerts", draft(**fields))
            return answer if answer.status != 503 else None

        created = wait_for(look, "an alert")
        self.assertEqual(created.status, 201, created)
        return created.json

    def publish(self, **fields):
        published = self.editor.post(f"/v1/{self.create(**fields)['name']}:publish")
        self.assertEqual(published.status, 200, published)
        return published.json

    def feed(self, path):
        answer = self.guest.get(path)
        self.assertEqual(answer.status, 200, answer)
        return answer, xml.dom.minidom.parseString(answer.body)

    def entries(self, path):
        def text(entry, name):
            return entry.getElementsByTagNameNS(ATOM, name)[0].firstChild.data

        return {text(entry, "title") for entry in self.feed(path)[1].getElementsByTagNameNS(ATOM, "entry")}

    def await_entry(self, path, title):
        wait_for(lambda: title in self.entries(path), f"{title} in {path}")

    def test_an_alert_reaches_the_feeds(self):
        alert = self.publish(title="Авария <на> сети & насосе", districts=[self.district], titles={"en": "Burst main"})
        read = self.guest.get(f"/v1/{alert['name']}")
        self.assertEqual((read.json["state"], read.json["title"]), ("PUBLISHED", "Burst main"))
        self.assertEqual(read.json["shareText"], f"Burst main https://city.example/{alert['name']}")
        self.assertEqual(read.json["author"], "")  # for editors
        listed = wait_for(
            lambda: [a for a in self.guest.get("/v1/alerts", district=self.district).json["alerts"]
                     if a["name"] == alert["name"]], "the list")  # fmt: skip
        self.assertEqual(len(listed), 1)
        self.await_entry(f"/feeds/alerts.atom?district={self.district}", "Burst main")
        self.await_entry("/feeds/alerts.cap?topic=utilities", "Burst main")
        answer, document = self.feed(f"/v1/{alert['name']}:cap")
        self.assertEqual(answer.headers["Content-Type"], "application/cap+xml; charset=utf-8")
        self.assertEqual(document.documentElement.namespaceURI, CAP)
        self.assertIn("Авария <на> сети & насосе", [e.firstChild.data for e in document.getElementsByTagNameNS(CAP, "headline")])
        sent = document.getElementsByTagNameNS(CAP, "sent")[0].firstChild.data
        self.assertRegex(sent, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$")

    def test_a_feed_that_is_the_same_is_not_sent_again(self):
        self.publish()
        self.await_entry("/feeds/alerts.atom", "Нет воды")
        for path in ("/feeds/alerts.atom", "/feeds/alerts.cap"):

            def look():
                etag = self.guest.get(path).headers["ETag"]
                again = self.guest.request("GET", path, headers={"If-None-Match": etag})
                return again if again.status == 304 else None

            self.assertEqual(wait_for(look, "304").body, b"")

    def test_changes_are_for_the_current_version(self):
        alert = self.create()
        path = f"/v1/{alert['name']}"
        changed = self.editor.request("PATCH", path, {"title": "Иначе"}, {"If-Match": f'"{alert["etag"]}"'})
        self.assertEqual(changed.status, 200, changed)
        stale = self.editor.request("PATCH", path, {"title": "Поздно"}, {"If-Match": f'"{alert["etag"]}"'})
        self.assertEqual((stale.status, stale.json["reason"]), (412, "ETAG_MISMATCH"))
        cleared = self.editor.request("PATCH", path + "?updateMask=body", {})
        self.assertEqual((cleared.status, cleared.json["body"]), (200, ""), cleared)

    def test_erroneous_input_is_named(self):
        bow = {"type": "Polygon", "coordinates": [[[49.1, 55.7], [49.2, 55.8], [49.2, 55.7], [49.1, 55.8], [49.1, 55.7]]]}
        many = {"type": "Polygon", "coordinates": [[[49 + i * 1e-6, 55.7] for i in range(20_000)]]}
        for field, fields in {
            "topic": {"topic": "topics/none"},
            "districts[0]": {"districts": ["districts/none"]},
            "expireTime": {"publishTime": later(7200), "expireTime": later(3600)},
            "area": {"area": bow},
        }.items():
            answer = wait_for(
                lambda fields=fields: (a := self.editor.post("/v1/alerts", draft(**fields))).status != 503 and a, "an answer")
            self.assertEqual(answer.status, 400, answer)
            self.assertEqual([v["field"] for v in answer.json["violations"]], [field])
        large = self.editor.post("/v1/alerts", draft(area=many))
        self.assertEqual(large.status, 400, large)
        self.assertIn("10000 positions", large.json["violations"][0]["description"])
        self.assertEqual(self.guest.post("/v1/alerts", draft()).status, 401)

    def test_files_are_public_by_their_hash(self):
        uploaded = self.editor.request("POST", "/v1/attachments", raw=PDF, headers={"Content-Type": "application/pdf"})
        self.assertEqual(uploaded.status, 201, uploaded)
        alert = self.publish(attachments=[{"name": uploaded.json["name"], "title": "План"}])
        file = alert["attachments"][0]
        self.assertEqual(file["contentType"], "application/pdf")
        self.assertRegex(file["name"], r"^alertFiles/[0-9a-f]{64}$")
        self.assertEqual(self.guest.get(f"/v1/{file['name']}").body, PDF)

    def test_warnings_of_others_become_drafts(self):
        def post(body, content_type="application/cap+xml"):
            return wait_for(
                lambda: (a := self.editor.request("POST", "/v1/alerts:import", raw=body,
                                                  headers={"Content-Type": content_type})).status != 503 and a,
                "an answer")  # fmt: skip

        imported = post(warning("e2e-1"))
        self.assertEqual(imported.status, 200, imported)
        alert = imported.json["alerts"][0]
        self.assertEqual((alert["state"], alert["severity"], alert["topic"]), ("DRAFT", "EMERGENCY", "topics/weather"))
        self.assertEqual(self.guest.get(f"/v1/{alert['name']}").status, 404)
        laughs = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>'
        for body, complaint in {
            warning("e2e-2", laughs): "document type declaration",
            warning("e2e-3", '<!DOCTYPE a SYSTEM "file:///etc/passwd">'): "document type declaration",
            b"<alert>": "not well-formed XML at line 1",
            b" " * (2 << 20): "at most 1048576 bytes",
        }.items():
            refused = post(body)
            self.assertEqual(refused.status, 400, refused)
            self.assertIn(complaint, refused.json["violations"][0]["description"])
        self.assertEqual(post(b" " * (50 << 20)).status, 413)
        for url in ("https://127.0.0.1/x", "https://localhost:1/", "http://met.example/x", "file:///etc/passwd"):
            refused = post(f'{{"url": "{url}"}}'.encode(), "application/json")
            self.assertEqual((refused.status, refused.json["violations"][0]["field"]), (400, "url"), refused)

    def test_a_schedule_survives_a_crash(self):
        planned = [self.publish(title=f"План {i}", publishTime=later(3)) for i in range(5)]
        self.assertEqual({a["state"] for a in planned}, {"SCHEDULED"})
        self.city.kill("all" if self.topology == "one" else "notifications")
        time.sleep(3)
        self.city.restart("all" if self.topology == "one" else "notifications")
        for alert in planned:

            def look(path=f"/v1/{alert['name']}"):
                answer = self.editor.get(path)  # 503 until the gateway has connected again
                return answer.status == 200 and answer.json["state"] == "PUBLISHED" and answer.json

            self.assertEqual(wait_for(look, "publication")["revision"], "1")


class AlertsInACluster(Alerts):
    topology = "cluster"


if __name__ == "__main__":
    unittest.main()
