"""Polls: anonymous ballots, receipts, the board, and what attackers and crashes try."""

import base64
import hashlib
import http.server
import json
import pathlib
import re
import struct
import subprocess
import threading
import time
import unittest
import urllib.error
import urllib.request
import uuid
import zlib

from city import BINARY, City, wait_for

NO_LIMITS = {"limits": {"callerRate": -1, "addressRate": -1}}


def in_an_hour():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


def texts(text):
    return {"texts": {"en": text}}


def png():
    """A grey pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def poll_of_each_type(**fields):
    return {
        "titles": {"en": "Our park", "ru": "Наш парк"},
        "questions": [
            {**texts("Where?"), "type": "SINGLE", "options": [texts("North"), texts("South")]},
            {**texts("What?"), "type": "MULTIPLE", "max": 2, "options": [texts("A"), texts("B"), texts("C")]},
            {**texts("How good?"), "type": "RATING"},
            {**texts("In which order?"), "type": "RANKING", "options": [texts("A"), texts("B"), texts("C")]},
            {**texts("For what?"), "type": "BUDGET", "budget": 100,
             "options": [{**texts("Bench"), "price": 40}, {**texts("Swing"), "price": 70}]},
        ],
        "closeTime": in_an_hour(),
        "batch": {"ballots": 1},
        **fields,
    }  # fmt: skip


class Recorder:
    """A proxy that keeps the ballots that pass through it."""

    def __init__(self, target):
        recorder = self
        self.target, self.ballots = target, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def _pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
                if self.path.endswith("/ballots"):
                    recorder.ballots.append(body)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
                request = urllib.request.Request(f"http://{recorder.target}{self.path}", body, headers, method=self.command)
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:
                        status, text = answer.status, answer.read()
                except urllib.error.HTTPError as error:
                    status, text = error.code, error.read()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = _pass_on

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Voting:
    """Opens polls and votes with `veche vote`."""

    def __init__(self, city):
        self.city = city
        self.editor = city.staff("EDITOR")

    def open(self, **fields):
        created = self.editor.post("/v1/polls", poll_of_each_type(**fields))
        assert created.status == 201, created
        opened = self.editor.post(f"/v1/{created.json['name']}:open")
        assert opened.status == 200, opened
        return opened.json

    def vote(self, poll, voter, *answers, token="", address="", flags=()):
        address = address or self.city.address.split(",")[0]
        return subprocess.run(
            [BINARY, "vote", "--url", f"http://{address}", "--poll", poll["name"].split("/")[1], "--token", token,
             "--state", str(self.city.folder / f"{voter}.vote"),
             *[part for answer in answers for part in ("--answer", answer)], *flags],
            capture_output=True, text=True, timeout=60)  # fmt: skip

    def close(self, poll):
        closing = self.editor.post(f"/v1/{poll['name']}:close")
        assert closing.status == 200, closing
        return self.city.wait_state(self.editor, poll["name"], "CLOSED")

    def download(self, poll):
        board = self.city.client().get(f"/v1/{poll['name']}/board:download")
        assert board.status == 200, board
        path = pathlib.Path(self.city.folder) / "board.ndjson"
        path.write_bytes(board.body)
        return path

    def verify(self, path):
        return subprocess.run([BINARY, "verify-poll", str(path)], capture_output=True, text=True, timeout=60)


class Polls:
    """The test cases; the classes below run them in each topology."""

    topology = None

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology, config=NO_LIMITS)
        cls.addClassCleanup(cls.city.close)
        cls.voting = Voting(cls.city)

    def test_from_a_draft_to_a_recount(self):
        poll = self.voting.open(resultsHidden=True)
        self.assertEqual(poll["state"], "OPEN")
        self.assertEqual(len(poll["limits"]), 4)
        residents = [self.city.resident() for _ in range(3)]
        for i, resident in enumerate(residents):
            voted = self.voting.vote(poll, f"full{i}", "q1=o1", "q2=o1,o2", f"q3={i + 2}", "q4=o2,o1", "q5=o2",
                                     token=resident.token)  # fmt: skip
            self.assertEqual(voted.returncode, 0, voted)
        again = self.voting.vote(poll, "full0", "q1=o2", token=residents[0].token, flags=["--revote"])
        self.assertEqual(again.returncode, 0, again)
        checked = self.voting.vote(poll, "full0", flags=["--check"])
        self.assertEqual(checked.returncode, 0, checked)

        anybody = self.city.client()
        for reader in (anybody, self.voting.editor):
            hidden = reader.get(f"/v1/{poll['name']}/results")
            self.assertEqual((hidden.status, hidden.json["reason"]), (422, "RESULTS_HIDDEN"), hidden)
        board = anybody.get(f"/v1/{poll['name']}/board").json
        self.assertEqual((len(board["leafHashes"]), board["entries"]), (5, []))
        self.assertEqual(anybody.get(f"/v1/{poll['name']}/board:download").json["reason"], "BOARD_NOT_CLOSED")

        self.voting.close(poll)
        results = anybody.get(f"/v1/{poll['name']}/results").json
        self.assertEqual((results["final"], results["ballotCount"], results["issuedCount"], results["faults"]),
                         (True, "3", "3", []))  # fmt: skip
        self.assertEqual([o["count"] for o in results["questions"][0]["options"]], ["2", "1"])
        self.assertEqual(results["questions"][2]["mean"], 3.5, "the first voter's last ballot rates nothing")
        path = self.voting.download(poll)
        verified = self.voting.verify(path)
        self.assertEqual(verified.returncode, 0, verified)
        self.assertIn("No faults", verified.stdout)
        closed = self.editor_opens_again(poll)
        self.assertEqual(closed, "CLOSED", "a closed poll never opens again")

        lines = path.read_text().splitlines()
        path.write_text("\n".join([*lines[:2], *lines[3:]]) + "\n")
        self.assertEqual(self.voting.verify(path).returncode, 1, "a removed ballot is noticed")

    def test_residents_hear_of_the_polls_of_their_district(self):
        districts = self.city.client().get("/v1/districts").json["districts"]
        here, elsewhere, anywhere = (self.city.resident() for _ in range(3))
        for resident, district in ((here, districts[0]), (elsewhere, districts[1])):
            self.assertEqual(resident.request("PATCH", "/v1/me", {"homeDistrict": district["name"]}).status, 200)
        live = self.city.events("/v1/me/events", here.token)
        of_one = self.voting.open(districts=[districts[0]["name"]])
        of_all = self.voting.open()
        self.voting.close(of_one)

        def heard(client, poll):
            listed = client.get("/v1/me/notifications", pageSize=200).json
            return [n for n in reversed(listed.get("notifications", [])) if n["subject"] == poll["name"]]

        live.wait(lambda e: e["json"]["type"] == "veche.polling.poll_closed", "the live notification")
        live.close()
        types = [n["type"] for n in heard(here, of_one)]
        self.assertEqual((types[0], types[-1]), ("veche.polling.poll_opened", "veche.polling.poll_closed"))
        self.assertEqual(len(types), len(set(types)), "no notice comes twice")
        self.assertIn("Our park", heard(here, of_one)[0]["title"])
        for resident in (here, elsewhere, anywhere):
            wait_for(lambda: heard(resident, of_all), "the notice of a poll of the whole city")
        self.assertEqual((heard(elsewhere, of_one), heard(anywhere, of_one)), ([], []))

    def editor_opens_again(self, poll):
        self.voting.editor.post(f"/v1/{poll['name']}:open")
        return self.voting.editor.get(f"/v1/{poll['name']}").json["state"]

    def test_a_receipt_comes_when_the_batch_is_appended(self):
        poll = self.voting.open(batch={"ballots": 2, "seconds": 600})
        first, second = self.city.resident(), self.city.resident()
        waiting = self.voting.vote(poll, "batch1", "q1=o1", token=first.token, flags=["--wait", "0"])
        name = re.search(r"under the ticket (\S+)\.", waiting.stderr).group(1)
        anybody = self.city.client()
        receipt = anybody.get(f"/v1/{poll['name']}/ballots/{name}")
        self.assertEqual(receipt.status, 202, receipt)
        watcher = self.city.events(f"/v1/{poll['name']}/ballots/{name}:watch")
        self.addCleanup(watcher.close)
        self.assertEqual(self.voting.vote(poll, "batch2", "q1=o2", token=second.token).returncode, 0)
        event = watcher.wait(lambda e: True, "the receipt")
        self.assertIn(event["json"]["boardIndex"], ("1", "2"))
        self.assertEqual(anybody.get(f"/v1/{poll['name']}/ballots/{name}").status, 200)
        unknown = anybody.get(f"/v1/{poll['name']}/ballots/{'A' * 43}")
        self.assertEqual((unknown.status, unknown.json["reason"]), (404, "BALLOT_NOT_FOUND"))

    def test_forged_ballots_are_refused(self):
        poll, other = self.voting.open(), self.voting.open()
        recorder = Recorder(self.city.address.split(',')[0])
        self.addCleanup(recorder.close)
        resident = self.city.resident()
        voted = self.voting.vote(poll, "forged", "q1=o1", token=resident.token, address=recorder.address)
        self.assertEqual(voted.returncode, 0, voted)
        body = recorder.ballots[0]
        self.assertEqual(len(body) % 8192, 0, "the length tells nothing")
        ballot = json.loads(body)
        path = f"/v1/{poll['name']}/ballots"
        send = lambda changes, to=path: self.city.client().post(to, {**ballot, **changes})  # noqa: E731

        self.assertEqual(send({}).status, 200, "a replay gets the same receipt")
        size = self.city.client().get(f"/v1/{poll['name']}/board").json["signedHead"]["treeSize"]
        tampered = ballot["signature"][:8] + ("A" if ballot["signature"][8] != "A" else "B") + ballot["signature"][9:]
        for changes, status in (
            ({"answers": [{"question": "q1", "options": ["o2"]}]}, 400),
            ({"answers": [{"question": "q1", "options": ["o1", "o1"]}]}, 400),
            ({"answers": [{"question": "q9", "options": ["o1"]}]}, 400),
            ({"counter": "2"}, 400),
            ({"counter": "0"}, 400),
            ({"signature": tampered}, 400),
            ({"signature": ""}, 400),
            ({"prefix": ballot["salt"]}, 400),
            ({"salt": ballot["prefix"]}, 400),
            ({"voterKey": ballot["voterKey"][:40]}, 400),
            ({"ballotSignature": ballot["salt"]}, 400),
            ({"secondPrefix": ballot["prefix"], "secondSignature": ballot["signature"]}, 400),
            ({"answers": [{"question": "q" * 5000, "options": ["o" * 5000]}]}, 400),
        ):
            answer = send(changes)
            self.assertEqual(answer.status, status, (changes, answer))
            self.assertTrue(answer.json.get("reason") or answer.json.get("violations") or answer.json["detail"])
        self.assertEqual(send({}, f"/v1/{other['name']}/ballots").status, 400, "a credential is for one poll")
        self.assertEqual(send({}, "/v1/polls/nothing/ballots").status, 404)
        for header in ({"Authorization": f"Bearer {resident.token}"}, {"Cookie": "a=b"}):
            refused = self.city.client().post(path, ballot, headers=header)
            self.assertEqual(refused.status, 400, refused)
        self.assertEqual(self.city.client().get(f"/v1/{poll['name']}/board").json["signedHead"]["treeSize"], size)
        self.voting.close(poll)

    def test_a_resident_gets_one_credential(self):
        poll = self.voting.open()
        resident = self.city.resident()
        answers, lock = [], threading.Lock()

        def ask(i):
            blinded = b"\1" + uuid.uuid4().bytes * 23 + bytes(15)
            body = {"blindedMessage": base64.b64encode(blinded).decode()}
            answer = self.city.client(resident.token).post(f"/v1/{poll['name']}:issueCredential", body)
            with lock:
                answers.append(answer)

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        issued = [a for a in answers if a.status == 200]
        self.assertEqual(len(issued), 1)
        self.assertLessEqual({a.status for a in answers}, {200, 409, 429, 503})
        self.assertIn("CREDENTIAL_ISSUED", {a.json.get("reason") for a in answers})
        anonymous = self.city.client().post(f"/v1/{poll['name']}:issueCredential", {"blindedMessage": "AA=="})
        self.assertEqual(anonymous.status, 401)

    def test_options_have_pictures(self):
        uploaded = self.voting.editor.request("POST", "/v1/attachments", raw=png(), headers={"Content-Type": "image/png"})
        self.assertEqual(uploaded.status, 201, uploaded)
        draft = poll_of_each_type()
        draft["questions"][0]["options"][0]["picture"] = uploaded.json["name"]
        created = self.voting.editor.post("/v1/polls", draft)
        self.assertEqual(created.status, 201, created)
        picture = created.json["questions"][0]["options"][0]["picture"]
        self.assertEqual(self.city.client().get(f"/v1/pictures/{picture}").status, 404, "the poll is a draft")
        self.assertEqual(self.voting.editor.get(f"/v1/pictures/{picture}").status, 200)
        self.assertEqual(self.voting.editor.post(f"/v1/{created.json['name']}:open").status, 200)
        served = self.city.client().get(f"/v1/pictures/{picture}")
        self.assertEqual((served.status, served.headers["Content-Type"]), (200, "image/png"))
        self.assertEqual(hashlib.sha256(served.body).hexdigest(), picture)
        draft["questions"][0]["options"][0]["picture"] = "attachments/nothing"
        refused = self.voting.editor.post("/v1/polls", draft)
        self.assertIn("questions[0].options[0].picture", refused.body.decode())

    def test_only_editors_see_and_change_drafts(self):
        draft = self.voting.editor.post("/v1/polls", poll_of_each_type(subjects=[f"appeals/{'0' * 26}"])).json
        resident = self.city.resident()
        self.assertEqual(self.city.client().get(f"/v1/{draft['name']}").status, 404)
        self.assertNotIn(draft["name"], [p["name"] for p in resident.get("/v1/polls", pageSize=200).json["polls"]])
        self.assertEqual(resident.post("/v1/polls", poll_of_each_type()).status, 403)
        self.assertEqual(resident.post(f"/v1/{draft['name']}:open").status, 403)
        changed = self.voting.editor.request("PATCH", f"/v1/{draft['name']}", {"titles": {"en": "Another"}})
        self.assertEqual((changed.status, changed.json["title"]), (200, "Another"), changed)
        emptied = self.voting.editor.request("PATCH", f"/v1/{draft['name']}?updateMask=subjects", {})
        self.assertEqual((emptied.status, emptied.json.get("subjects", [])), (200, []), emptied)
        wrong = self.voting.editor.post("/v1/polls", poll_of_each_type(closeTime="2020-01-01T00:00:00Z"))
        self.assertEqual(wrong.status, 400)
        self.assertIn("closeTime", wrong.body.decode())
        self.assertEqual(self.voting.editor.post(f"/v1/{draft['name']}:open").status, 200)
        fixed = self.voting.editor.request("PATCH", f"/v1/{draft['name']}", {"titles": {"en": "Changed"}})
        self.assertEqual(fixed.json["reason"], "POLL_NOT_DRAFT")


class OneProcess(Polls, unittest.TestCase):
    topology = "one"


class Cluster(Polls, unittest.TestCase):
    topology = "cluster"


class Crashes(unittest.TestCase):
    def test_no_second_credential_and_no_lost_ballot(self):
        city = City(config=NO_LIMITS)
        self.addCleanup(city.close)
        voting = Voting(city)
        poll = voting.open()
        tokens = [city.resident().token for _ in range(12)]
        done = []

        def vote(i):
            while True:  # like a person: tries again until there is a receipt
                voted = voting.vote(poll, f"crash{i}", "q1=o1", token=tokens[i])
                if voted.returncode == 0:
                    done.append(next(line.split()[1] for line in voted.stdout.splitlines() if "ticket" in line))
                    return
                time.sleep(0.05)

        threads = [threading.Thread(target=vote, args=(i,)) for i in range(len(tokens))]
        for thread in threads:
            thread.start()
        for kills in (1, 5, 9):
            wait_for(lambda: len(done) >= kills, "votes")
            city.kill()
            city.restart()
        for thread in threads:
            thread.join()
        client = city.client()
        for ticket in done:
            self.assertEqual(client.get(f"/v1/{poll['name']}/ballots/{ticket}").status, 200)
        voting.editor.close()  # the connection of the killed process
        self.assertEqual(voting.editor.post(f"/v1/{poll['name']}:close").status, 200)
        city.kill()  # in the middle of closing
        city.restart()
        city.wait_state(client, poll["name"], "CLOSED")
        results = client.get(f"/v1/{poll['name']}/results").json
        self.assertEqual((results["ballotCount"], results["issuedCount"], results["faults"]), ("12", "12", []))
        self.assertEqual(voting.verify(voting.download(poll)).returncode, 0)


class TwoIssuers(unittest.TestCase):
    def test_a_ballot_needs_both_signatures(self):
        with City("many", config=NO_LIMITS, second_issuer="union") as city:
            voting = Voting(city)
            poll = voting.open(issuers=[{"name": "city"}, {"name": "union"}])
            self.assertEqual([i["name"] for i in poll["issuers"]], ["city", "union"])
            recorder = Recorder(city.address)
            self.addCleanup(recorder.close)
            voted = voting.vote(poll, "two", "q1=o1", token=city.resident().token, address=recorder.address)
            self.assertEqual(voted.returncode, 0, voted)
            ballot = json.loads(recorder.ballots[0])
            for part in ("second", ""):
                one = {k: v for k, v in ballot.items() if k not in ("secondPrefix", "secondSignature")}
                if part == "":
                    one["prefix"], one["signature"] = ballot["secondPrefix"], ballot["secondSignature"]
                refused = city.client().post(f"/v1/{poll['name']}/ballots", one)
                self.assertEqual(refused.json.get("reason"), "BALLOT_NOT_VALID", refused)
            voting.close(poll)
            verified = voting.verify(voting.download(poll))
            self.assertEqual(verified.returncode, 0, verified)
            self.assertIn("union", verified.stdout)


if __name__ == "__main__":
    unittest.main()
