"""The demo city has polls: one open poll of each type of question, and a closed one that anybody can recount."""

import subprocess
import unittest

from city import BINARY, City, wait_for

TYPES = {"SINGLE", "MULTIPLE", "RATING", "RANKING", "BUDGET"}


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City()
        cls.addClassCleanup(cls.city.close)
        cls.city.processes["all"].find("demo loaded")

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

    def test_z_a_restart_adds_nothing(self):
        names = {poll["name"] for state in ("OPEN", "CLOSED") for poll in self.polls(state)}
        messages = len(self.city.outbox())
        self.city.terminate()
        self.city.restart()
        self.city.processes["all"].find("demo loaded")
        self.assertEqual({poll["name"] for state in ("OPEN", "CLOSED") for poll in self.polls(state)}, names)
        self.assertEqual(len(self.city.outbox()), messages)


if __name__ == "__main__":
    unittest.main()
