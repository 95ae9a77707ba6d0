"""Subscriptions and the feed: a subscriber hears of an alert live, in the feed and by deliveries, once."""

import sqlite3
import unittest

from city import City, wait_for

NO_LIMITS = {"limits": {"callerRate": -1, "addressRate": -1}}


def publish(editor, title, **fields):
    """Publishes an alert and returns its name. The copy of the districts may be a moment old."""

    def create():
        answer = editor.post("/v1/alerts", {"topic": "topics/utilities", "severity": "INFO", "title": title, **fields})
        return answer if answer.status != 503 else None

    created = wait_for(create, "an alert")
    assert created.status == 201, created
    published = editor.post(f"/v1/{created.json['name']}:publish")
    assert published.status == 200, published
    return created.json["name"]


class Feed:
    """The test cases; the classes below run them in each topology."""

    topology = None

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology, config=NO_LIMITS)
        cls.addClassCleanup(cls.city.close)
        cls.editor = cls.city.staff("EDITOR")
        cls.here, cls.there = [
            d["name"] for d in wait_for(lambda: cls.city.client().get("/v1/districts").json.get("districts"), "districts")
        ][:2]

    def subscribe(self, client, **fields):
        def put():
            answer = client.request("PUT", "/v1/me/subscription", fields)
            return answer if answer.status != 503 else None

        answer = wait_for(put, "a subscription")
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def alerts(self, client):
        listed = client.get("/v1/me/notifications", pageSize=200).json
        return {n["subject"]: n for n in listed.get("notifications", []) if n["subject"].startswith("alerts/")}

    def test_a_subscriber_hears_of_an_alert_until_the_topic_is_muted(self):
        resident = self.city.resident()
        self.subscribe(resident, topics=["topics/utilities"], districts=[self.here])
        live = self.city.events("/v1/me/events", resident.token)
        self.assertEqual(live.status, 200)
        elsewhere = publish(self.editor, "Не здесь", districts=[self.there])
        name = publish(self.editor, "Нет воды", districts=[self.here])
        event = live.wait(lambda e: e["json"]["subject"] == name, "the alert")
        self.assertEqual(event["json"]["title"], "Нет воды")
        self.assertEqual(event["json"]["mute"], "/v1/topics/utilities:mute")
        listed = self.alerts(resident)
        self.assertIn(name, listed)
        self.assertNotIn(elsewhere, listed)
        self.assertRegex(listed[name]["reason"], "Utilities|ЖКХ")

        self.assertEqual(resident.post(listed[name]["mute"]).status, 200)
        muted = publish(self.editor, "Тихо", districts=[self.here])
        # Still muted: a replica that reads both alerts after this change must not send the first one.
        self.subscribe(resident, topics=["topics/utilities", "topics/weather"], mutedTopics=["topics/utilities"],
                       districts=[self.here])  # fmt: skip
        loud = publish(self.editor, "Громко", topic="topics/weather", districts=[self.here])
        live.wait(lambda e: e["json"]["subject"] == loud, "the alert after the mute")
        self.assertNotIn(muted, [e["json"]["subject"] for e in live.events])
        live.close()

    def test_a_resident_of_a_district_hears_without_a_subscription(self):
        resident = self.city.resident()
        answer = resident.request("PATCH", "/v1/me", {"homeDistrict": self.here})
        self.assertEqual(answer.status, 200, answer)
        name = publish(self.editor, "Для района", districts=[self.here])
        wait_for(lambda: name in self.alerts(resident), "the alert")
        moved = resident.request("PATCH", "/v1/me", {"homeDistrict": self.there})
        self.assertEqual(moved.status, 200, moved)
        wait_for(lambda: name not in self.alerts(resident), "the move")

    def test_marks_reach_the_other_device(self):
        resident = self.city.resident()
        self.subscribe(resident)
        phone = self.city.events("/v1/me/events", resident.token)
        name = publish(self.editor, "Для всех")
        phone.wait(lambda e: e["json"]["subject"] == name, "the alert")
        notification = self.alerts(resident)[name]["name"]
        self.assertEqual(resident.post("/v1/me/notifications:markRead", {"names": [notification]}).status, 200)
        marked = phone.wait(lambda e: e["json"]["type"] == "veche.notifications.marked_read", "the marking")
        self.assertEqual(marked["json"]["marking"]["names"], [notification])
        self.assertTrue(self.alerts(resident)[name]["read"])
        phone.close()

    def test_wrong_subscriptions_are_refused(self):
        answer = self.city.resident().request(
            "PUT", "/v1/me/subscription",
            {"topics": ["topics/none"], "districts": ["districts/none"], "quietHours": {"start": "25:00", "end": "07:00"}})  # fmt: skip
        self.assertEqual(answer.status, 400, answer)
        self.assertEqual({v["field"] for v in answer.json["violations"]}, {"topics[0]", "districts[0]", "quietHours.start"})


class InOneProcess(Feed, unittest.TestCase):
    topology = "one"


class InACluster(Feed, unittest.TestCase):
    topology = "cluster"


class Crash(unittest.TestCase):
    SUBSCRIBERS = 30_000

    def test_a_crash_in_a_fan_out_neither_loses_nor_doubles(self):
        with City(config=NO_LIMITS) as city:
            editor = city.staff("EDITOR")
            publish(editor, "Первое")  # the copy of the districts is there
            city.terminate()
            database = city.data("notifications") / "notifications.db"
            with sqlite3.connect(database) as connection:
                first = connection.execute("SELECT value FROM counters WHERE name = 'subscribers'").fetchone()[0]
                version = connection.execute("SELECT value FROM counters WHERE name = 'subscriptions'").fetchone()[0]
                connection.executemany(
                    "INSERT INTO subscriptions (id, subscriber, topics, muted, districts, home_district, channels, time_zone, "
                    "language, contact_messages, read_through, create_time, update_time, version) "
                    "VALUES (?, ?, '', '', '', '', 4, '', 'ru', 1, 0, 0, 0, ?)",
                    ((first + i, f"residents/crash{i:06}", version + i) for i in range(1, self.SUBSCRIBERS + 1)))  # fmt: skip
                for counter in ("subscribers", "subscriptions"):
                    connection.execute("UPDATE counters SET value = value + ? WHERE name = ?", (self.SUBSCRIBERS, counter))
            connection.close()
            city.restart()
            editor = city.staff("EDITOR")

            def read(query):
                connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
                try:
                    return connection.execute(query).fetchone()[0]
                finally:
                    connection.close()

            name = publish(editor, "Для всех")
            post = read(f"SELECT MAX(seq) FROM alert_posts WHERE alert = '{name.split('/')[1]}'")
            of_post = f"FROM deliveries WHERE post = {post} AND subscriber LIKE 'residents/crash%'"
            wait_for(lambda: read(f"SELECT COUNT(*) {of_post}") > 0, "the first deliveries")
            city.kill()
            written = read(f"SELECT COUNT(*) {of_post}")
            self.assertLess(written, self.SUBSCRIBERS, "the crash came too late")
            city.restart()
            wait_for(lambda: read(f"SELECT COUNT(*) FROM alert_fan_outs WHERE seq = {post}") == 0, "the end of the fan-out", 90)
            self.assertEqual(read(f"SELECT COUNT(*) {of_post}"), self.SUBSCRIBERS)
            self.assertEqual(read(f"SELECT COUNT(DISTINCT subscriber) {of_post}"), self.SUBSCRIBERS)


if __name__ == "__main__":
    unittest.main()
