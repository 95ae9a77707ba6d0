"""Who left a contact hears of it: by e-mail, once, with links that work, until they end it."""

import email
import email.policy
import pathlib
import re
import subprocess
import tempfile
import unittest

from city import SOURCE, City, wait_for

PYTHON = "/usr/bin/python3"  # Debian's, which has aiosmtpd
POTHOLE = "Огромная яма на дороге у дома 12 по улице Баумана, машины бьют колёса. Сделайте ямочный ремонт асфальта!"
BAUMAN = {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"}
PUBLIC = "https://city.example.org"


def has_relay():
    return subprocess.run([PYTHON, "-c", "import aiosmtpd"], capture_output=True).returncode == 0


class Messages:
    """The test cases; the classes below run them in each topology."""

    topology = None

    @classmethod
    def setUpClass(cls):
        cls.mail = pathlib.Path(tempfile.mkdtemp(prefix="veche-mail-"))
        script = SOURCE / "services/identity/testing/smtp_server.py"
        cls.relay = subprocess.Popen([PYTHON, script, cls.mail], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.relay.kill)
        port = int(cls.relay.stdout.readline())
        cls.city = City(cls.topology, config={
            "city": {"publicUrl": PUBLIC},
            "delivery": {"smtp": {"url": f"smtp://127.0.0.1:{port}", "from": "Город <noreply@city.example>",
                                  "insecure": True}},
        })  # fmt: skip
        cls.addClassCleanup(cls.city.close)

    def received(self, contact):
        messages = []
        for file in sorted(self.mail.glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if message["X-To"] == contact:
                messages.append(message)
        return messages

    def wait_mail(self, contact, subject):
        return wait_for(lambda: next((m for m in self.received(contact) if re.search(subject, m["Subject"])), None),
                        f"a message like {subject}")  # fmt: skip

    def report(self, contact, language="ru"):
        answer = self.city.client().request(
            "POST", "/v1/appeals", {"text": POTHOLE, "location": BAUMAN, "contact": contact, "visibility": "PRIVATE"},
            {"Accept-Language": language})  # fmt: skip
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    @staticmethod
    def text(message):
        return message.get_body(("plain",)).get_content()

    def link(self, message):
        """The path of the link to the appeal."""
        return re.search(re.escape(PUBLIC) + r"(/appeals/\S+)", self.text(message)).group(1)

    def test_a_guest_hears_of_everything_once_and_can_end_it(self):
        contact = "guest@example.org"
        appeal = self.report(contact)
        name, number = appeal["name"], appeal["number"]
        receipt = self.wait_mail(contact, f"Обращение {number} получено")
        client = self.city.client()
        self.assertEqual(client.get("/v1" + self.link(receipt)).json["number"], number)
        self.assertIn(number, receipt.get_body(("html",)).get_content())
        token = re.search(r"followToken=(\S+)", self.link(receipt)).group(1)
        self.assertEqual(token, appeal["followToken"])

        self.city.wait_state(client, name, "ASSIGNED", followToken=token)
        department = client.get(f"/v1/{name}", followToken=token).json["department"]
        officer = self.city.staff("OFFICER", department)
        self.assertEqual(officer.post(f"/v1/{name}:start").status, 200)
        asked = officer.post(f"/v1/{name}:requestInfo", {"comment": "На какой полосе яма?"})
        self.assertEqual(asked.status, 200, asked)
        # In a cluster a message that a killed process was sending waits until the claim ends, for minutes.
        if self.topology == "one":
            self.city.kill()
            self.city.restart()
            client.close()  # the connections of the killed process

        question = self.wait_mail(contact, "нужны уточнения")
        self.assertIn("На какой полосе яма?", self.text(question))
        self.assertEqual(client.get("/v1" + self.link(question)).json["state"], "NEEDS_INFO")
        told = client.post(f"/v1/{name}/messages", {"text": "На правой.", "followToken": token})
        self.assertEqual(told.status, 201, told)
        officer = self.city.staff("OFFICER", department)
        self.assertEqual(officer.post(f"/v1/{name}:resolve", {"answer": "Яма заделана."}).status, 200)
        answer = self.wait_mail(contact, "решено")
        self.assertIn("Яма заделана.", self.text(answer))

        self.assertEqual(answer["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        url = re.search(r"<(\S+)>", answer["List-Unsubscribe"]).group(1)
        self.assertIn(url, self.text(answer))
        path = url.removeprefix(PUBLIC)
        page = client.get(path)
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("form-action 'self'", page.headers["Content-Security-Policy"])
        self.assertIn('<form method="post"', page.body.decode())
        self.assertNotIn("<script", page.body.decode())
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(2):
            ended = client.request("POST", path, headers=form, raw=b"List-Unsubscribe=One-Click")
            self.assertEqual(ended.status, 200, ended)
        self.assertEqual(client.request("POST", "/v1/unsubscribe?token=AAAA", headers=form, raw=b"").status, 404)

        reopened = client.post(f"/v1/{name}/messages", {"text": "Спасибо.", "followToken": token})
        self.assertEqual(reopened.status, 201, reopened)
        said = officer.post(f"/v1/{name}/messages", {"text": "Этого гость уже не получит."})
        self.assertEqual(said.status, 201, said)
        # What comes later for another guest shows that the message above was passed over.
        other = "other@example.org"
        later = self.report(other, language="uk")
        self.wait_mail(other, f"Звернення {later['number']} отримано")
        subjects = [m["Subject"] for m in self.received(contact)]
        self.assertEqual(len(subjects), len(set(subjects)), subjects)
        self.assertFalse([s for s in subjects if "Новое сообщение" in s], subjects)
        self.assertEqual(len({m["Message-ID"] for m in self.received(contact)}), len(subjects))

    def publish(self, editor, topic, title):
        alert = {"topic": topic, "severity": "WARNING", "titles": {"ru": title, "en": title}}
        created = editor.post("/v1/alerts", alert)
        self.assertEqual(created.status, 201, created)
        published = editor.post(f"/v1/{created.json['name']}:publish")
        self.assertEqual(published.status, 200, published)

    def mailed_resident(self, contact):
        """Signs in with the code that comes by mail."""
        client = self.city.client()
        sent = client.post("/v1/auth:sendCode", {"contact": contact})
        self.assertEqual(sent.status, 200, sent)
        code = re.search(r"\b\d{6}\b", self.text(self.wait_mail(contact, "."))).group()
        signed = client.post("/v1/auth:signIn", {"challenge": sent.json["challenge"], "code": code})
        self.assertEqual(signed.status, 200, signed)
        client.token = signed.json["accessToken"]
        return client

    def test_an_alert_comes_by_mail_until_its_link_ends_the_topic(self):
        contact = "subscriber@example.org"
        resident = self.mailed_resident(contact)
        chosen = {"topics": ["topics/utilities", "topics/weather"], "channels": ["EMAIL"]}
        answer = resident.request("PUT", "/v1/me/subscription", chosen, {"Accept-Language": "ru"})
        self.assertEqual(answer.status, 200, answer)
        editor = self.city.staff("EDITOR")
        self.publish(editor, "topics/utilities", "Нет воды")
        mail = self.wait_mail(contact, "Нет воды")
        self.assertIn("Вы подписаны на тему", self.text(mail))

        self.assertEqual(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        url = re.search(r"<(\S+)>", mail["List-Unsubscribe"]).group(1)
        self.assertIn(url, self.text(mail))
        path = url.removeprefix(PUBLIC)
        page = self.city.client().request("GET", path, headers={"Accept-Language": "ru"})
        self.assertEqual(page.status, 200, page)
        topic = next(t["title"] for t in self.city.client().request(
            "GET", "/v1/topics", headers={"Accept-Language": "ru"}).json["topics"] if t["name"] == "topics/utilities")  # fmt: skip
        self.assertIn(f"«{topic}»", page.body.decode())
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        ended = self.city.client().request("POST", path, headers=form, raw=b"List-Unsubscribe=One-Click")
        self.assertEqual(ended.status, 200, ended)

        self.publish(editor, "topics/utilities", "Снова нет воды")
        self.publish(editor, "topics/weather", "Гроза")
        self.wait_mail(contact, "Гроза")
        off = resident.request("PUT", "/v1/me/subscription", {**chosen, "channels": ["IN_APP"]})
        on = resident.request("PUT", "/v1/me/subscription", chosen, {"Accept-Language": "ru"})
        self.assertEqual((off.status, on.status), (200, 200))
        self.publish(editor, "topics/utilities", "Вода есть")
        self.wait_mail(contact, "Вода есть")  # e-mail was turned on anew
        subjects = [m["Subject"] for m in self.received(contact)]
        self.assertFalse([s for s in subjects if "Снова" in s], subjects)
        self.assertEqual(len(subjects), len(set(subjects)), subjects)

    def test_a_code_comes_by_mail(self):
        client = self.city.client()
        self.assertEqual(client.post("/v1/auth:sendCode", {"contact": "code@example.org"}).status, 200)
        self.assertRegex(self.text(self.wait_mail("code@example.org", ".")), r"\b\d{6}\b")

    def test_dead_messages_are_listed_and_sent_again(self):
        self.report("never@example.org")
        admin = self.city.staff("ADMIN")

        def dead():
            return admin.get("/v1/messages", state="DEAD").json.get("messages")

        message = wait_for(dead, "a dead message")[0]
        self.assertEqual((message["error"], message["channel"]), ("SMTP 550", "EMAIL"))
        self.assertNotIn("never@", str(message))
        again = admin.post(f"/v1/{message['name']}:resend", {})
        self.assertEqual(again.status, 200, again)
        refused = self.city.client().get("/v1/messages", state="DEAD")
        self.assertEqual(refused.status, 401, refused)

    def test_feedback_is_for_administrators(self):
        sent = self.city.client().post("/v1/feedback", {"text": "Карта медленная", "contact": "a@example.org"})
        self.assertEqual(sent.status, 200, sent)
        listed = self.city.staff("ADMIN").get("/v1/feedback")
        self.assertEqual(listed.json["messages"][0]["text"], "Карта медленная")
        self.assertEqual(self.city.client().get("/v1/feedback").status, 401)


@unittest.skipUnless(has_relay(), "python3-aiosmtpd is not installed")
class OneProcess(Messages, unittest.TestCase):
    topology = "one"


@unittest.skipUnless(has_relay(), "python3-aiosmtpd is not installed")
class Cluster(Messages, unittest.TestCase):
    topology = "cluster"


if __name__ == "__main__":
    unittest.main()
