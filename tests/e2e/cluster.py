"""Lays a cluster out on this machine: two processes of each service with mutual TLS on one PostgreSQL, Redis and store of files.

Used by the end-to-end tests and by `./dev cluster`.
"""

import json
import pathlib
import random
import re
import socket
import subprocess

from postgres import Postgres
from redis_server import RedisServer
from s3_store import CREDENTIALS, S3Store

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# In the order of the module table.
SERVICES = re.findall(r'\{\.name = "(\w+)"', (SOURCE / "services/modules.cc").read_text())
REPLICAS = 2


def free_port():
    """A port that nobody listens on, below those of outgoing connections, which come and go meanwhile."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def make_certificates(folder, names):
    """Makes a test authority and a certificate for each name, with the openssl command."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=veche test")
    result = {"ca": str(folder / "ca.pem")}
    for name in names:
        (folder / f"{name}.ext").write_text(f"subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:{name}\n")
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext")  # fmt: skip
        result[name] = (str(folder / f"{name}.pem"), str(folder / f"{name}.key"))
    return result


class Cluster:
    """The configuration of each process, by names like "appeals-1", with PostgreSQL, Redis and a store with the interface of S3 running.

    `config` is merged into that of each process, `demo` is the folder of demo/ whose city the processes serve.
    PostgreSQL risks what is written to it unless it is to be `durable`.
    """

    def __init__(self, folder, config, demo, durable=False):
        self.folder, self.durable = folder, durable
        self.certificates = make_certificates(folder, [*SERVICES, "commands", "utility"])
        self.postgres = Postgres(durable)
        (folder / "postgres").write_text(self.postgres.connection)
        self.redis = RedisServer(folder)
        for shared in ("keys", "files", "outbox"):
            (folder / shared).mkdir(mode=0o700, exist_ok=True)
        self.store = S3Store(folder / "files")
        (folder / "s3").write_text(CREDENTIALS)
        ports = {name: [free_port() for _ in range(REPLICAS)] for name in SERVICES}
        listed = {name: [f"127.0.0.1:{port}" for port in ports[name]] for name in SERVICES}
        self.gateways = listed["gateway"]
        self.addresses = {name: ",".join(listed[name]) for name in SERVICES if name != "gateway"}
        city = json.loads((SOURCE / "demo" / demo / "city.json").read_text()) if demo else {}
        self.configs = {}
        for name in SERVICES:
            for replica in range(REPLICAS):
                self.configs[f"{name}-{replica + 1}"] = {
                    **city,
                    **config,
                    **self._own(name, replica, listed[name][replica]),
                    "delivery": {"outboxFolder": str(folder / "outbox"), **config.get("delivery", {})},
                }

    def _own(self, name, replica, address):
        return {
            "services": [name],
            "dataDir": str(self.folder / f"data-{name}-{replica + 1}"),
            "keysDir": str(self.folder / "keys"),
            "blobs": {"s3": {"url": self.store.url, "bucket": "veche", "credentialsFile": str(self.folder / "s3")}},
            "admin": {"address": "127.0.0.1:0"},
            "storage": {"postgresFile": str(self.folder / "postgres"), "postgresConnections": 16 if self.durable else 4,
                        "acceptedRisks": [] if self.durable else ["fsync", "full_page_writes"]},
            "drain": {"waitSeconds": 2},
            "addresses": {other: listed for other, listed in self.addresses.items() if other != name},
            **({"http": {"address": address}, "redis": {"address": self.redis.address}} if name == "gateway" else {}),
            "grpc": {**self.tls(name), **({"hedgeMs": 250} if name == "gateway" else {"address": address})},
        }

    def tls(self, name):
        """The gRPC configuration of one who has the certificate of `name`."""
        certificate, key = self.certificates[name]
        return {"tlsCertificateFile": certificate, "tlsKeyFile": key, "tlsCaFile": self.certificates["ca"]}
