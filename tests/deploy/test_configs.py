"""The program takes every config of deploy/, and the examples follow the module table."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from manifests import K8S, SOURCE, admit_commands, module_table

sys.path.append(str(SOURCE / "tests/e2e"))
from city import make_certificates  # noqa: E402

BINARY = os.environ.get("VECHE_BINARY", str(SOURCE / "build/release/veche"))
EXAMPLES = SOURCE / "deploy/examples"
CONFIGS = [*sorted(EXAMPLES.glob("**/*.json")), *sorted(K8S.glob("**/config.json"))]
# Folders of an installation, which the test has elsewhere.
FOLDERS = re.compile(r"^/(?:etc/veche|run/secrets/veche|var/lib/veche)(?=/|$)")


def strings(value):
    if isinstance(value, dict):
        for child in value.values():
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)
    elif isinstance(value, str):
        yield value


class ConfigTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="veche-configs-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.certificates = make_certificates(self.folder, ["one"])

    def install(self, path):
        """A copy of a config with its folders below that of the test, and the files that it names."""
        config = json.loads(path.read_text())
        text = path.read_text()
        for value in {value for value in strings(config) if FOLDERS.match(value)}:
            here = pathlib.Path(f"{self.folder}{value}")
            text = text.replace(f'"{value}"', f'"{here}"')
            if value.startswith("/var/lib") or "." not in here.name and here.name in ("keys", "veche"):
                here.mkdir(parents=True, exist_ok=True)
                continue
            here.parent.mkdir(parents=True, exist_ok=True)
            source = {".crt": self.certificates["one"][0], ".key": self.certificates["one"][1]}.get(here.suffix)
            if here.name == "ca.crt":
                source = self.certificates["ca"]
            here.write_text(pathlib.Path(source).read_text() if source else "secret\n")
        copy = self.folder / "config.json"
        copy.write_text(text)
        return copy

    def test_each_is_right(self):
        self.assertGreater(len(CONFIGS), len(module_table()))
        for path in CONFIGS:
            with self.subTest(str(path.relative_to(SOURCE))):
                told = subprocess.run([BINARY, "--check_config", "--config", str(self.install(path))], capture_output=True, text=True)
                self.assertEqual((told.returncode, told.stderr), (0, ""))

    def test_one_config_is_right_for_every_service(self):
        config = self.install(K8S / "large/config.json")
        for row in module_table():
            # A service has its own secrets alone: docs/operating/kubernetes.md.
            has = {"postgres": bool(row.serves), "s3": row.name == "appeals", "redis": row.name == "gateway"}
            for name, here in has.items():
                secret = self.folder / "run/secrets/veche" / name
                secret.write_text("secret\n") if here else secret.unlink(missing_ok=True)
            told = subprocess.run([BINARY, "--check_config", "--config", str(config), f"--services={row.name}"],
                                  capture_output=True, text=True)  # fmt: skip
            self.assertEqual((told.returncode, told.stderr), (0, ""), row.name)

    def test_a_wrong_key_is_refused(self):
        path = self.folder / "wrong.json"
        path.write_text(json.dumps({**json.loads((EXAMPLES / "town.json").read_text()), "postgres": "x"}))
        told = subprocess.run([BINARY, "--check_config", "--config", str(path)], capture_output=True, text=True)
        self.assertNotEqual(told.returncode, 0)
        self.assertIn("postgres", told.stderr)

    def test_each_service_has_an_example(self):
        rows = module_table()
        names = {path.stem for path in (EXAMPLES / "cluster").glob("*.json")}
        self.assertEqual(names, {*(row.name for row in rows), "commands"})
        for row in rows:
            with self.subTest(row.name):
                config = json.loads((EXAMPLES / f"cluster/{row.name}.json").read_text())
                self.assertEqual(config["services"], [row.name])
                # Every process reads the keys that verify tokens from identity.
                needed = {*row.calls, *row.follows, "identity"} - {row.name}
                self.assertEqual(set(config.get("addresses", {})), needed)

    def test_addresses_are_those_of_the_services(self):
        ports = {}
        for row in module_table():
            config = json.loads((EXAMPLES / f"cluster/{row.name}.json").read_text())
            if row.serves:
                ports[row.name] = config["grpc"]["address"].rsplit(":", 1)[1]
        self.assertEqual(len(set(ports.values())), len(ports), "all run on one machine too")
        for path in (EXAMPLES / "cluster").glob("*.json"):
            for name, addresses in json.loads(path.read_text()).get("addresses", {}).items():
                for address in addresses.split(","):
                    self.assertEqual(address.rsplit(":", 1)[1], ports[name], f"{path.name}: {name}")

    def test_operators_read_whom_each_service_needs(self):
        page = (SOURCE / "docs/operating/cluster.md").read_text()
        told = {name: set(needs.replace(",", " ").split())
                for name, needs in re.findall(r"^\| (\w+) \| ([a-z, ]*)\| (?:yes|no) \|", page, re.MULTILINE)}  # fmt: skip
        rows = module_table()
        self.assertEqual(told, {row.name: {*row.calls, *row.follows, "identity"} - {row.name} for row in rows})

    def test_commands_reach_those_who_admit_them(self):
        config = json.loads((EXAMPLES / "cluster/commands.json").read_text())
        self.assertEqual(set(config["addresses"]), admit_commands())


if __name__ == "__main__":
    unittest.main()
