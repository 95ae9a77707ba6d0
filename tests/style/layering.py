#!/usr/bin/env python3
"""Checks which files may include which: the dependencies that docs/architecture.md describes.

A module of common/ includes only the modules listed for it. A service includes no other service; only services/*.cc
combine services. Inside a service, rooms depend on each other in one direction: domain/ includes no other room, no
protos, SQL, gRPC or clock; storage/ and the special rooms of a service do not include calls/ and workers/; calls/
does not include workers/; no room includes module.h or commands/; only tests include testing/. Only the modules
that wrap a third-party library include it.
"""
import fnmatch
import re
import sys

from files import is_test, read, sources

# The modules of common/ that each module may include besides itself.
COMMON = {
    "api": {"base"},
    "auth": {"base", "crypto"},
    "backup": {"base", "crypto", "sql"},
    "base": set(),
    "blind_rsa": {"base", "crypto"},
    "blob": {"base", "crypto", "http_client", "observe"},
    "cache": {"base"},
    "calendar": {"base"},
    "crypto": {"base"},
    "demo": {"base"},
    "events": {"api", "base", "observe", "rpc", "sql"},
    "geo": {"base"},
    "http": {"base"},
    "http_client": {"base"},
    "merkle": {"base", "crypto"},
    "observe": {"base"},
    "redis": {"base", "crypto", "observe"},
    "rpc": {"api", "auth", "base", "observe", "sql"},
    "service": {"api", "base", "events", "observe", "rpc", "sql"},
    "sql": {"base"},
    "testing": {"base"},
    "text": {"base"},
}
# Pure code: no wire format, storage, network or clock.
DOMAIN = [
    "services/*/domain/*", "services/appeals/routing/*", "services/polling/protocol/*",
    "common/text/*", "common/calendar/working_calendar.*", "common/api/contact.*",
    "common/geo/point.*", "common/geo/cell.*", "common/merkle/*",
]
# Rooms of a service: each may include rooms of its own rank and below. The gateway's openapi/ uses its routes.
RANKS = {"domain": 0, "storage": 1, "calls": 2, "openapi": 2, "workers": 3, "commands": 4, "module": 5}
SPECIAL = RANKS["storage"]  # routing/, media/, learning/ …
NOT_IN_DOMAIN = r'\.pb\.h"|<grpcpp/|"common/(sql|rpc|events|observe)/|absl/time/clock\.h'
# Headers of third-party libraries, and the files that may include them.
OUTSIDE = {
    r"<sqlite3\.h>|<libpq-fe\.h>": ["common/sql/*", "common/events/*"],
    r"<boost/geometry/": ["common/geo/boundary.cc", "common/geo/district_index.cc"],
    r"<boost/(?!geometry/)": ["common/http/*", "common/redis/*", "common/geo/district_index.cc"],
    r"<grpcpp/": ["common/rpc/*", "common/events/*", "common/service/*", "services/*"],
    r"<unicode/|libstemmer": ["common/text/*"],
    r"<spdlog/": ["common/observe/*"],
    r"<hiredis/": ["common/redis/protocol.cc"],
    r"<expat\.h>": ["services/notifications/feeds/xml_reader.cc"],
    r"<argon2\.h>": ["services/identity/vault/password.cc"],
    r"<curl/": ["common/http_client/*", "services/identity/*", "services/polling/commands/*"],
}
INCLUDE = re.compile(r"^#include ([<\"][^>\"]+[>\"])", re.MULTILINE)


def faults_of(name, includes):
    parts = name.split("/")
    for include in includes:
        target = include.strip('<">').split("/")
        if parts[0] == "common":
            if target[0] == "services":
                yield f"{name}: common/ must not include a service: {include}"
            if target[0] == "common" and target[1] != parts[1]:
                allowed = COMMON.get(parts[1])
                if allowed is None:
                    yield f"{name}: add common/{parts[1]} to COMMON in tests/style/layering.py"
                elif target[1] not in allowed and not (is_test(name) and target[1] in ("testing", "rpc", "sql", "http")):
                    yield f"{name}: common/{parts[1]} must not include common/{target[1]}"
        if parts[0] == "services" and len(parts) > 2 and target[0] == "services":
            if len(target) < 3 or target[1] != parts[1]:
                yield f"{name}: a service must not include another: {include}"
        if is_test(name):
            continue
        if is_test("/".join(target)):
            yield f"{name}: only tests may include {include}"
        elif parts[0] == "services" and len(parts) > 3 and target[:2] == parts[:2]:
            room, other = parts[2], target[2] if len(target) > 3 else "module"
            if RANKS.get(other, SPECIAL) > RANKS.get(room, SPECIAL):
                yield f"{name}: {room}/ must not include {other}: {include}"
        if any(fnmatch.fnmatch(name, pattern) for pattern in DOMAIN) and re.search(NOT_IN_DOMAIN, include):
            yield f"{name}: the domain must not include {include}"
        for headers, places in OUTSIDE.items():
            if re.search(headers, include) and not any(fnmatch.fnmatch(name, place) for place in places):
                yield f"{name}: only {', '.join(places)} may include {include}"


def main(root):
    checked, faults = 0, []
    for name in sources(root):
        includes = INCLUDE.findall(read(root, name))
        checked += 1
        faults += faults_of(name, includes)
    print("\n".join(faults) or f"{checked} files, all includes allowed")
    return 1 if faults or checked < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
