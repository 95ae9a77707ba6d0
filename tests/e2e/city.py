"""A running Veche for end-to-end tests: one process for all services, one for each service with mutual TLS, or a
cluster with two processes for each service on PostgreSQL, Redis and a store of files."""

import contextlib
import http.client
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

import cluster
from cluster import SERVICES, free_port, make_certificates

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("VECHE_BINARY", str(SOURCE / "build/release/veche"))
PATIENCE = 30  # seconds to wait for a condition


def wait_for(condition, what, seconds=PATIENCE):
    """Polls until condition() returns a true value, and returns this value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not reached within {seconds} s: {what}")
        time.sleep(0.02)


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Client:
    """An HTTP client like a phone or browser: keep-alive connections, with or without a token.

    With several addresses, separated by commas, each request goes to another gateway than the one before.
    """

    def __init__(self, address, token=None):
        self.addresses, self.token = itertools.cycle(address.split(",")), token
        self.connections = {}

    def request(self, method, path, body=None, headers=None, raw=None):
        headers = {"Accept-Language": "en", **(headers or {})}
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        address = next(self.addresses)
        for attempt in (1, 2):
            connection = self.connections.get(address)
            if connection is None:
                connection = self.connections[address] = http.client.HTTPConnection(address, timeout=PATIENCE)
            try:
                connection.request(method, path, body=data, headers=headers)
                answer = connection.getresponse()
                return Response(answer.status, answer.headers, answer.read())
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connections.pop(address).close()
                if attempt == 2 or method != "GET":
                    raise

    def get(self, path, **parameters):
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        return self.request("GET", path)

    def post(self, path, body=None, key=None, headers=None):
        headers = dict(headers or {})
        if key:
            headers["Idempotency-Key"] = key
        return self.request("POST", path, {} if body is None else body, headers)

    def close(self):
        for connection in self.connections.values():
            connection.close()
        self.connections = {}


class EventStream:
    """A stream of server-sent events, read in a background thread."""

    def __init__(self, address, path, token=None, last_event_id=None):
        self.connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        headers = {"Accept": "text/event-stream"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        self.connection.request("GET", path, headers=headers)
        self.response = self.connection.getresponse()
        self.status, self.headers = self.response.status, self.response.headers
        self.events, self.comments, self.ended = [], 0, False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        event = {}
        with contextlib.suppress(OSError, ValueError, AttributeError, http.client.HTTPException):
            for line in self.response:
                line = line.decode().rstrip("\r\n")
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(":")
                    event[name] = event.get(name, "") + value.removeprefix(" ")
                elif "data" in event:
                    event["json"] = json.loads(event["data"])
                    self.events.append(event)
                    event = {}
                else:
                    event = {}
        self.ended = True

    def wait(self, condition, what="an event", seconds=PATIENCE):
        """Waits for an event for which the condition is true, and returns the first such event."""
        return wait_for(lambda: next((e for e in list(self.events) if condition(e)), None), what, seconds)

    def close(self):
        with contextlib.suppress(OSError, AttributeError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.thread.join(PATIENCE)


class Process:
    """One `veche` process; its output goes to a file."""

    def __init__(self, arguments, log):
        self.log = pathlib.Path(log)
        self.arguments = arguments
        self.start()

    def start(self):
        with open(self.log, "ab") as out:
            self.offset = out.tell()
            self.process = subprocess.Popen([BINARY, *self.arguments], stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def output(self):
        with open(self.log, "rb") as file:
            file.seek(self.offset)
            return file.read().decode(errors="replace")

    def find(self, pattern):
        """Waits until the output matches the pattern, and returns the match."""

        def look():
            found = re.search(pattern, self.output())
            if not found and self.process.poll() is not None:
                raise AssertionError(f"veche ended with {self.process.returncode}:\n{self.output()[-3000:]}")
            return found

        return wait_for(look, f"output like {pattern}")

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


class City:
    """Veche with a demo city in its own data folder. `topology`: "one" process, "many" or "cluster"; None: that of
    VECHE_TOPOLOGY, or "one". `demo`: a folder of demo/; True: the default one; False: no demo.

    The demo has residents, polls and initiatives only with `polls`: they take seconds of processor time.
    """

    postgres = redis = store = None  # of a cluster

    def __init__(self, topology=None, demo=True, config=None, flags=(), second_issuer="", polls=False, durable=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="veche-e2e-"))
        self.topology = topology or os.environ.get("VECHE_TOPOLOGY", "one")
        self.flags = [*flags, f"--demo_polls={str(polls).lower()}"]
        self.demo = "kazan" if demo is True else demo
        if demo:
            self.flags.append(f"--demo={self.demo}")
        self.config = dict(config or {})
        self.durable = durable  # whether the PostgreSQL of a cluster is
        self.second_issuer = second_issuer  # of "many": the name of an issuer that another body runs
        self.processes = {}
        try:
            if self.topology == "one":
                self._start_one()
            elif self.topology == "many":
                self._start_many()
            else:
                self._start_cluster()
        except BaseException:
            self.close()
            raise

    # --- starting

    def _write_config(self, name, config):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(config))
        return str(path)

    def _start_one(self):
        # A fixed port: clients reconnect to the same address after a restart.
        config = {"http": {"address": f"127.0.0.1:{free_port()}"}, "admin": {"address": "127.0.0.1:0"}, **self.config}
        arguments = ["--config", self._write_config("config", config), "--data_dir", str(self.folder / "data")]
        self.processes["all"] = Process(arguments + self.flags, self.folder / "all.log")
        self._await("all")

    def _start_many(self):
        self.certificates = make_certificates(self.folder, [*SERVICES, "commands", "utility"])
        self.addresses = {name: f"127.0.0.1:{free_port()}" for name in SERVICES if name != "gateway"}
        addresses = self.addresses
        for name in SERVICES:
            config = {
                "services": [name],
                "dataDir": str(self.folder / f"data-{name}"),
                "http": {"address": f"127.0.0.1:{free_port()}"},
                "admin": {"address": "127.0.0.1:0"},
                "grpc": {"address": addresses.get(name, ""), **self.tls(name)},
                "addresses": {other: address for other, address in addresses.items() if other != name},
                **self.config,
            }
            if self.second_issuer and name == "polling":
                config["polling"] = {"secondIssuer": self.second_issuer}
                config["addresses"]["second_issuer"] = f"127.0.0.1:{free_port()}"
                self._start_second_issuer(config["addresses"]["second_issuer"])
            arguments = ["--config", self._write_config(name, config)] + self.flags
            self.processes[name] = Process(arguments, self.folder / f"{name}.log")
        for name in SERVICES:
            self._await(name)

    def _start_second_issuer(self, address):
        config = {
            "services": ["issuer"],
            "dataDir": str(self.folder / "data-second-issuer"),
            "admin": {"address": "127.0.0.1:0"},
            "grpc": {"address": address, **self.tls("issuer")},
            "addresses": {"identity": self.addresses["identity"]},
            "issuer": {"name": self.second_issuer},
        }
        arguments = ["--config", self._write_config("second-issuer", config)]
        self.processes["second-issuer"] = Process(arguments, self.folder / "second-issuer.log")

    def tls(self, name):
        """The gRPC configuration of one who has the certificate of `name`."""
        certificate, key = self.certificates[name]
        return {"tlsCertificateFile": certificate, "tlsKeyFile": key, "tlsCaFile": self.certificates["ca"]}

    def command(self, certificate, *arguments):
        """Runs a command of an operator against the processes, with the certificate of that name."""
        config = self._write_config(f"command-{certificate}", {"addresses": self.addresses, "grpc": self.tls(certificate)})
        return subprocess.run([BINARY, *arguments, "--config", config], capture_output=True, text=True, timeout=PATIENCE)

    def _start_cluster(self):
        layout = cluster.Cluster(self.folder, self.config, self.demo, self.durable)
        self.postgres, self.redis, self.store = layout.postgres, layout.redis, layout.store
        self.certificates, self.addresses = layout.certificates, layout.addresses
        self.address = ",".join(layout.gateways)
        for name, config in layout.configs.items():
            arguments = ["--config", self._write_config(name, config)]
            # The first replica of each service loads its part of the demo.
            arguments += self.flags if name.endswith("-1") else [f for f in self.flags if not f.startswith("--demo")]
            self.processes[name] = Process(arguments, self.folder / f"{name}.log")
        for name in layout.configs:
            self._await(name)

    def _await(self, name):
        process = self.processes[name]
        admin = self.admin_of(name)
        if name in ("all", "gateway"):
            self.address = process.find(r"Open\s+http://([^\s/]+)").group(1)
        self.admin = admin
        wait_for(lambda: Client(admin).get("/readyz").status == 200, f"{name} ready")

    def admin_of(self, name):
        return self.processes[name].find(r"Operator\s+http://(\S+)").group(1)

    # --- use

    def data(self, service):
        folders = {"one": "data", "many": f"data-{service}", "cluster": f"data-{service}-1"}
        return self.folder / folders[self.topology]

    def client(self, token=None):
        return Client(self.address, token)

    def events(self, path, token=None, last_event_id=None, gateway=-1):
        """A stream of events from one of the gateways; by default the last one."""
        return EventStream(self.address.split(",")[gateway], path, token, last_event_id)

    def outbox(self):
        folder = self.folder / "outbox" if self.topology == "cluster" else self.data("identity") / "outbox"
        return [json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))]

    def resident(self, contact=None):
        """Signs in a resident with the code from the outbox."""
        contact = contact or f"resident-{uuid.uuid4().hex[:10]}@example.org"
        client = self.client()
        sent = client.post("/v1/auth:sendCode", {"contact": contact})
        assert sent.status == 200, sent
        message = wait_for(lambda: next((m for m in reversed(self.outbox()) if m["to"] == contact), None), "the code")
        code = re.search(r"\b\d{6}\b", message["body"]).group()
        signed = client.post("/v1/auth:signIn", {"challenge": sent.json["challenge"], "code": code})
        assert signed.status == 200, signed
        client.token = signed.json["accessToken"]
        client.signed_in = signed.json
        return client

    def accounts(self):
        path = self.data("identity") / "demo-accounts.json"
        return wait_for(lambda: json.loads(path.read_text()) if path.exists() else None, "demo accounts")

    def staff(self, role, department=None):
        """Signs in with a demo account that has the role."""
        for account in self.accounts():
            if role in account["roles"] and department in (None, account["department"]):
                client = self.client()
                signed = client.post("/v1/auth:signIn", {"login": account["login"], "password": account["password"]})
                assert signed.status == 200, signed
                client.token = signed.json["accessToken"]
                client.signed_in = signed.json
                return client
        raise AssertionError(f"no demo account of {role} {department}")

    def wait_state(self, client, name, state, **parameters):
        def look():
            answer = client.get(f"/v1/{name}", **parameters)
            assert answer.status == 200, answer
            return answer.json if answer.json["state"] == state else None

        return wait_for(look, f"{name} to be {state}")

    # --- ending

    def names(self, name):
        """The names of all processes of a service, or of all services."""
        if name == "all":
            return list(self.processes)
        return [n for n in self.processes if n == name or n.rpartition("-")[0] == name]

    def kill(self, name="all"):
        for process in self.names(name):
            self.processes[process].kill()

    def restart(self, name="all"):
        for process in self.names(name):
            self.processes[process].start()
        for process in self.names(name):
            self._await(process)

    def terminate(self):
        return {name: process.terminate() for name, process in reversed(list(self.processes.items()))}

    def close(self):
        for process in self.processes.values():
            if process.process.poll() is None:
                process.kill()
        if self.postgres is not None:
            self.postgres.close()
        if self.redis is not None:
            self.redis.kill()
        if self.store is not None:
            self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
