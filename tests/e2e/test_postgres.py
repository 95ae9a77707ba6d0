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
        cls.storage = {
            "postgresFile": str(file),
            "postgresConnections": 4,
            "services": {"directory": {"postgresConnections": 2}},
            "acceptedRisks": ["fsync", "full_page_writes"],  # of the tests' cluster
        }
        cls.city = City("one", config={"storage": cls.storage})
        cls.addClassCleanup(cls.city.close)

    def test_a_database_that_loses_data_is_refused(self):
        with self.assertRaisesRegex(AssertionError, "fsync and full_page_writes are off.*acceptedRisks"):
            City("one", config={"storage": {**self.storage, "acceptedRisks": []}})

    def test_nothing_is_kept_in_sqlite(self):
        self.assertEqual(list(self.city.data("appeals").rglob("*.db")), [])
        schemas = self.postgres.query("SELECT schema_name FROM information_schema.schemata")
        self.assertLessEqual({"appeals", "classification", "directory", "identity", "notifications"}, set(schemas))


if __name__ == "__main__":
    unittest.main()
