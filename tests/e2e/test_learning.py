"""Staff correct the classifier; a candidate is trained, compared, promoted and rolled back."""

import subprocess
import unittest

from city import BINARY, City, wait_for

BAUMAN = {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"}
CATEGORY = "categories/stray_animals"


OPENINGS = ["Вечером", "Помогите,", "Каждое утро", "Соседи жалуются:", "Дети боятся,", "Опять", "Уже год", "Ночью"]
ENDINGS = ["сделайте что-нибудь", "сил нет терпеть", "когда это кончится?", "примите меры", "ждём ответа"]


def local_text(i):
    """A text about a nuisance whose name exists only in this city."""
    return f"{OPENINGS[i % 8]} бламбурики бегают по двору, {i} день подряд, {ENDINGS[i % 5]}"


class Learning(unittest.TestCase):
    def setUp(self):
        limits = {"callerRate": -1, "addressRate": -1}
        self.city = City(config={"limits": limits, "learning": {"nightlyHour": -1}})
        self.addCleanup(self.city.close)
        self.admin, self.supervisor = self.city.staff("ADMIN"), self.city.staff("SUPERVISOR")
        self.reported = 0

    def models(self):
        answer = self.admin.get("/v1/classification/models")
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def suggested(self):
        answer = self.city.client().post("/v1/classification:suggest", {"text": local_text(1000)})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["candidates"][0]["category"]

    def report(self, count):
        """Submits reports of the local nuisance and waits until all are routed."""
        guest, names = self.city.client(), []
        for _ in range(count):
            answer = guest.post("/v1/appeals", {"text": local_text(self.reported), "location": BAUMAN})
            self.assertEqual(answer.status, 201, answer)
            names.append(answer.json["name"])
            self.reported += 1
        for name in names:
            wait_for(lambda: self.supervisor.get(f"/v1/{name}").json["state"] != "SUBMITTED", f"{name} to be routed")
        return names

    def await_decisions(self):
        wait_for(lambda: self.models()["decisionCount"] == str(self.reported), "the decisions to be learned")

    def decide(self, count):
        """Submits reports; a supervisor assigns them to the right category."""
        categories = self.supervisor.get("/v1/categories").json["categories"]
        department = next(c["department"] for c in categories if c["name"] == CATEGORY)
        for name in self.report(count):
            body = {"department": department, "category": CATEGORY, "comment": "Это бламбурики."}
            assigned = self.supervisor.post(f"/v1/{name}:assign", body)
            self.assertEqual(assigned.status, 200, assigned)
        self.await_decisions()

    def correct(self, count):
        """Submits reports; three other people correct their categories in turn."""
        people = [self.city.staff(role) for role in ("MODERATOR", "OFFICER", "ADMIN")]
        for i, name in enumerate(self.report(count)):
            body = {"appeal": name, "category": CATEGORY}
            corrected = people[i % len(people)].post("/v1/classification:correct", body)
            self.assertEqual(corrected.status, 200, corrected)
        self.await_decisions()

    def train(self):
        asked = self.admin.post("/v1/classification/models:train")
        self.assertEqual(asked.status, 200, asked)
        self.assertEqual(asked.json["state"], "RUNNING")
        return asked.json["name"]

    def candidate(self, version):
        return next(m for m in self.models()["models"] if m["version"] == version)

    def wait_trained(self, state):
        return wait_for(lambda: (t := self.models()["training"])["state"] == state and t, f"training {state}", 180)

    def roll_back_by_command(self):
        command = [BINARY, "classifier", "rollback", "--data_dir", str(self.city.data("classification"))]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_correct_train_promote_roll_back(self):
        first = self.models()["models"][0]
        self.assertTrue(first["active"])
        before = self.suggested()
        self.assertNotEqual(before, CATEGORY)
        self.decide(40)

        name = self.train()
        again = self.admin.post("/v1/classification/models:train").json
        self.assertEqual(again["name"], name)
        version = self.wait_trained("DONE")["version"]
        total = self.candidate(version)["scores"]["total"]
        self.assertEqual((total["people"], total.get("better", False)), (1, False), "one person proves nothing")
        alone = self.admin.post(f"/v1/classification/models/{version}:promote")
        self.assertEqual((alone.status, alone.json["reason"]), (422, "NOT_BETTER"), alone)

        self.correct(60)
        self.train()
        version = self.wait_trained("DONE")["version"]
        candidate = self.candidate(version)
        self.assertEqual(candidate["state"], "SHADOW")
        self.assertEqual(candidate["scores"]["comparedWith"], first["version"])
        self.assertGreaterEqual(candidate["scores"]["total"]["people"], 3)
        self.assertTrue(candidate["scores"]["total"]["better"], candidate)
        self.assertEqual(self.suggested(), before)

        unknown = self.admin.post("/v1/classification/models/0123456789ab:promote")
        self.assertEqual((unknown.status, unknown.json["reason"]), (404, "UNKNOWN_MODEL"), unknown)
        promoted = self.admin.post(f"/v1/classification/models/{version}:promote")
        self.assertEqual(promoted.status, 200, promoted)
        self.assertEqual(self.suggested(), CATEGORY)
        self.city.kill()
        self.city.restart()
        self.admin.close()
        self.assertEqual(self.suggested(), CATEGORY)

        back = self.admin.post("/v1/classification/models:rollback", {"reason": "Бламбурики бывают разные."})
        self.assertEqual(back.status, 200, back)
        self.assertEqual(back.json["version"], first["version"])
        self.assertEqual(self.suggested(), before)
        refused = self.admin.post(f"/v1/classification/models/{version}:promote")
        self.assertEqual((refused.status, refused.json["reason"]), (422, "NOT_BETTER"), refused)
        nothing = self.admin.post("/v1/classification/models:rollback")
        self.assertEqual((nothing.status, nothing.json["reason"]), (422, "NOTHING_TO_ROLL_BACK"), nothing)

        forced = {"force": True, "reason": "Всё-таки бламбурики."}
        self.assertEqual(self.admin.post(f"/v1/classification/models/{version}:promote", forced).status, 200)
        self.assertEqual(self.suggested(), CATEGORY)
        self.assertNotEqual(self.roll_back_by_command().returncode, 0, "the suite runs")
        self.city.terminate()
        done = self.roll_back_by_command()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(first["version"], done.stdout)
        self.city.restart()
        self.assertEqual(self.suggested(), before)

        for caller in (self.city.client(), self.city.resident(), self.city.staff("OFFICER")):
            denied = caller.post("/v1/classification/models:train")
            self.assertIn(denied.status, (401, 403), denied)

    def test_a_kill_during_training_is_told_and_harmless(self):
        self.decide(10)
        before = self.suggested()
        self.train()
        # The learner starts the training at its next poll; the training takes seconds.
        self.city.kill()
        self.city.restart()
        training = wait_for(lambda: (t := self.models()["training"])["state"] != "RUNNING" and t, "an end", 180)
        if training["state"] == "FAILED":
            self.assertIn("ended before it was done", training["reason"])
        self.assertEqual(self.suggested(), before)
        self.train()
        self.wait_trained("DONE")
        self.assertEqual(self.suggested(), before)


class WrongCost(unittest.TestCase):
    def test_the_city_says_when_an_answer_is_sure_enough(self):
        with_costs = City(config={"classification": {"wrongCost": 1.25}})
        self.addCleanup(with_costs.close)
        text = {"text": "Во дворе не горит фонарь"}
        answer = with_costs.client().post("/v1/classification:suggest", text)
        self.assertEqual(answer.status, 200, answer)
        self.assertAlmostEqual(answer.json["sureFrom"], 0.2)
        self.assertTrue(answer.json["confident"], answer)


if __name__ == "__main__":
    unittest.main()
