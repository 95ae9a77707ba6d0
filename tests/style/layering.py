#!/usr/bin/env python3
"""Who may include whom; the arrows of docs/architecture.md, held in place.

A module of common/ includes only those named for it, a service no other service, only services/*.cc put services
together. Inside a service the rooms know each other one way: domain/ knows no other room and neither protos, nor
SQL, nor gRPC, nor the clock; storage/ and the rooms special to the service do not know calls/ and workers/; calls/
do not know workers/; module.h and commands/ are known to no room; testing/ is known to tests alone. A library from
outside is known to the modules that wrap it, and to no other.
"""
import fnmatch
import re
import sys

from files import is_test, read, sources

# Of common: what each module may include besides itself.
COMMON = {
    "api": {"base"},
    "auth": {"base"},
    "base": set(),
    "blob": {"base"},
    "cache": {"base"},
    "events": {"api", "base", "observe", "rpc", "sql"},
    "geo": {"base"},
    "http": {"base"},
    "observe": {"base"},
    "rpc": {"api", "auth", "base", "observe", "sql"},
    "service": {"api", "base", "events", "observe", "rpc", "sql"},
    "sql": {"base"},
    "testing": {"base"},
    "text": {"base"},
}
# Pure rules: no wire, no storage, no network, no clock of their own.
DOMAIN = [
    "services/*/domain/*", "services/appeals/routing/*",
    "common/text/*", "common/api/contact.*", "common/geo/point.*", "common/geo/cell.*",
]
# Rooms of a service: each knows those of its own rank and below. The gateway's openapi/ is made from its routes.
RANKS = {"domain": 0, "storage": 1, "calls": 2, "openapi": 2, "workers": 3, "commands": 4, "module": 5}
SPECIAL = RANKS["storage"]  # routing/, media/, learning/ …
NOT_IN_DOMAIN = r'\.pb\.h"|<grpcpp/|"common/(sql|rpc|events|observe)/|absl/time/clock\.h'
# Headers from outside, and the places that may know them.
OUTSIDE = {
    r"<sqlite3\.h>|<libpq-fe\.h>": ["common/sql/*", "common/events/*"],
    r"<boost/geometry/": ["common/geo/boundary.cc", "common/geo/district_index.cc"],
    r"<boost/(?!geometry/)": ["common/http/*", "common/geo/district_index.cc"],
    r"<grpcpp/": ["common/rpc/*", "common/events/*", "common/service/*", "services/*"],
    r"<unicode/|libstemmer": ["common/text/*"],
    r"<spdlog/": ["common/observe/*"],
    r"<argon2\.h>": ["services/identity/vault/password.cc"],
    r"<curl/": ["common/blob/*", "services/identity/*"],
}
INCLUDE = re.compile(r"^#include ([<\"][^>\"]+[>\"])", re.MULTILINE)


def faults_of(name, includes):
    parts = name.split("/")
    for include in includes:
        target = include.strip('<">').split("/")
        if parts[0] == "common":
            if target[0] == "services":
                yield f"{name}: common/ includes no service: {include}"
            if target[0] == "common" and target[1] != parts[1]:
                allowed = COMMON.get(parts[1])
                if allowed is None:
                    yield f"{name}: common/{parts[1]} has no line in this test"
                elif target[1] not in allowed and not (is_test(name) and target[1] in ("testing", "rpc", "sql")):
                    yield f"{name}: common/{parts[1]} may not know common/{target[1]}"
        if parts[0] == "services" and len(parts) > 2 and target[0] == "services":
            if len(target) < 3 or target[1] != parts[1]:
                yield f"{name}: a service includes no other: {include}"
        if is_test(name):
            continue
        if is_test("/".join(target)):
            yield f"{name}: only tests include {include}"
        elif parts[0] == "services" and len(parts) > 3 and target[:2] == parts[:2]:
            room, other = parts[2], target[2] if len(target) > 3 else "module"
            if RANKS.get(other, SPECIAL) > RANKS.get(room, SPECIAL):
                yield f"{name}: {room}/ may not know {other}: {include}"
        if any(fnmatch.fnmatch(name, pattern) for pattern in DOMAIN) and re.search(NOT_IN_DOMAIN, include):
            yield f"{name}: rules of the domain do not include {include}"
        for headers, places in OUTSIDE.items():
            if re.search(headers, include) and not any(fnmatch.fnmatch(name, place) for place in places):
                yield f"{name}: {include} is for {', '.join(places)}"


def main(root):
    checked, faults = 0, []
    for name in sources(root):
        includes = INCLUDE.findall(read(root, name))
        checked += 1
        faults += faults_of(name, includes)
    print("\n".join(faults) or f"{checked} files keep their place")
    return 1 if faults or checked < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
