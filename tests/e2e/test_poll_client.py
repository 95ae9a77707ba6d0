"""The TypeScript library of clients/poll against a running city, and beside `veche vote`."""

import base64
import json
import shutil
import subprocess
import unittest

from city import SOURCE, City
from test_polls import NO_LIMITS, Voting

CLIENT = SOURCE / "clients/poll"


@unittest.skipUnless((CLIENT / "node_modules/esbuild").is_dir(), "the npm packages of clients/poll are not installed")
class PollClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City("one", config=NO_LIMITS)
        cls.addClassCleanup(cls.city.close)
        cls.voting = Voting(cls.city)
        shutil.copytree(CLIENT / "examples", cls.city.folder / "client/examples")
        (cls.city.folder / "client/package.json").write_text('{"type": "module"}')
        subprocess.run(["node", CLIENT / "scripts/build.mjs", cls.city.folder / "client/dist"],
                       check=True, capture_output=True)  # fmt: skip

    def start(self, poll, voter, *answers, token="", flags=()):
        return subprocess.Popen(
            ["node", "--no-warnings", str(self.city.folder / "client/examples/vote.mjs"),
             "--url", f"http://{self.city.address}", "--poll", poll["name"].split("/")[1],
             "--state", str(self.city.folder / f"{voter}.vote"), *(["--token", token] if token else []),
             *[part for answer in answers for part in ("--answer", answer)], *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip

    def finish(self, process, exit_code=0):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, exit_code, err or out)
        return json.loads(out or err)

    def run_client(self, *arguments, exit_code=0, **options):
        return self.finish(self.start(*arguments, **options), exit_code)

    def test_votes_beside_veche_vote_and_recounts(self):
        poll = self.voting.open(resultsHidden=True)
        first, second = self.city.resident(), self.city.resident()
        answers = ("q1=o1", "q2=o1,o2", "q3=2", "q4=o2,o1", "q5=o2")
        self.assertEqual(self.run_client(poll, "ts", *answers, token=first.token)["counter"], 1)
        self.assertEqual(self.run_client(poll, "ts", "q1=o2", flags=["--revote"])["counter"], 2)
        refused = self.run_client(poll, "again", "q1=o1", token=first.token, exit_code=2)
        self.assertEqual(refused["reason"], "CREDENTIAL_ISSUED")
        for flags, answer in ((["--check"], ()), (["--revote"], ("q1=o1",))):
            voted = self.voting.vote(poll, "ts", *answer, flags=flags)
            self.assertEqual(voted.returncode, 0, f"veche vote goes on with the state: {voted}")
        self.assertEqual(self.run_client(poll, "ts", flags=["--check"])["counter"], 3)
        self.assertEqual(self.voting.vote(poll, "cpp", "q1=o2", token=second.token).returncode, 0)
        self.assertEqual(self.run_client(poll, "cpp", flags=["--check"])["counter"], 1)

        self.assertEqual(self.run_client(poll, "ts", flags=["--recount"], exit_code=2)["reason"], "BOARD_NOT_CLOSED")
        self.voting.close(poll)
        recount = self.run_client(poll, "ts", flags=["--recount"])
        self.assertEqual((recount["faults"], recount["voters"]), ([], 2))
        published = self.city.client().get(f"/v1/{poll['name']}/results").json["resultHash"]
        self.assertEqual(recount["resultHash"], base64.b64decode(published).hex())

    def test_waits_for_the_batch(self):
        poll = self.voting.open(batch={"ballots": 2, "seconds": 600})
        first, second = self.city.resident(), self.city.resident()
        waits = self.run_client(poll, "waits", "q1=o1", token=first.token, flags=["--wait", "0"], exit_code=2)
        self.assertEqual(waits["code"], "waiting")
        waiting = self.start(poll, "waits", "q1=o1")
        self.run_client(poll, "fills", "q1=o2", token=second.token)
        self.assertIn(self.finish(waiting)["boardIndex"], (1, 2))


if __name__ == "__main__":
    unittest.main()
