#!/usr/bin/env python3
"""Makes data/ at a release: a small city of that release, as test_upgrade.py gives it to the next one.

VECHE_BINARY=build/release/veche tests/upgrade/make.py; then tests/style/migrations.py . --release.
"""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from city import BINARY, City, wait_for  # noqa: E402

SQUARE = [[[49.0, 55.7], [49.3, 55.7], [49.3, 55.9], [49.0, 55.9], [49.0, 55.7]]]
DISTRICTS = {"type": "FeatureCollection", "features": [{
    "type": "Feature", "properties": {"id": "centre", "name_ru": "Центр", "name_en": "Centre"},
    "geometry": {"type": "Polygon", "coordinates": SQUARE}}]}  # fmt: skip
DEPARTMENTS = "id\tkind\ttitle_ru\ttitle_en\nroads\troads\tДороги\tRoads\n"
CATEGORIES = (
    "id\tgroup\tgroup_title\ttitle_ru\ttitle_en\tdepartment\tresponse_hours\tlegal_profile\n"
    "road_surface\troads\tДороги\tЯмы\tRoad surface\troads\t120\tru-59fz\n"
)


def command(city, *arguments):
    done = subprocess.run([BINARY, *arguments, "--data_dir", str(city.data("all"))], check=True, capture_output=True, text=True)
    return done.stdout


def load(city, kind, text):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        command(city, "import", kind, "--file", file.name)


def report(client, text):
    place = {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"}
    answer = client.post("/v1/appeals", {"text": text, "category": "categories/road_surface", "location": place})
    assert answer.status == 201, answer
    return {field: answer.json.get(field) for field in ("name", "followToken")}


def main():
    data = HERE / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    with City("one", demo=False) as city:
        city.terminate()
        password = command(city, "identity", "create-admin", "--login", "boss", "--generate_password").split()[-1]
        load(city, "districts", json.dumps(DISTRICTS))
        load(city, "departments", DEPARTMENTS)
        load(city, "categories", CATEGORIES)
        city.restart()
        guest, resident = city.client(), city.resident("aigul@example.org")
        guests = report(guest, "Яма на дороге")
        residents = report(resident, "Асфальт провалился")
        city.wait_state(guest, guests["name"], "ASSIGNED", followToken=guests["followToken"])
        city.wait_state(resident, residents["name"], "ASSIGNED")
        # The notice of the resident: the followers have applied everything.
        wait_for(lambda: resident.get("/v1/me/notifications").json.get("notifications"), "the notice")
        city.terminate()
        for path in sorted(city.data("all").glob("*.db")):
            with sqlite3.connect(path) as database:
                (data / f"{path.stem}.sql").write_text("\n".join(database.iterdump()) + "\n")
        for path in sorted(city.data("all").glob("*.key")):
            shutil.copyfile(path, data / path.name)
    known = {"guests": guests, "residents": residents["name"], "password": password}
    (data / "city.json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
