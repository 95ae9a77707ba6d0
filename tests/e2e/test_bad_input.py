"""Every wrong request is answered with a problem document that explains the mistake, and the program keeps running."""

import base64
import json
import socket
import unittest

from city import City, Client, wait_for
from test_main_job import BAUMAN, POTHOLE


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City()
        cls.addClassCleanup(cls.city.close)
        cls.client = cls.city.client()
        cls.resident = cls.city.resident()

    def problem(self, answer, status, reason=None):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        document = answer.json
        self.assertEqual(document["status"], status)
        for field in ("type", "title", "detail", "code", "traceId"):
            self.assertTrue(document.get(field), f"{field} in {document}")
        for inside in ("SELECT", "INSERT", "sqlite", "pq:", "/work/", ".cc:"):
            self.assertNotIn(inside, answer.body.decode())
        if reason:
            self.assertEqual(document["reason"], reason)
        return document

    def violations(self, answer):
        return {v["field"] for v in self.problem(answer, 400)["violations"]}

    def test_every_wrong_field_at_once(self):
        answer = self.client.post("/v1/appeals", {
            "txt": "no such field", "kind": "SHOUT", "location": {"latitude": "north", "longitud": 49}})  # fmt: skip
        self.assertLessEqual({"txt", "kind", "location.latitude", "location.longitud"}, self.violations(answer))
        answer = self.client.post("/v1/appeals", {
            "text": " ", "location": {"latitude": 91, "longitude": 181}, "category": "categories/none",
            "attachments": ["attachments/none"]})  # fmt: skip
        self.assertLessEqual({"text", "location.latitude", "location.longitude", "category", "attachments[0]"},
                             self.violations(answer))  # fmt: skip

    def test_half_a_point(self):
        half = {"text": "Яма", "location": {"latitude": 55.7}}
        self.assertEqual({"location.longitude"}, self.violations(self.client.post("/v1/appeals", half)))
        for path in ("/v1/appeals:suggestDuplicates", "/v1/classification:suggest"):
            self.assertEqual({"location.longitude"}, self.violations(self.client.post(path, half)))
        located = self.client.get("/v1/districts:locate", longitude=49.1)
        self.assertEqual({"latitude"}, self.violations(located))
        address = {"text": "Яма", "location": {"latitude": None, "longitude": None, "address": "ул. Баумана, 12"}}
        created = self.client.post("/v1/appeals", address)
        self.assertEqual(created.status, 201, created)
        self.assertEqual(created.json["location"], {"address": "ул. Баумана, 12"})

    def test_required_fields(self):
        self.assertEqual(self.violations(self.client.post("/v1/appeals", {})), {"text"})
        # One answer lists the findings of the gateway, of the proto's REQUIRED and of the handler.
        wrong = {"nope": 1, "visibility": 5.5, "location": {"latitude": "north", "longitude": 200},
                 "attachments": [7, "x"], "category": "housing"}  # fmt: skip
        self.assertEqual({"nope", "visibility", "location.latitude", "location.longitude", "attachments[0]",
                          "attachments[1]", "category", "text"},
                         self.violations(self.client.post("/v1/appeals", wrong)))  # fmt: skip
        self.assertEqual(self.violations(self.client.post("/v1/auth:sendCode", {})), {"contact"})

    def test_routes_methods_and_types(self):
        self.problem(self.client.get("/v1/nothing"), 404)
        wrong = self.client.request("DELETE", "/v1/appeals")
        self.problem(wrong, 405)
        self.assertEqual({m.strip() for m in wrong.headers["Allow"].split(",")} & {"GET", "POST"}, {"GET", "POST"})
        self.problem(self.client.request("POST", "/v1/appeals", raw=b"a=b", headers={
            "Content-Type": "application/x-www-form-urlencoded"}), 415)  # fmt: skip
        self.problem(self.client.request("POST", "/v1/appeals", raw=b'{"text": "' + b"x" * (1 << 20) + b'"}'), 413)
        broken = self.problem(self.client.request("POST", "/v1/appeals", raw=b'{"text": "a",,}'), 400)
        self.assertRegex(broken["detail"], r"\d")

    def test_texts_of_every_kind(self):
        cases = [
            ("", 400), ("   \n\t ", 400), ("я" * 100_000, 400), ("a\u0000b", 400),
            ("مرحبا، الشارع مظلم", 201), ("🕳️🚗💥 яма", 201), ("\u202eяма наоборот", 201), ("я" * 20_000, 201),
        ]  # fmt: skip
        for text, status in cases:
            answer = self.client.post("/v1/appeals", {"text": text})
            self.assertEqual(answer.status, status, f"{text[:20]!r} {len(text)}: {answer}")
            if status == 201:
                # Characters that change the direction of text are removed.
                self.assertEqual(answer.json["text"], text.replace("\u202e", ""))
        self.problem(self.client.request("POST", "/v1/appeals", raw=b'{"text": "\xff\xfe"}'), 400)

    def suggest(self, text):
        answer = self.client.post("/v1/classification:suggest", {"text": text})
        self.assertEqual(answer.status, 200, f"{text[:20]!r} {len(text)}: {answer}")
        candidates = answer.json["candidates"]
        self.assertLessEqual(len(candidates), 3)
        probabilities = [c.get("probability", 0) for c in candidates]
        self.assertEqual(probabilities, sorted(probabilities, reverse=True))
        self.assertTrue(all(0 <= p <= 1 for p in probabilities) and sum(probabilities) <= 1.0001, probabilities)
        return answer.json

    def test_classification_is_honest_about_what_says_nothing(self):
        for text in ("я", "z", "🕳️🚗💥", "....!!!???", "\ufeff", "asdfgh qwerty zxcvb", "12345 67890", "я" * 100_000):
            said = self.suggest(text)
            self.assertFalse(said.get("confident"), f"{text[:20]!r}: {said}")
            self.assertLess(said["candidates"][0]["probability"], 0.8)
            self.assertIn(said["priority"], ("LOW", "NORMAL"), f"{text[:20]!r}: {said}")
            self.assertFalse(said.get("emergency"))
        self.assertEqual(self.suggest("🕳️🚗💥")["language"], "und")

    def test_classification_reads_what_is_written_oddly(self):
        plain = self.suggest("На дороге огромная яма, нужен ямочный ремонт асфальта")["candidates"][0]["category"]
        for text in (
            "Na doroge ogromnaya yama, nuzhen yamochnyj remont asfalta",  # typed in Latin letters
            "На doroge огромная yama, нужен ямочный remont асфальта",
            "Ha дopoге огpомнaя ямa, нужен ямoчный рeмонт acфальтa",  # Latin letters that look Cyrillic
            "\u0001На\u0002 дороге\u0007 огромная\u001b яма, нужен ямочный ремонт",
            "\u202eНа дороге огромная яма, нужен ямочный ремонт\u202c",
            "НА ДОРОГЕ ОГРОМНАЯ ЯМА!!!! " * 3_700,
        ):
            self.assertEqual(self.suggest(text)["candidates"][0]["category"], plain, repr(text[:60]))

    def test_classification_refuses_what_is_no_text(self):
        path = "/v1/classification:suggest"
        for text in ("", " \t\n", "яма\u0000", "я" * 100_001):
            self.assertEqual(self.violations(self.client.post(path, {"text": text})), {"text"}, repr(text[:20]))
        self.assertEqual(self.violations(self.client.post(path, {})), {"text"})
        wrong = {"text": " ", "location": {"latitude": 91, "longitude": -181}, "category": "potholes",
                 "district": "west", "maxCandidates": 21, "txt": "яма"}  # fmt: skip
        self.assertEqual(self.violations(self.client.post(path, wrong)),
                         {"text", "location.latitude", "location.longitude", "category", "district", "maxCandidates", "txt"})  # fmt: skip
        self.problem(self.client.request("POST", path, raw=b'{"text": "\xff\xfe"}'), 400)
        self.problem(self.client.request("POST", path, raw=b'{"text": "'), 400)

    def test_tokens(self):
        token = self.resident.token
        header, payload, signature = token.split(".")

        def encode(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        forged = encode({**claims, "roles": ["ADMIN"]})
        none = encode({"alg": "none", "typ": "JWT"})
        hmac = encode({"alg": "HS256", "typ": "JWT"})
        for bad in ("", "x", "a.b.c", f"{header}.{forged}.{signature}", f"{none}.{payload}.", f"{hmac}.{payload}.{signature}",
                    f"{header}.{payload}.{signature[:-4]}AAAA", token + "x"):  # fmt: skip
            self.problem(self.client.request("GET", "/v1/me", headers={"Authorization": f"Bearer {bad}"}), 401)
        self.problem(self.client.get("/v1/me"), 401)
        self.problem(self.client.request("GET", "/v1/me", headers={"Authorization": "Basic eDp5"}), 401)
        self.problem(self.resident.get("/v1/staff"), 403)
        self.problem(self.resident.get("/v1/appeals:inbox"), 403)
        self.assertEqual(self.resident.get("/v1/me").status, 200)

    def test_refresh_tokens_rotate_and_reuse_ends_the_session(self):
        first = self.city.resident().signed_in["refreshToken"]
        second = self.client.post("/v1/auth:refresh", {"refreshToken": first})
        self.assertEqual(second.status, 200, second)
        third = self.client.post("/v1/auth:refresh", {"refreshToken": second.json["refreshToken"]})
        self.assertEqual(third.status, 200, third)
        self.problem(self.client.post("/v1/auth:refresh", {"refreshToken": first}), 401)
        self.problem(self.client.post("/v1/auth:refresh", {"refreshToken": third.json["refreshToken"]}), 401)

    def test_codes_are_limited(self):
        answers = [self.client.post("/v1/auth:sendCode", {"contact": "many@example.org"}) for _ in range(6)]
        self.assertEqual([a.status for a in answers], [200] * 5 + [429])
        self.assertIn("Retry-After", answers[-1].headers)
        challenge = answers[0].json["challenge"]
        for _ in range(5):
            self.problem(self.client.post("/v1/auth:signIn", {"challenge": challenge, "code": "000000"}), 401)

    def test_private_appeals_are_not_there_for_others(self):
        appeal = self.resident.post("/v1/appeals", {"text": POTHOLE, "visibility": "PRIVATE"}).json
        stranger = self.city.resident()
        for path in ("", "/timeline", ":watch", "/messages"):
            self.problem(stranger.get(f"/v1/{appeal['name']}{path}"), 404)
        self.problem(stranger.post(f"/v1/{appeal['name']}:support"), 404)
        self.assertEqual(self.resident.get(f"/v1/{appeal['name']}").status, 200)

    def test_forbidden_transitions_name_the_state(self):
        appeal = self.resident.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}).json
        appeal = self.city.wait_state(self.resident, appeal["name"], "ASSIGNED")
        self.problem(self.resident.post(f"/v1/{appeal['name']}:rate", {"score": 5}), 422)
        document = self.problem(self.resident.post(f"/v1/{appeal['name']}:reopen", {"comment": "нет"}), 422)
        self.assertIn("The appeal is assigned", document["detail"])
        self.problem(self.resident.post(f"/v1/{appeal['name']}:resolve", {"answer": "сам"}), 403)
        others = next(a for a in self.city.accounts()
                      if "OFFICER" in a["roles"] and a["department"] != appeal["department"])  # fmt: skip
        stranger = self.city.staff("OFFICER", others["department"])
        self.problem(stranger.post(f"/v1/{appeal['name']}:start"), 403)

    def test_conditional_requests(self):
        appeal = self.resident.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}).json
        self.city.wait_state(self.resident, appeal["name"], "ASSIGNED")
        fresh = self.resident.get(f"/v1/{appeal['name']}")
        etag = fresh.headers["ETag"]
        same = self.resident.request("GET", f"/v1/{appeal['name']}", headers={"If-None-Match": etag})
        self.assertEqual((same.status, same.body), (304, b""))
        stale = self.resident.request("POST", f"/v1/{appeal['name']}:withdraw", {}, {"If-Match": '"0"'})
        self.problem(stale, 412)
        done = self.resident.request("POST", f"/v1/{appeal['name']}:withdraw", {}, {"If-Match": etag})
        self.assertEqual(done.json["state"], "WITHDRAWN", done)

    def test_pages_and_filters(self):
        self.problem(self.client.get("/v1/appeals", bbox="1,2,3"), 400)
        self.problem(self.client.get("/v1/appeals", pageToken="garbage"), 400)
        self.problem(self.client.get("/v1/appeals", pageSize="-1"), 400)
        self.problem(self.client.get("/v1/appeals", state="DONE"), 400)
        self.problem(self.client.get("/v1/appeals", nonsense="1"), 400)
        seen, token = [], ""
        while True:
            page = self.client.get("/v1/appeals", pageSize=50, **({"pageToken": token} if token else {})).json
            seen += [a["name"] for a in page["appeals"]]
            token = page.get("nextPageToken")
            if not token:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreater(len(seen), 200)
        self.assertEqual(seen, sorted(seen, reverse=True))

    def test_attachments_of_wrong_kinds(self):
        def upload(data, kind):
            return self.resident.request("POST", "/v1/attachments", headers={"Content-Type": kind}, raw=data)

        self.problem(upload(b"MZ\x90\x00" * 100, "image/jpeg"), 400)
        self.problem(upload(b"#!/bin/sh\n", "application/x-sh"), 400)
        self.problem(upload(b"", "image/png"), 400)
        self.problem(upload(b"\xff\xd8\xff\xe0" + b"\0" * (21 << 20), "image/jpeg"), 413)

    def test_slow_and_broken_senders_do_not_stop_others(self):
        host, port = self.city.address.split(":")
        slow = []
        for _ in range(50):
            connection = socket.create_connection((host, int(port)))
            connection.sendall(b"POST /v1/appeals HTTP/1.1\r\nHost: x\r\nContent-Le")
            slow.append(connection)
        self.assertEqual(self.client.get("/v1/categories").status, 200)
        for connection in slow:
            connection.close()
        for garbage in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 100, b"X" * 20_000):
            with socket.create_connection((host, int(port))) as connection:
                connection.sendall(garbage)
                connection.settimeout(10)
                if not garbage.startswith(b"\r\n"):
                    try:
                        answer = connection.recv(100)
                    except ConnectionResetError:
                        answer = b""
                    self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.1 5"), answer)
        self.assertEqual(self.client.get("/v1/categories").status, 200)

    def test_the_contract_is_published(self):
        document = self.client.get("/openapi.json")
        self.assertEqual((document.status, document.json["openapi"][:3]), (200, "3.1"))
        self.assertIn("/v1/appeals", document.json["paths"])
        self.assertEqual(self.client.get("/docs").status, 200)
        self.assertTrue(self.client.get("/.well-known/jwks.json").json["keys"])

    def test_operator_port(self):
        admin = Client(self.city.admin)
        self.assertEqual(admin.get("/healthz").status, 200)
        self.assertEqual(admin.get("/readyz").status, 200)
        metrics = admin.get("/metrics").body.decode()
        for name in ("veche_rpc_calls_total", "veche_http_requests_total"):
            self.assertIn(name, metrics)

    def test_logs_hold_nothing_personal(self):
        secret = "+79170000123"
        resident = self.city.resident(secret)
        resident.post("/v1/appeals", {"text": "СекретныйТекст про мой дом"})
        log = self.city.processes["all"].log.read_text()
        for word in (secret, "СекретныйТекст", resident.token, resident.signed_in["refreshToken"]):
            self.assertNotIn(word, log)


if __name__ == "__main__":
    unittest.main()
