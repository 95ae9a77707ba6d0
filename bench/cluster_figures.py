"""Figures of a cluster: two processes of each service, PostgreSQL that writes to the disk in time, and Redis."""

import itertools
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import threading
import time

from city import City, Client, Process, wait_for
from measuring import SECONDS, load, percentile, rates, report, stamp_events

BODY = {"text": "Огромная яма на дороге у дома 12 по улице Баумана, машины бьют колёса, сделайте ямочный ремонт. " * 5,
        "location": {"latitude": 55.79, "longitude": 49.12}}  # fmt: skip
CLIENTS = 64


class Balancer:
    """Residents at a steady rate over two gateways: a gateway that refuses the connection is left for the other."""

    def __init__(self, city, rate, users=4):
        self.city, self.pause, self.stopping = city, users / rate, False
        self.times, self.faults = [], []
        clients = [city.resident() for _ in range(users)]
        self.threads = [threading.Thread(target=self.use, args=(c, c.post("/v1/appeals", BODY).json)) for c in clients]
        for thread in self.threads:
            thread.start()

    def use(self, client, appeal):
        calls = [lambda: client.get(f"/v1/{appeal['name']}"), lambda: client.get("/v1/me"),
                 lambda: client.get("/v1/departments"),
                 lambda: client.post("/v1/appeals", BODY, key=os.urandom(12).hex())]  # fmt: skip
        due = time.monotonic()
        for call in itertools.cycle(calls):
            if self.stopping:
                return
            begin = time.monotonic()
            answer = self.ask(client, call)
            self.times.append(time.monotonic() - begin)
            if answer is None or isinstance(answer, str) or answer.status >= 400:
                self.faults.append(str(answer)[:120])
            due = max(due + self.pause, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))

    @staticmethod
    def ask(client, call):
        for _ in range(2):
            try:
                return call()
            except ConnectionRefusedError:
                client.close()
            except Exception as error:  # a lost connection is a failed request, and the user goes on
                client.close()
                return repr(error)
        return None

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
        return self


def use_for(city, seconds, begin=lambda: None):
    """Residents at 100 requests a second, for a while, during which something begins."""
    users = Balancer(city, rate=100)
    begin()
    time.sleep(seconds)
    return users.stop()


def gateways(city):
    return city.address.split(",")


def both(city, path, connections=CLIENTS, **options):
    """Load from both gateways: answers a second, and the refusals among them."""
    return rates([load(gateway, path, connections=connections // 2, **options) for gateway in gateways(city)])


def post_script(city):
    script = city.folder / "post.lua"
    script.write_text(f"wrk.method='POST'\nwrk.body=[[{json.dumps(BODY, ensure_ascii=False)}]]\n"
                      "wrk.headers['Content-Type']='application/json'\n")  # fmt: skip
    return script


def pgbench_script(city):
    """The statements of a submission, with the values of a real one but for its keys."""
    query = city.postgres.query
    lines = ["\\set n random(1, 9000000000000000000)", "BEGIN ISOLATION LEVEL READ COMMITTED;"]
    own = {"appeals": {"id": "'b' || :n", "ord": ":n", "number": "'b' || :n"}, "timeline": {"appeal": ":n"},
           "events": {"id": "'b' || :n"}}  # fmt: skip
    made = {"events": ("xid", "seq")}  # by the database
    for table, keys in own.items():
        columns = query("SELECT column_name FROM information_schema.columns WHERE table_schema = 'appeals' AND "
                        f"table_name = '{table}' ORDER BY ordinal_position")  # fmt: skip
        columns = [column for column in columns if column not in made.get(table, ())]
        last = {"appeals": "ord", "timeline": "appeal", "events": "seq"}[table]
        values = [query(f"SELECT quote_nullable({column}::text) FROM appeals.{table} ORDER BY {last} DESC LIMIT 1")[0]
                  for column in columns]  # fmt: skip
        values = [keys.get(column, value) for column, value in zip(columns, values)]
        lines.append(f"INSERT INTO appeals.{table} ({', '.join(columns)}) VALUES ({', '.join(values)});")
    path = city.folder / "submit.sql"
    path.write_text("\n".join([*lines, "COMMIT;", ""]))
    return path


def pgbench(city, script):
    program = subprocess.run(["sh", "-c", "ls /usr/lib/postgresql/*/bin/pgbench | sort -V | tail -n 1"], check=True,
                             capture_output=True, text=True).stdout.strip()  # fmt: skip
    told = subprocess.run([program, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", str(SECONDS), "-f", script,
                           city.postgres.connection], check=True, capture_output=True, text=True).stdout  # fmt: skip
    return float(re.search(r"tps = ([\d.]+)", told).group(1))


def submit_figures(city):
    assert city.client().post("/v1/appeals", BODY).status == 201
    script = pgbench_script(city)
    yardsticks, submits = [], []
    for _ in range(3):  # by turns, because the disk's speed changes from minute to minute
        yardsticks.append(pgbench(city, script))
        answers, refused = both(city, "/v1/appeals", script=post_script(city))
        submits.append(answers - refused)
    submit, yardstick = statistics.median(submits), statistics.median(yardsticks)
    report("durable submit through two gateways / pgbench", f"{submit / yardstick:.2f}", ">= 0.6",
           f"{submit:.0f}/s against {yardstick:.0f}/s, which has both cores to itself")  # fmt: skip


def answer_figures(city, config):
    """Public answers: from the gateway itself, from Redis, and how often the service is asked for one."""
    own = json.loads((city.folder / "gateway-1.json").read_text())
    own["redis"]["localMs"] = -1
    own["http"]["address"] = "127.0.0.1:0"
    own["dataDir"] = str(city.folder / "data-gateway-3")
    process = Process(["--config", city._write_config("gateway-3", own)], city.folder / "gateway-3.log")
    try:
        bare = process.find(r"Open\s+http://([^\s/]+)").group(1)
        wait_for(lambda: Client(bare).get("/v1/departments").status == 200, "the third gateway")
        local = rates([load(gateways(city)[0], "/v1/departments")])[0]
        remote = rates([load(bare, "/v1/departments")])[0]
    finally:
        process.kill()
    report("public answer from Redis / from the gateway itself", f"{remote / local:.2f}", ">= 0.5",
           f"{remote:.0f}/s against {local:.0f}/s")  # fmt: skip
    before = calls_of(city, "directory", "ListDepartments")
    begin = time.monotonic()
    answers, refused = both(city, "/v1/departments", connections=1000)
    reads = calls_of(city, "directory", "ListDepartments") - before
    lives = 1 + (time.monotonic() - begin) / 0.9  # an answer is renewed when a tenth of its second is left
    report("reads of the service for each life of an answer", f"{reads / lives:.2f}", "<= 1",
           f"{reads:.0f} reads for {answers:.0f} answers/s to 1,000 readers of two gateways")  # fmt: skip


def calls_of(city, service, method):
    """How many calls of the method all replicas have answered."""
    count = 0
    for name in city.names(service):
        for line in Client(city.admin_of(name)).get("/metrics").body.decode().split("\n"):
            if line.startswith("veche_rpc_calls_total{") and f'method="{method}"' in line:
                count += float(line.rpartition(" ")[2])
    return count


def live_figures(city, count=200):
    """What one gateway is told reaches the clients of the other."""
    resident = city.resident()
    first = Client(gateways(city)[0], resident.token)
    stream = city.events("/v1/me/events", resident.token, gateway=1)
    stamp_events(stream)
    told = {}
    for _ in range(count):
        told[first.post("/v1/appeals", BODY).json["name"]] = time.monotonic()
        time.sleep(0.02)

    def heard():
        """When each appeal was heard of first."""
        times = {}
        for event in list(stream.events):
            times.setdefault(event["json"].get("subject"), event["time"])
        return times if told.keys() <= times.keys() else None

    times = wait_for(heard, "all events")
    stream.close()
    first.close()
    delays = [times[name] - begin for name, begin in told.items()]
    report("from a change at one gateway to SSE at the other, p99", f"{percentile(delays, 0.99) * 1000:.0f} ms", "<= 1 s",
           f"p50 {percentile(delays, 0.5) * 1000:.0f} ms, {count} appeals at 50/s")  # fmt: skip


def restart_figures(city):
    users = Balancer(city, rate=100)
    time.sleep(5)
    for name in list(city.processes):
        city.processes[name].terminate()
        city.restart(name)
        time.sleep(2)  # its callers find it
    users.stop()
    report(f"failed requests in a rolling restart of {len(city.processes)} processes", len(users.faults), "0",
           f"of {len(users.times)} at 100/s, {users.faults[:1]}")  # fmt: skip


def frozen_figures(city, quiet):
    frozen = city.processes["appeals-2"].process
    users = use_for(city, 10, lambda: frozen.send_signal(signal.SIGSTOP))
    frozen.send_signal(signal.SIGCONT)
    late = sum(seconds > 0.5 for seconds in users.times)
    report("failed requests while a replica is frozen for 10 s", len(users.faults), None,
           f"of {len(users.times)}; {late} took over 0.5 s, the longest {max(users.times):.2f} s; "
           f"p99 of quiet times {quiet * 1000:.0f} ms")  # fmt: skip


def redis_figures(city, quiet, seconds=60):
    users = use_for(city, seconds, city.redis.freeze)
    city.redis.thaw()
    late = percentile(users.times, 0.99)
    report(f"p99 while Redis is frozen for {seconds} s, above the quiet one", f"{(late - quiet) * 1000:.1f} ms", "<= 50 ms",
           f"{quiet * 1000:.1f} ms before; {len(users.faults)} of {len(users.times)} requests failed")  # fmt: skip


def overload_figures(config):
    """A gateway takes 32 requests at once here, so that more clients than that are too many."""
    limits = {**config["limits"], "inFlight": CLIENTS // 2}
    with City("cluster", config={**config, "limits": limits}, durable=True) as city:
        script = post_script(city)
        peak, refused = both(city, "/v1/appeals", script=script)
        before = memory(city)
        times, stop = [], threading.Event()
        probe = threading.Thread(target=probe_refusals, args=(city, times, stop))
        probe.start()
        answers, refused = both(city, "/v1/appeals", connections=4 * CLIENTS, script=script, seconds=3 * SECONDS)
        stop.set()
        probe.join()
        report("goodput of too many clients / of as many as can be served", f"{(answers - refused) / peak:.2f}", ">= 0.8",
               f"{answers / peak:.1f} times the load; {answers - refused:.0f}/s against {peak:.0f}/s")  # fmt: skip
        if times:
            report("p99 of a refusal", f"{percentile(times, 0.99) * 1000:.0f} ms", "<= 50 ms", f"of {len(times)}")
        report("memory of gateways and appeals, after / before", f"{memory(city) / before:.2f}", None, f"{before:.0f} MB before")


def probe_refusals(city, times, stop):
    client = city.client()
    while not stop.is_set():
        begin = time.monotonic()
        answer = client.post("/v1/appeals", BODY)
        if answer.status == 503:
            assert answer.headers["Retry-After"], answer
            times.append(time.monotonic() - begin)


def memory(city):
    """MB of the processes that take the load."""
    kib = 0
    for name in [*city.names("gateway"), *city.names("appeals")]:
        status = pathlib.Path(f"/proc/{city.processes[name].process.pid}/status").read_text()
        kib += int(re.search(r"VmRSS:\s+(\d+)", status).group(1))
    return kib / 1024


def measure(config):
    with City("cluster", config=config, durable=True) as city:
        quiet = percentile(use_for(city, 10).times, 0.99)
        redis_figures(city, quiet)
        live_figures(city)
        frozen_figures(city, quiet)
        restart_figures(city)
        answer_figures(city, config)
        submit_figures(city)
    overload_figures(config)
