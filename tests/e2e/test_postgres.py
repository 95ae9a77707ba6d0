"""The main use case with every service on PostgreSQL."""

import pathlib
import tempfile
import unittest

from city import City
from postgres import Postgres
from test_main_job import MainJob as Cases


class OnPostgres(Cases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.close)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "postgres"
        file.write_text(cls.postgres.connection + "\n")
        cls.city = City("one", config={"storage": {"postgresFile": str(file), "postgresConnections": 4}})
        cls.addClassCleanup(cls.city.close)

    def test_nothing_is_kept_in_sqlite(self):
        self.assertEqual(list(self.city.data("appeals").rglob("*.db")), [])
        schemas = self.postgres.query("SELECT schema_name FROM information_schema.schemata")
        self.assertLessEqual({"appeals", "classification", "directory", "identity", "notifications"}, set(schemas))


if __name__ == "__main__":
    unittest.main()
