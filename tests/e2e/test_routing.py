"""Routing rules over HTTP: dry runs, saving by an administrator, routing of appeals."""

import unittest

from city import City

POTHOLE = "Огромная яма на дороге у дома 12 по улице Баумана, машины бьют колёса. Сделайте ямочный ремонт асфальта!"
NEAR_SCHOOL = POTHOLE + " Рядом гимназия, дети идут по проезжей части."
BAUMAN = {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"}
VAKHITOVSKY = "districts/vakhitovsky"


class Routing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City("one")
        cls.addClassCleanup(cls.city.close)
        cls.admin = cls.city.staff("ADMIN")
        cls.supervisor = cls.city.staff("SUPERVISOR")
        departments = [d["name"] for d in cls.admin.get("/v1/departments").json["departments"]]
        categories = {c["name"]: c for c in cls.admin.get("/v1/categories").json["categories"]}
        cls.potholes = cls.report(POTHOLE)["category"]
        cls.usual = categories[cls.potholes]["department"]
        cls.other = next(d for d in departments if d != cls.usual)
        # A category of another department.
        cls.elsewhere = next(c for c in categories.values() if c["department"] not in (cls.usual, cls.other))

    def setUp(self):
        self.save([])

    @classmethod
    def report(cls, text):
        resident = cls.city.resident()
        created = resident.post("/v1/appeals", {"text": text, "location": BAUMAN})
        assert created.status == 201, created
        return cls.city.wait_state(cls.supervisor, created.json["name"], "ASSIGNED")

    def rule(self, id="schools", department=None, **when):
        when = when or {"categories": [self.potholes], "districts": [VAKHITOVSKY], "keywords": ["гимназия", "школа"]}
        return {"id": id, "title": f"Правило {id}", "when": when, "department": department or self.other}

    def save(self, rules, **headers):
        saved = self.admin.request("PUT", "/v1/routingRules", {"rules": rules}, headers)
        return saved

    def timeline(self, appeal):
        return self.supervisor.get(f"/v1/{appeal['name']}/timeline").json["entries"]

    def test_a_rule_sends_new_appeals_elsewhere(self):
        self.assertEqual(self.report(NEAR_SCHOOL)["department"], self.usual)
        saved = self.save([self.rule()])
        self.assertEqual(saved.status, 200, saved)
        appeal = self.report(NEAR_SCHOOL)
        self.assertEqual(appeal["department"], self.other)
        self.assertEqual(appeal["category"], self.potholes)
        self.assertEqual((appeal["routing"]["by"], appeal["routing"]["rule"]), ("RULE", "schools"))
        self.assertNotIn("routing", self.city.client().get(f"/v1/{appeal['name']}").json)
        assigned = next(e for e in self.timeline(appeal) if e["type"] == "ASSIGNED")
        self.assertIn("Правило schools", assigned["comment"])
        self.assertEqual(self.report(POTHOLE)["department"], self.usual)

    def test_what_is_not_clear_waits_for_a_person(self):
        resident = self.city.resident()
        unclear = {"text": "Здравствуйте, помогите пожалуйста, уже не знаем куда обращаться", "location": BAUMAN}
        name = resident.post("/v1/appeals", unclear).json["name"]
        waiting = self.city.wait_state(self.supervisor, name, "REGISTERED")
        self.assertFalse(waiting.get("department") or waiting.get("category"), waiting)
        suggested = waiting["routing"]["suggestedCategory"]
        self.assertTrue(suggested.startswith("categories/"), waiting)
        self.assertLess(waiting["routing"]["probability"], 0.8)
        triage = self.supervisor.get("/v1/appeals:inbox", state="REGISTERED", pageSize=200).json["appeals"]
        self.assertIn(name, [a["name"] for a in triage])
        self.assertNotIn("routing", resident.get(f"/v1/{name}").json)
        assigned = self.supervisor.post(f"/v1/{name}:assign", {"category": suggested})
        self.assertEqual((assigned.status, assigned.json["state"]), (200, "ASSIGNED"), assigned)
        self.assertFalse(assigned.json["routing"].get("suggestedCategory"))
        # A category that the author chose counts as a person's decision.
        own = resident.post("/v1/appeals", {**unclear, "category": self.potholes}).json
        routed = self.city.wait_state(self.supervisor, own["name"], "ASSIGNED")
        self.assertEqual((routed["category"], routed["department"]), (self.potholes, self.usual))

    def test_who_reads_and_who_writes(self):
        officer = self.city.staff("OFFICER")
        self.assertEqual(officer.get("/v1/routingRules").status, 200)
        self.assertEqual(self.city.resident().get("/v1/routingRules").status, 403)
        self.assertEqual(self.city.client().get("/v1/routingRules").status, 401)
        self.assertEqual(self.supervisor.request("PUT", "/v1/routingRules", {"rules": []}).status, 403)

    def test_a_stale_etag_is_refused(self):
        read = self.admin.get("/v1/routingRules")
        headers = {"If-Match": read.headers["ETag"]}
        saved = self.save([self.rule()], **headers)
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(saved.json["updater"], self.admin.signed_in["principal"]["name"])
        stale = self.save([], **headers)
        self.assertEqual(stale.status, 412, stale)
        first = self.admin.get("/v1/routingRules", version=saved.json["version"]).json
        self.assertEqual([r["id"] for r in first["rules"]], ["schools"])

    def test_wrong_rules_are_refused_with_their_fields(self):
        wrong = [self.rule(), self.rule("again", self.usual), self.rule("unknown", districts=["districts/atlantis"])]
        refused = self.save(wrong)
        self.assertEqual(refused.status, 400, refused)
        fields = {v["field"]: v["description"] for v in refused.json["violations"]}
        self.assertEqual(set(fields), {"rules[1].department", "rules[2].when.districts[0]"})
        self.assertIn("contradicts", fields["rules[1].department"])
        checked = self.admin.post("/v1/routingRules:check", {"rules": wrong})
        self.assertEqual({v["field"] for v in checked.json["violations"]}, set(fields))
        shadowed = self.save([self.rule(categories=[self.potholes]), {**self.rule("late"), "order": 5}])
        self.assertEqual([v["field"] for v in shadowed.json["violations"]], ["rules[1].when"], shadowed)

    def test_a_dry_run_shows_what_would_change(self):
        appeal = self.report(NEAR_SCHOOL)
        run = self.admin.post("/v1/routingRules:dryRun", {"rules": [self.rule()], "count": 1})
        self.assertEqual(run.status, 200, run)
        self.assertEqual((run.json["lookedAt"], run.json["changed"]), (1, 1), run)
        example = {"appeal": appeal["name"], "from": self.usual, "to": self.other, "rule": "schools"}
        self.assertEqual(run.json["examples"][0] | example, run.json["examples"][0])
        self.assertEqual(self.report(NEAR_SCHOOL)["department"], self.usual)

    def test_another_category_routes_anew_and_keeps_the_assignee_where_it_fits(self):
        self.save([self.rule(department=self.usual, categories=[self.elsewhere["name"]])])
        appeal = self.report(POTHOLE)
        officer = self.city.staff("OFFICER", self.usual)
        started = officer.post(f"/v1/{appeal['name']}:start")
        self.assertEqual(started.status, 200, started)
        change = {"category": self.elsewhere["name"], "comment": "Это другая тема."}
        kept = officer.post(f"/v1/{appeal['name']}:assign", change)
        self.assertEqual(kept.status, 200, kept)
        self.assertEqual(
            (kept.json["department"], kept.json["assignee"], kept.json["state"]),
            (self.usual, started.json["assignee"], "IN_PROGRESS"),
        )
        self.save([])
        moved = officer.post(f"/v1/{appeal['name']}:assign", change)
        self.assertEqual((moved.json["department"], moved.json["state"]), (self.elsewhere["department"], "ASSIGNED"))
        self.assertFalse(moved.json.get("assignee"))
        changes = [e for e in self.timeline(appeal) if e["type"] == "CATEGORY_CHANGED"]
        self.assertIn("Это другая тема.", changes[0]["comment"])
        self.assertRegex(changes[0]["comment"], "^Category: .+ → .+\n")
        self.assertEqual(changes[0]["actor"]["role"], "OFFICER")

    def test_another_place_routes_anew(self):
        appeal = self.report(POTHOLE)
        districts = self.admin.get("/v1/districts").json["districts"]
        place = next(d for d in districts if d["name"] != VAKHITOVSKY)
        self.save([self.rule(districts=[place["name"]])])
        moved = self.supervisor.post(f"/v1/{appeal['name']}:relocate", {"location": place["label"], "comment": "Не тот двор."})
        self.assertEqual(moved.status, 200, moved)
        self.assertEqual((moved.json["district"], moved.json["department"]), (place["name"], self.other))
        self.assertEqual(moved.json["routing"]["rule"], "schools")
        changed = next(e for e in self.timeline(appeal) if e["type"] == "LOCATION_CHANGED")
        self.assertRegex(changed["comment"], "^District: .+ → .+\n")


if __name__ == "__main__":
    unittest.main()
