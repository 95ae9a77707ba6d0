"""The directory over HTTP: an editor's organization, lists near a place, map layers, and a phone's copy of it all."""

import unittest
import uuid

from city import City

CATEGORIES = "id\ttitle_ru\ttitle_en\tmap_layer\nculture\tКультура\tCulture\tfalse\ntaps\tКолонки\tTaps\ttrue\n"
LIBRARY = {
    "title": "Центральная библиотека",
    "category": "organizationCategories/culture",
    "phones": [{"number": "+7 (843) 222-44-55", "purpose": "Абонемент"}],
    "emails": [{"address": "library@example.org"}],
    "address": "ул. Кремлёвская, 33",
    "location": {"latitude": 55.7989, "longitude": 49.1062},
    "hours": {"alwaysOpen": True},
}
TAP = {
    "title": "Колонка",
    "category": "organizationCategories/taps",
    "location": {"latitude": 55.75, "longitude": 49.18},
}


class DirectoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City("many")
        cls.addClassCleanup(cls.city.close)
        cls.public = cls.city.client()
        cls.editor = cls.city.staff("EDITOR")
        file = cls.city.folder / "categories.tsv"
        file.write_text(CATEGORIES)
        loaded = cls.city.command("commands", "import", "organization-categories", "--file", str(file))
        assert loaded.returncode == 0, loaded.stderr

    def create(self, organization):
        created = self.editor.post("/v1/organizations", organization, key=str(uuid.uuid4()))
        self.assertEqual(created.status, 201, created)
        self.addCleanup(self.editor.request, "DELETE", f"/v1/{created.json['name']}")
        return created.json

    def list(self, path="/v1/organizations", **parameters):
        answer = self.public.get(path, **parameters)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["organizations"]

    def test_residents_find_what_an_editor_created(self):
        name = self.create(LIBRARY)["name"]
        self.create(TAP)
        library = self.public.get(f"/v1/{name}")
        self.assertEqual(library.status, 200, library)
        self.assertTrue(library.json["openNow"])
        self.assertEqual(library.json["district"], "districts/vakhitovsky")
        self.assertEqual(library.json["links"]["tel"], ["tel:+78432224455"])
        self.assertEqual(library.json["phones"], LIBRARY["phones"])
        for query in [
            {},
            {"near": "55.7989,49.1062", "radiusMeters": 1000},
            {"openNow": "true"},
            {"district": "districts/vakhitovsky"},
            {"bbox": "49.10,55.79,49.11,55.80"},
        ]:
            self.assertEqual(self.list(q="библеотека", **query)[0]["name"], name, query)
        far = {"bbox": "49.2,55.7,49.3,55.8"}
        self.assertNotIn(name, [o["name"] for o in self.list(q="библеотека", **far)])
        nearest = self.list(near="55.75,49.18")
        self.assertEqual(nearest[0]["title"], "Колонка")
        self.assertEqual(nearest[0]["distanceMeters"], 0)

    def test_a_map_layer_is_geojson(self):
        self.create(TAP)
        layers = [layer["name"] for layer in self.public.get("/v1/mapLayers").json["mapLayers"]]
        self.assertIn("mapLayers/taps", layers)
        self.assertNotIn("mapLayers/culture", layers)
        layer = self.public.get("/v1/mapLayers/taps").json
        self.assertEqual(layer["type"], "FeatureCollection")
        points = [feature["geometry"] for feature in layer["features"]]
        self.assertIn({"type": "Point", "coordinates": [49.18, 55.75]}, points)

    def test_editors_do_not_overwrite_each_other(self):
        created = self.create(LIBRARY)
        path = f"/v1/{created['name']}"
        etag = {"If-Match": self.public.get(path).headers["ETag"]}
        changed = self.editor.request("PATCH", path, {"title": "Библиотека"}, etag)
        self.assertEqual(changed.status, 200, changed)
        self.assertEqual(changed.json["phones"], LIBRARY["phones"])
        late = self.editor.request("PATCH", path, {"title": "Читальня"}, etag)
        self.assertEqual(late.status, 412, late)
        cleared = self.editor.request("PATCH", path + "?updateMask=phones", {})
        self.assertFalse(cleared.json.get("phones"))
        wrong = self.editor.request("PATCH", path, {"hours": {"periods": [{"days": ["MONDAY"], "open": "9"}]}})
        self.assertEqual([v["field"] for v in wrong.json["violations"]], ["hours.periods[0]"], wrong)
        history = self.editor.get(path + "/changes").json["changes"]
        self.assertEqual([c["action"] for c in history], ["UPDATE", "UPDATE", "CREATE"])
        self.assertEqual(self.public.request("PATCH", path, {"title": "x"}).status, 401)

    def test_a_deleted_organization_can_be_restored(self):
        name = self.create(LIBRARY)["name"]
        self.assertEqual(self.editor.request("DELETE", f"/v1/{name}").status, 200)
        self.assertEqual(self.public.get(f"/v1/{name}").status, 404)
        deleted = self.editor.get("/v1/organizations:review", reason="DELETED").json["organizations"]
        self.assertIn(name, [o["name"] for o in deleted])
        self.assertEqual(self.editor.post(f"/v1/{name}:undelete").status, 200)
        self.assertEqual(self.public.get(f"/v1/{name}").status, 200)

    def test_a_phone_keeps_a_copy(self):
        snapshot = self.public.get("/v1/directory:snapshot")
        self.assertEqual(snapshot.status, 200, snapshot)
        same = self.public.request("GET", "/v1/directory:snapshot", headers={"If-None-Match": snapshot.headers["ETag"]})
        self.assertEqual((same.status, same.body), (304, b""))
        name = self.create(LIBRARY)["name"]
        changes = self.public.get("/v1/directory:changes", since=snapshot.json["cursor"]).json
        self.assertIn(name, [o["name"] for o in changes["organizations"]])
        self.editor.request("DELETE", f"/v1/{name}")
        later = self.public.get("/v1/directory:changes", since=changes["cursor"]).json
        self.assertEqual(later["deleted"], [name])


if __name__ == "__main__":
    unittest.main()
