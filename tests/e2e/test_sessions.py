"""A session that ends is out in every process within a second."""

import time
import unittest

from city import City, wait_for
from test_main_job import BAUMAN, POTHOLE

AT_ONCE = 1.0  # seconds


class Sessions(unittest.TestCase):
    """One process for each service: identity ends the session, appeals and notifications get the token."""

    topology = "many"

    @classmethod
    def setUpClass(cls):
        cls.city = City(cls.topology)
        cls.addClassCleanup(cls.city.close)

    def assert_out(self, client, path):
        """From now on `client` gets 401 from the service of `path`, within AT_ONCE."""
        began = time.monotonic()
        wait_for(lambda: client.get(path).status == 401, "the token to be refused")
        self.assertLess(time.monotonic() - began, AT_ONCE)
        self.assertEqual(client.get(path).json["reason"], "TOKEN_EXPIRED")

    def test_a_disabled_account_is_out_at_once(self):
        admin, officers = self.city.staff("ADMIN"), [a for a in self.city.accounts() if "OFFICER" in a["roles"]]
        officer = self.city.staff("OFFICER", officers[0]["department"])
        other = self.city.staff("OFFICER", officers[-1]["department"])
        resident = self.city.resident()
        appeal = resident.post("/v1/appeals", {"text": POTHOLE, "location": BAUMAN}).json["name"]
        stream = self.city.events(f"/v1/{appeal}:watch", officer.token)
        stream.wait(lambda event: True)
        self.assertEqual(officer.get("/v1/appeals:inbox").status, 200)

        disabled = admin.request("PATCH", f"/v1/{officer.signed_in['principal']['name']}", {"disabled": True})
        self.assertEqual(disabled.status, 200, disabled)
        self.assert_out(officer, "/v1/appeals:inbox")
        wait_for(lambda: stream.ended, "the open stream to end", seconds=AT_ONCE)
        refreshed = self.city.client().post("/v1/auth:refresh", {"refreshToken": officer.signed_in["refreshToken"]})
        self.assertEqual((refreshed.status, refreshed.json["reason"]), (401, "SESSION_ENDED"))
        self.assertEqual(other.get("/v1/appeals:inbox").status, 200)

    def test_who_signs_out_is_out(self):
        resident, other = self.city.resident(), self.city.resident()
        self.assertEqual(resident.get("/v1/me/notifications").status, 200)
        out = resident.post("/v1/auth:signOut", {"refreshToken": resident.signed_in["refreshToken"]})
        self.assertEqual(out.status, 200, out)
        self.assert_out(resident, "/v1/me/notifications")
        self.assertEqual(other.get("/v1/me/notifications").status, 200)

    def test_what_ended_while_identity_was_away_is_learned(self):
        resident, other = self.city.resident(), self.city.resident()
        self.city.kill("identity")
        self.assertEqual(resident.get("/v1/appeals?mine=true").status, 200, "tokens count without identity")
        self.city.restart("identity")
        goodbye = {"refreshToken": resident.signed_in["refreshToken"]}
        wait_for(lambda: resident.post("/v1/auth:signOut", goodbye).status == 200, "identity to be reached")
        wait_for(lambda: resident.get("/v1/appeals?mine=true").status == 401, "the stream to be open again")
        self.assertEqual(other.get("/v1/me/notifications").status, 200)


if __name__ == "__main__":
    unittest.main()
