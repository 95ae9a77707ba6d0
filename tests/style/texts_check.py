#!/usr/bin/env python3
"""Checks that texts.py finds each kind of fault, on copies of the sources with one fault each."""
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import texts  # noqa: E402

COMMON = "common/base/texts.tsv"
IDENTITY = "services/identity/texts.tsv"
# File, pattern, replacement, and the message that the check must print.
FAULTS = [
    (COMMON, r"(?m)^(REQUIRED\t.*)\t[^\t\n]*$", r"\1\t", "REQUIRED lacks a language"),
    (COMMON, r"(?m)^(TOO_MANY\t[^\t]*)\{most\}", r"\1{least}", "TOO_MANY has other placeholders"),
    (COMMON, r"(?m)^REPEATED\t.*\n", "", "'REPEATED' is in no catalogue"),
    (IDENTITY, r"(?m)^CODE_WRONG\t.*\n", "", "the reason CODE_WRONG has no row"),
    (IDENTITY, r"\Z", "NEVER\ta\tb\tc\td\n", "NEVER is not used"),
    (IDENTITY, r"\Z", "LOCALE\ta\tb\tc\td\n", "LOCALE appears more than once"),
    (IDENTITY, r"\Z", "REQUIRED\ta\tb\tc\td\n", "REQUIRED is in the common table too"),
    ("services/appeals/texts.tsv", r"(?m)^REASON_WIRES\t.*\n", "", "REASON_WIRES has no row"),
    # Either text of a condition, as an argument and assigned.
    ("services/appeals/domain/changes.cc", '"ESCALATED_UNASSIGNED"', '"ESCALATED_TYPO"', "'ESCALATED_TYPO' is in no"),
    ("services/appeals/workers/router.cc", '"LEFT_TO_A_PERSON"', '"LEFT_TYPO"', "'LEFT_TYPO' is in no"),
    # A constant.
    ("services/gateway/json/reader.h", r'(kHalfCharacter(?:\[\])?\s*=\s*)"\w+"', r'\1"HALF_TYPO"', "'HALF_TYPO' is in no"),
    ("services/identity/domain/account.cc", '"NO_STAFF_ROLE"', '"must have a role"', "'must have a role' is in no"),
]


def copy(root, target):
    ignore = lambda folder, names: [n for n in names if not os.path.isdir(os.path.join(folder, n))
                                    and not n.endswith((".cc", ".h", ".proto", "texts.tsv", "priorities.tsv"))]
    for top in ("common", "services", "protos"):
        shutil.copytree(os.path.join(root, top), os.path.join(target, top), ignore=ignore)


def said(folder):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        failed = texts.main(folder)
    return failed, out.getvalue()


def main(root):
    root = os.path.abspath(root)
    with tempfile.TemporaryDirectory() as folder:
        copy(root, folder)
        failed, out = said(folder)
        if failed:
            print(out)
            return 1
        for name, pattern, replacement, expected in FAULTS:
            path = os.path.join(folder, name)
            right = texts.read(path)
            wrong, count = re.subn(pattern, replacement, right, count=1)
            with open(path, "w", encoding="utf-8") as file:
                file.write(wrong)
            failed, out = said(folder)
            with open(path, "w", encoding="utf-8") as file:
                file.write(right)
            if not count or not failed or expected not in out:
                print(f"not found: {expected}\n{out}")
                return 1
    print(f"{len(FAULTS)} faults, all found")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
