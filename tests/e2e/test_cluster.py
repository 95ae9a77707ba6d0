"""A cluster holds what one process holds, whatever becomes of its processes."""

import signal
import threading
import time
import unittest
import uuid

from city import City, Client, EventStream, wait_for

# The gateways ask Redis, but hardly refuse.
HIGH_LIMITS = {"limits": {"callerRate": 1e6, "addressRate": 1e6, "streamsPerCaller": -1}}
REPORT = {"text": "Огромная яма на дороге по улице Баумана, машины бьют колёса, нужен ямочный ремонт асфальта",
          "location": {"latitude": 55.7887, "longitude": 49.1221}, "visibility": "PRIVATE"}  # fmt: skip


class Residents:
    """Residents who report with an Idempotency-Key and try again as apps do, until they are stopped."""

    def __init__(self, city, count=4):
        self.city, self.stopping, self.acknowledged = city, False, {}
        self.threads = [threading.Thread(target=self._run) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _run(self):
        client = self.city.client()
        while not self.stopping:
            key = uuid.uuid4().hex
            for _ in range(100):
                try:
                    answer = client.post("/v1/appeals", REPORT, key=key)
                except OSError:  # a gateway was killed
                    client.close()
                    continue
                if answer.status == 201:
                    self.acknowledged[key] = answer.json
                    break
                time.sleep(0.05)  # as the answer's Retry-After asks for, but sooner

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


class ClusterTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.city = City("cluster", config=HIGH_LIMITS)
        cls.addClassCleanup(cls.city.close)

    def check(self, residents):
        """Every acknowledged report is there once and gets its department."""
        client = self.city.client()
        names = [appeal["name"] for appeal in residents.acknowledged.values()]
        self.assertEqual(len(names), len(set(names)))
        for appeal in residents.acknowledged.values():
            self.city.wait_state(client, appeal["name"], "ASSIGNED", followToken=appeal["followToken"])

    def reports(self):
        return int(self.city.postgres.query("SELECT count(*) FROM appeals.appeals")[0])

    def test_killed_replicas_lose_and_double_nothing(self):
        before = self.reports()
        residents = Residents(self.city)
        for service in ("appeals", "directory", "classification", "identity", "gateway"):
            for name in self.city.names(service):
                seen = len(residents.acknowledged)
                wait_for(lambda: len(residents.acknowledged) > seen + 5, "reports before the kill")
                self.city.processes[name].kill()
                seen = len(residents.acknowledged)
                wait_for(lambda: len(residents.acknowledged) > seen + 5, "reports without the replica")
                self.city.restart(name)
        residents.stop()
        self.check(residents)
        self.assertEqual(self.reports(), before + len(residents.acknowledged))

    def test_a_frozen_replica_costs_little(self):
        residents = Residents(self.city)
        wait_for(lambda: len(residents.acknowledged) > 10, "reports")
        process = self.city.processes["directory-2"].process
        reader = self.city.client()
        process.send_signal(signal.SIGSTOP)
        try:
            # Reads are made on the other replica too: none fails.
            for number in range(200):
                self.assertEqual(reader.get("/v1/organizations", q=f"больница {number}").status, 200)
            hedged = [self.metric(name, "veche_http_hedged_calls_total") for name in self.city.names("gateway")]
            self.assertGreater(sum(hedged), 0)
        finally:
            process.send_signal(signal.SIGCONT)
        residents.stop()
        self.check(residents)

    def test_rolling_restarts_lose_no_request(self):
        stop, statuses, faults = threading.Event(), [], []

        def use():
            try:
                use_until_stopped()
            except Exception as error:  # a thread that ends would hide what fails after it
                faults.append(repr(error))

        def ask(client, call):
            try:
                return call()
            except ConnectionRefusedError:  # a balancer asks the other gateway
                client.close()
                return call()

        def use_until_stopped():
            client = self.city.resident()
            appeal = client.post("/v1/appeals", REPORT).json
            while not stop.is_set():
                for path in (f"/v1/{appeal['name']}", "/v1/me", "/v1/departments"):
                    answer = ask(client, lambda path=path: client.get(path))
                    statuses.append(answer.status)
                    if answer.status != 200:
                        faults.append(str(answer))
                created = ask(client, lambda: client.post("/v1/appeals", REPORT, key=uuid.uuid4().hex))
                statuses.append(created.status)
                if created.status != 201:
                    faults.append(str(created))

        users = [threading.Thread(target=use) for _ in range(3)]
        for user in users:
            user.start()
        for service in ("identity", "directory", "appeals", "gateway"):
            for name in self.city.names(service):
                self.assertEqual(self.city.processes[name].terminate(), 0, name)
                self.city.restart(name)
                # As an operator does who restarts the next replica only when this one has work.
                work = "veche_http_requests_total" if service == "gateway" else "veche_rpc_calls_total"
                wait_for(lambda: self.metric(name, work) > 0, f"calls of {name}")
        stop.set()
        for user in users:
            user.join()
        self.assertEqual(faults, [])
        self.assertGreater(len(statuses), 100)

    def test_redis_is_never_missed(self):
        def all_answer():
            """Whether both gateways have their connections."""
            return all(self.metric(name, "veche_redis_connections") == 2 for name in self.city.names("gateway"))

        wait_for(all_answer, "Redis")
        residents = Residents(self.city)
        reader = self.city.client()

        def shares_answers():
            reader.get("/v1/departments")
            return self.city.redis.command("KEYS", "veche:answer:*")

        wait_for(shares_answers, "an answer in Redis")

        def use(what):
            seen = len(residents.acknowledged)
            for number in range(20):
                self.assertEqual(reader.get("/v1/departments").status, 200, what)
                self.assertEqual(reader.get("/v1/organizations", q=f"больница {number}").status, 200, what)
            appeal = next(iter(list(residents.acknowledged.values())))
            status = reader.get(f"/v1/{appeal['name']}", followToken=appeal["followToken"]).status
            self.assertEqual(status, 200, what)
            wait_for(lambda: len(residents.acknowledged) > seen + 5, f"reports with a Redis that {what}")
            for gateway in self.city.names("gateway"):
                self.assertEqual(Client(self.city.admin_of(gateway)).get("/readyz").status, 200, what)

        wait_for(lambda: residents.acknowledged, "reports")
        self.city.redis.freeze()
        use("is frozen")
        self.city.redis.thaw()
        self.city.redis.command("FLUSHALL")
        self.city.redis.command("SCRIPT", "FLUSH")
        use("was flushed")
        self.city.redis.command("CONFIG", "SET", "maxmemory", "1")
        use("is full")
        self.city.redis.kill()
        use("is gone")
        self.city.redis.start()
        use("was restarted")
        wait_for(all_answer, "Redis after its restart")
        residents.stop()
        self.check(residents)

    def metric(self, name, metric):
        """A metric of a process, summed over its labels."""
        lines = Client(self.city.admin_of(name)).get("/metrics").body.decode().split("\n")
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((metric + " ", metric + "{")))

    def test_events_reach_clients_of_the_other_gateway(self):
        resident = self.city.resident()
        first, second = self.city.address.split(",")
        one = EventStream(first, "/v1/me/events", resident.token)
        two = EventStream(second, "/v1/me/events", resident.token)
        supervisor = self.city.staff("SUPERVISOR")
        supervisor.addresses = iter([first] * 1000)  # all changes through one gateway
        appeal = resident.post("/v1/appeals", REPORT).json
        self.city.wait_state(resident, appeal["name"], "ASSIGNED")
        for stream in (one, two):
            stream.wait(lambda event: event["json"].get("type", "").endswith("assigned"), "the assignment")
        last = [event["id"] for event in two.events if "id" in event][-1]
        two.close()
        started = supervisor.post(f"/v1/{appeal['name']}:start")
        self.assertEqual(started.status, 200, started)
        one.wait(lambda event: event["json"].get("type", "").endswith("started"), "the start")
        # The client of the second gateway comes back to the first one.
        back = EventStream(first, "/v1/me/events", resident.token, last_event_id=last)
        back.wait(lambda event: event["json"].get("type", "").endswith("started"), "what was missed")
        supervisor.post(f"/v1/{appeal['name']}:resolve", {"answer": "Готово, яма заделана."})
        back.wait(lambda event: event["json"].get("type", "").endswith("resolved"), "the answer")
        ids = [event["id"] for event in back.events if "id" in event]
        self.assertEqual(len(ids), len(set(ids)))
        types = [event["json"]["type"].rpartition(".")[2] for event in back.events if "type" in event["json"]]
        self.assertEqual(types, ["started", "resolved"])
        one.close()
        back.close()

    def test_a_change_of_the_directory_shows_at_every_gateway(self):
        editor, reader = self.city.staff("EDITOR"), self.city.client()
        first = reader.get("/v1/organizationCategories").json["organizationCategories"][0]["name"]
        created = editor.post("/v1/organizations", {"title": "Справочная", "category": first})
        self.assertEqual(created.status, 201, created)
        path = f"/v1/{created.json['name']}"
        for number in range(5):
            title = f"Справочная {number}"
            changed = editor.request("PATCH", path, {"title": title})
            self.assertEqual(changed.status, 200, changed)
            for _ in range(2):  # each gateway
                wait_for(lambda: reader.get(path).json.get("title") == title, "the new title", 10)

    def test_commands_work_with_the_operators_certificate(self):
        created = self.city.command("commands", "identity", "create-admin", "--generate_password", "--login", "boss")
        self.assertEqual(created.returncode, 0, created)
        refused = self.city.command("utility", "identity", "create-admin", "--generate_password", "--login", "spy")
        self.assertEqual(refused.returncode, 1, refused)
        file = self.city.folder / "departments.tsv"
        file.write_text("id\ttitle\nnew_department\tНовый отдел\n")
        loaded = self.city.command("commands", "import", "departments", "--file", str(file))
        self.assertEqual(loaded.returncode, 0, loaded)
        refused = self.city.command("utility", "classifier", "rollback")
        self.assertEqual(refused.returncode, 1, refused)
        self.assertIn("certificate", refused.stderr)
        answered = self.city.command("commands", "classifier", "rollback")
        self.assertEqual(answered.returncode, 1, "a new city has no former model")
        self.assertNotIn("certificate", answered.stderr)


if __name__ == "__main__":
    unittest.main()
