"""The demo city has open polls of each type, a closed poll that anybody can recount, and initiatives in each state."""

import collections
import subprocess
import unittest

from city import BINARY, City, wait_for

STATES = ("GATHERING", "AWAITING_RESPONSE", "ACCEPTED", "DECLINED", "MERGED", "EXPIRED", "WITHDRAWN")
TYPES = {"SINGLE", "MULTIPLE", "RATING", "RANKING", "BUDGET"}


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City(polls=True)
        cls.addClassCleanup(cls.city.close)
        cls.await_demo()

    @classmethod
    def await_demo(cls):
        """Waits for the RSA keys of six polls, which take long on a busy machine."""
        wait_for(lambda: '"demo loaded"' in cls.city.processes["all"].output(), "the whole demo", 180)

    def polls(self, state):
        return self.city.client().get("/v1/polls", state=state).json["polls"]

    def closed_poll(self):
        return wait_for(lambda: self.polls("CLOSED"), "the closed poll")[0]

    def vote(self, poll, contact, *flags):
        return subprocess.run(
            [BINARY, "vote", "--url", f"http://{self.city.address}", "--poll", poll["name"],
             "--state", str(self.city.folder / f"{contact}.vote"), *flags],
            capture_output=True, text=True, timeout=60)  # fmt: skip

    def test_an_open_poll_of_each_type(self):
        polls = self.polls("OPEN")
        self.assertEqual(len(polls), len(TYPES))
        self.assertEqual({question["type"] for poll in polls for question in poll["questions"]}, TYPES)
        for poll in polls:
            self.assertEqual({"ru", "tt", "en"}, set(poll["titles"]), poll)

    def test_the_closed_poll_verifies(self):
        poll = self.closed_poll()
        client = self.city.client()
        board = self.city.folder / "board.ndjson"
        board.write_bytes(client.get(f"/v1/{poll['name']}/board:download").body)
        key = client.get(f"/v1/{poll['name']}").json["boardKey"]
        verified = subprocess.run([BINARY, "verify-poll", str(board), "--board-key", key], capture_output=True, text=True, timeout=60)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertIn("60 ballots, 60 of them valid, of 60 voters", verified.stdout)
        self.assertIn("61 residents could vote", verified.stdout)

    def test_a_newcomer_votes_and_checks(self):
        budget = next(poll for poll in self.polls("OPEN") if poll["eligibility"]["verified"])
        for contact, status in (("aigul@example.org", 0), ("timur@example.org", 1)):
            token = self.city.resident(contact).token
            voted = self.vote(budget, contact, "--token", token, "--answer", "q1=o1,o2")
            self.assertEqual(voted.returncode, status, voted)
        self.assertIn("gave no credential", voted.stderr)
        checked = self.vote(budget, "aigul@example.org", "--check")
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def initiatives(self, client, **parameters):
        answer = client.get("/v1/initiatives", pageSize=200, **parameters)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["initiatives"]

    def test_six_initiatives_in_each_state(self):
        public = self.initiatives(self.city.client())
        self.assertEqual(collections.Counter(i["state"] for i in public), {state: 6 for state in STATES})
        for initiative in public:
            self.assertEqual(int(initiative["commentCount"]), 0 if initiative["state"] == "WITHDRAWN" else 4, initiative)
        self.assertGreaterEqual(len({i["district"] for i in public}), 7)
        moderator = self.city.staff("MODERATOR")
        for state in ("MODERATION", "REJECTED"):
            self.assertEqual(len(self.initiatives(moderator, state=state)), 6)

    def test_z_a_restart_adds_nothing(self):
        names = {poll["name"] for state in ("OPEN", "CLOSED") for poll in self.polls(state)}
        initiatives = len(self.initiatives(self.city.client()))
        messages = len(self.city.outbox())
        self.city.terminate()
        self.city.restart()
        self.await_demo()
        self.assertEqual({poll["name"] for state in ("OPEN", "CLOSED") for poll in self.polls(state)}, names)
        self.assertEqual(len(self.initiatives(self.city.client())), initiatives)
        self.assertEqual(len(self.city.outbox()), messages)


class DemoOfManyProcesses(unittest.TestCase):
    """The process of identity acts for residents and staff, that of polling opens polls and ends what expires."""

    def test_the_demo_is_that_of_one_process(self):
        with City("many", polls=True) as city:
            for name in ("identity", "polling"):
                wait_for(lambda: '"demo loaded"' in city.processes[name].output(), f"the demo of {name}", 240)
            client = city.client()
            public = client.get("/v1/initiatives", pageSize=200).json["initiatives"]
            self.assertEqual(collections.Counter(i["state"] for i in public), {state: 6 for state in STATES})
            self.assertEqual(len(client.get("/v1/polls", state="OPEN").json["polls"]), len(TYPES))
            closed = wait_for(lambda: client.get("/v1/polls", state="CLOSED").json["polls"], "the closed poll")
            self.assertEqual(len(closed), 1)


if __name__ == "__main__":
    unittest.main()
