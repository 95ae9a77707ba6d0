#!/usr/bin/env python3
"""Who may include whom; the arrows of docs/architecture.md, held in place.

A module of common/ includes only those named for it, a service no other service, only services/*.cc put services
together. Rules of the domain know neither protos, nor SQL, nor gRPC. A library from outside is known to the modules
that wrap it, and to no other.
"""
import fnmatch
import os
import re
import sys

# Of common: what each module may include besides itself.
COMMON = {
    "auth": {"base"},
    "base": set(),
    "blob": {"base"},
    "cache": {"base"},
    "events": {"base", "observe", "rpc", "sql"},
    "geo": {"base"},
    "observe": set(),
    "rpc": {"auth", "base", "observe", "sql"},
    "sql": {"base"},
    "testing": {"base"},
    "text": set(),
}
# Pure rules: no wire, no storage, no network, no clock of their own.
DOMAIN = [
    "services/*/domain/*",
    "common/text/*", "common/geo/point.*", "common/geo/cell.*",
]
NOT_IN_DOMAIN = r'\.pb\.h"|<grpcpp/|"common/(sql|rpc|events|observe)/|absl/time/clock\.h'
# Headers from outside, and the places that may know them.
OUTSIDE = {
    r"<sqlite3\.h>|<libpq-fe\.h>": ["common/sql/*", "common/events/*"],
    r"<boost/geometry/": ["common/geo/boundary.cc", "common/geo/district_index.cc"],
    r"<boost/(?!geometry/)": ["services/gateway/*", "common/geo/district_index.cc"],
    r"<grpcpp/": ["common/rpc/*", "common/events/*", "services/*"],
    r"<unicode/|libstemmer": ["common/text/*"],
    r"<spdlog/": ["common/observe/*"],
    r"<argon2\.h>": ["services/identity/vault/password.cc"],
    r"<curl/": ["common/blob/*", "services/identity/*"],
}
INCLUDE = re.compile(r"^#include ([<\"][^>\"]+[>\"])", re.MULTILINE)


def is_test(name):
    return re.search(r"(_test|testing|test_\w+|fixture|fakes|probe)\.(cc|h)$", name) is not None


def sources(root):
    for top in ("common", "services"):
        for path, _, files in os.walk(os.path.join(root, top)):
            for file in sorted(files):
                if file.endswith((".cc", ".h")):
                    name = os.path.relpath(os.path.join(path, file), root)
                    yield name, INCLUDE.findall(open(os.path.join(root, name), encoding="utf-8").read())


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
        if any(fnmatch.fnmatch(name, pattern) for pattern in DOMAIN) and re.search(NOT_IN_DOMAIN, include):
            yield f"{name}: rules of the domain do not include {include}"
        for headers, places in OUTSIDE.items():
            if re.search(headers, include) and not any(fnmatch.fnmatch(name, place) for place in places):
                yield f"{name}: {include} is for {', '.join(places)}"


def main(root):
    checked, faults = 0, []
    for name, includes in sources(root):
        checked += 1
        faults += faults_of(name, includes)
    print("\n".join(faults) or f"{checked} files keep their place")
    return 1 if faults or checked < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
