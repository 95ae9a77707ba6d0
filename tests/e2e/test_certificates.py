"""What a certificate of the city's authority opens."""

import unittest

from city import City


class CertificatesTest(unittest.TestCase):
    def test_only_the_operators_certificate_makes_administrators(self):
        with City("many", demo=False) as city:
            create = ("identity", "create-admin", "--generate_password", "--login")
            for name in ("appeals", "gateway", "utility"):
                refused = city.command(name, *create, name)
                self.assertEqual(refused.returncode, 1, refused)
                self.assertIn("certificate", refused.stderr)
            created = city.command("commands", *create, "boss")
            self.assertEqual(created.returncode, 0, created)
            self.assertIn("Administrator boss", created.stdout)


if __name__ == "__main__":
    unittest.main()
