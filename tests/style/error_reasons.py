#!/usr/bin/env python3
"""Compares the error reasons that the protos list with those that the sources use.

Each service lists the reasons of its own errors in `enum ErrorReason` of its errors.proto; the reasons of
common/ and of the gateway are in veche/errors/v1/errors.proto. A reason that a service uses must be in its list
or in the common one, and every listed reason must be used.
"""
import os
import re
import sys

from files import is_test, read, sources

NAME = r'"([A-Z][A-Z_]+)"'
# Calls that make an error, up to the reason. A choice of two gives both.
CALLS = [
    r'\bMake(?:Operator)?Error\(\s*[^;"]*?,\s*(?:kDomain|"[a-z]+"),\s*([^;]*?)[,)]',
    r'\bGatewayError\(\s*(?:[^,;"]|\n)*?,\s*([^;]*?)[,)]',
    r'\bError\(\s*absl::StatusCode::\w+,\s*([^;]*?)[,)]',
    r'\bRefused\(\s*(' + NAME + r')\s*[),]',
    r'\b(?:Fail|Error)\(\s*(' + NAME + r')\s*,\s*(?:"|absl)',
    r'\{\s*\d{3},\s*([^;{}]*?)[,}]',  # a Refusal
    r'\{(' + NAME + r'), \d{3}\}',  # problem.cc's table
    r'\breason\.empty\(\) \? (' + NAME + ')',
]
ENUM = re.compile(r"enum ErrorReason \{(.*?)\n\}", re.DOTALL)
VALUE = re.compile(r"((?:^ *//[^\n]*\n)*)^ *([A-Z_]+) = \d+;", re.MULTILINE)


def emitted(folder):
    """({reason: files that use it}, calls of MakeError whose reason cannot be read from the source) of a folder."""
    reasons, unseen = {}, []
    for name in sources(".", [folder]):
        if is_test(name):
            continue
        source = re.sub(r"//[^\n]*", "", read(".", name))
        for call in CALLS:
            for match in re.finditer(call, source):
                for reason in re.findall(NAME, match.group(1)):
                    reasons.setdefault(reason, set()).add(name)
                if call == CALLS[0] and not re.search(NAME + r"|\breason\b", match.group(1)):
                    unseen.append(f"{name}: {match.group(1)}")
    return reasons, unseen


def listed(proto):
    if not os.path.exists(proto):
        return {}
    body = ENUM.search(open(proto, encoding="utf-8").read())
    values = {name: comment.strip() for comment, name in VALUE.findall(body.group(1))} if body else {}
    return {name: comment for name, comment in values.items() if name != "ERROR_REASON_UNSPECIFIED"}


def main(root):
    os.chdir(root)
    services = sorted(name for name in os.listdir("services") if os.path.exists(f"protos/veche/{name}/v1"))
    common = listed("protos/veche/errors/v1/errors.proto")
    faults = []
    in_common, unseen = emitted("common")
    for name, where in emitted("services/gateway")[0].items():
        in_common.setdefault(name, set()).update(where)
    lists = {"veche/errors": common}
    for service in services:
        own = listed(f"protos/veche/{service}/v1/errors.proto")
        lists[f"veche/{service}"] = own
        reasons, hidden = emitted(f"services/{service}")
        unseen += hidden
        faults += [f"{service}: {name} is not in its errors.proto ({', '.join(sorted(where))})"
                   for name, where in sorted(reasons.items()) if name not in own and name not in common]
        faults += [f"{service}: {name} is listed but not used" for name in own
                   if name not in reasons and name not in in_common]
    faults += [f"{name} is not in veche/errors ({', '.join(sorted(where))})"
               for name, where in sorted(in_common.items()) if not any(name in values for values in lists.values())]
    faults += [f"veche/errors: {name} is listed but not used" for name in common if name not in in_common]
    faults += [f"{place}: {name} has no comment" for place, values in lists.items()
               for name, comment in values.items() if not comment]
    faults += [f"the reason cannot be read from the call; write it as a literal: {place}" for place in unseen]
    print("\n".join(faults) or f"{sum(map(len, lists.values()))} reasons, all listed and all used")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
