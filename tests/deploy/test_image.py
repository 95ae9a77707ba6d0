"""The image, started as deploy/k8s/small says, serves and loses nothing when it is stopped under load."""

import contextlib
import http.client
import os
import sys
import tempfile
import threading
import unittest

import image
from manifests import SOURCE, find

sys.path.append(str(SOURCE / "tests/e2e"))
from city import Client, wait_for  # noqa: E402

REPORT = {
    "text": "На дороге по улице Баумана огромная яма, машины пробивают колёса, нужен ямочный ремонт",
    "location": {"latitude": 55.7887, "longitude": 49.1221, "address": "ул. Баумана, 12"},
}


class Load:
    """Residents who report at the same time until they are stopped."""

    def __init__(self, address, residents):
        self.address = address
        self.acknowledged, self.unexpected, self.over = [], [], threading.Event()
        self.threads = [threading.Thread(target=self.report, args=(n,)) for n in range(residents)]
        for thread in self.threads:
            thread.start()

    def report(self, resident):
        client = Client(self.address)
        for number in range(10_000):
            if self.over.is_set():
                break
            try:
                answer = client.post("/v1/appeals", REPORT, key=f"resident-{resident}-report-{number}")
            except (OSError, http.client.HTTPException):
                client.close()
                self.over.wait(0.05)
                continue
            if answer.status == 201:
                self.acknowledged.append((answer.json["name"], answer.json["followToken"]))
            elif answer.status not in (429, 503):
                self.unexpected.append(answer)
        client.close()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


@unittest.skipUnless(os.geteuid() == 0, "containers need root here")
class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        image.build()
        image.leave_the_network()

    def setUp(self):
        deployment = find("small", "Deployment", "veche")
        configs = {o["metadata"]["name"]: o["data"] for o in find("small", "ConfigMap")}
        self.pod = image.Pod(deployment, configs, tempfile.mkdtemp(prefix="veche-image-"))
        self.addCleanup(self.pod.close)

    def probe(self, name):
        """The status that a probe of the manifest gets; zero without an answer."""
        wanted = self.pod.container[name]["httpGet"]
        with contextlib.closing(Client(self.pod.address(wanted["port"]))) as client:
            try:
                return client.get(wanted["path"]).status
            except OSError:
                return 0

    def start(self):
        self.pod.start()

        def ready():
            self.assertIsNone(self.pod.process.poll(), self.pod.output()[-3000:])
            return self.probe("startupProbe") == 200 and self.probe("readinessProbe") == 200

        wait_for(ready, "the pod is ready")
        self.assertEqual(self.probe("livenessProbe"), 200)

    def test_serves_and_loses_nothing_under_load(self):
        self.start()
        address = self.pod.address("http")
        load = Load(address, residents=8)
        wait_for(lambda: len(load.acknowledged) >= 50, "reports are acknowledged")
        code = self.pod.terminate()
        load.stop()
        self.assertEqual(code, 0, self.pod.output()[-3000:])
        self.assertEqual(load.unexpected, [])

        self.start()
        with contextlib.closing(Client(address)) as client:
            for name, token in load.acknowledged:
                found = client.get(f"/v1/{name}", followToken=token)
                while found.status == 429:
                    found = client.get(f"/v1/{name}", followToken=token)
                self.assertEqual(found.status, 200, f"{name} is lost: {found}")
        self.assertEqual(self.pod.terminate(), 0)

    def test_is_small_and_starts_as_nobody(self):
        told = image.run(*image.PODMAN, "image", "inspect", "--format",
                         "{{.Size}} {{.User}} {{.Config.Entrypoint}}", image.IMAGE).split()  # fmt: skip
        self.assertEqual(told[1:], ["65532:65532", "[/usr/bin/veche]"])
        self.assertLess(int(told[0]), 400e6)


if __name__ == "__main__":
    unittest.main()
