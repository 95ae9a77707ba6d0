"""Old appeals are imported with the command, routed, searched and answered. The data are the classifier's letters."""

import subprocess
import unittest

from city import BINARY, SOURCE, City, wait_for

DATA = SOURCE / "services/classification/seed"
FILES = {"letters_ru_1.tsv": 990, "letters_ru_2.tsv": 906}


class Import(unittest.TestCase):
    def run_import(self, file):
        return subprocess.run([BINARY, "import", "appeals", "--file", str(DATA / file), "--data_dir", str(self.city.data("appeals"))],
                              capture_output=True, text=True, timeout=300)  # fmt: skip

    def test_whole_files(self):
        self.city = City(config={"limits": {"callerRate": -1, "addressRate": -1}})
        self.addCleanup(self.city.close)
        refused = self.run_import("letters_ru_2.tsv")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("Another veche", refused.stderr)
        self.city.terminate()
        for file, rows in FILES.items():
            first = self.run_import(file)
            self.assertEqual(first.returncode, 0, first.stderr[-2000:])
            self.assertIn(f"{rows} appeals loaded", first.stdout)
            again = self.run_import(file)
            self.assertEqual(again.returncode, 0, again.stderr[-2000:])
            self.assertNotIn(f"{rows} appeals loaded", again.stdout)
        self.city.restart()

        guest = self.city.client()
        wait_for(lambda: not guest.get("/v1/appeals", state="SUBMITTED").json["appeals"], "all to be routed", 120)
        names, token = set(), ""
        while True:
            page = guest.get("/v1/appeals", pageSize=200, **({"pageToken": token} if token else {})).json
            names.update(a["name"] for a in page["appeals"] if a["channel"] != "import:demo")
            token = page["nextPageToken"]
            if not token:
                break
        self.assertEqual(len(names), sum(FILES.values()))

        found = guest.get("/v1/appeals", q="отопления батареи", state="ASSIGNED").json["appeals"]
        self.assertTrue(found)
        officer = self.city.staff("OFFICER", found[0]["department"])
        self.assertEqual(officer.post(f"/v1/{found[0]['name']}:start").json["state"], "IN_PROGRESS")
        solved = officer.post(f"/v1/{found[0]['name']}:resolve", {"answer": "Отопление включено."})
        self.assertEqual(solved.json["state"], "RESOLVED", solved)


if __name__ == "__main__":
    unittest.main()
