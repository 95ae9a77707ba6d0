#!/usr/bin/env python3
"""Checks that the former release runs on the schema of this one: expand now, contract a release later.

During an update, replicas of both releases use one database. RELEASED lists the migrations of the last release with
their SHA-256, as sha256sum prints them. A released migration never changes. A new one must not take away or rename
what the last release uses, nor demand values that it does not write. What the last release has ceased to use may go:
say so in a line "unused TABLE" or "unused TABLE.COLUMN" of RELEASED.

migrations.py ROOT; at a release: migrations.py ROOT --release, which lists what there is.
"""
import glob
import hashlib
import os
import re
import sys

RELEASED = "tests/upgrade/released.txt"
PLACES = ["common/*/migrations/*.sql", "services/*/storage/migrations/*.sql"]
NAME = r'"?(\w+)"?'
IF_EXISTS = r"(?:IF\s+EXISTS\s+)?"
# What each breaks is group 1 and, where there is one, group 2: a table and its column.
BREAKING = [
    (rf"\bDROP\s+TABLE\s+{IF_EXISTS}{NAME}", "drops the table"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+RENAME\s+TO\b", "renames the table"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+RENAME\s+(?:COLUMN\s+)?(?!TO\b){NAME}\s+TO\b", "renames the column"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+DROP\s+(?:COLUMN\s+)?{IF_EXISTS}(?!CONSTRAINT\b){NAME}", "drops the column"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+ALTER\s+(?:COLUMN\s+)?{NAME}\s+(?:SET\s+DATA\s+)?TYPE\b", "changes the type of"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+ALTER\s+(?:COLUMN\s+)?{NAME}\s+SET\s+NOT\s+NULL\b", "demands a value of"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+ADD\s+(?:COLUMN\s+)?{NAME}\b(?![^;]*\bDEFAULT\b)[^;]*\bNOT\s+NULL\b", "demands a value of"),
    (rf"\bALTER\s+TABLE\s+{NAME}\s+ADD\s+(?:CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY)\b", "restricts the table"),
    (rf"\bCREATE\s+UNIQUE\s+INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?\w+\s+ON\s+{NAME}", "restricts the table"),
]


def bare(text):
    """The statements without comments and texts."""
    text = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def tables_of(texts):
    return {table for text in texts for table in re.findall(rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{NAME}", text, re.I)}


def breaks(text, released_tables, unused):
    """What a new migration breaks for the last release, which has the tables."""
    for pattern, what in BREAKING:
        for match in re.finditer(pattern, bare(text), re.IGNORECASE):
            table, column = (match.groups() + (None,))[:2]
            broken = table if column is None else f"{table}.{column}"
            if table in released_tables and not {table, broken} & unused:
                yield f"{what} {broken}"


def read_released(lines):
    hashes, unused = {}, set()
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        first, second = line.split()
        if first == "unused":
            unused.add(second)
        else:
            hashes[second] = first
    return hashes, unused


def findings(files, hashes, unused):
    """`files`: the texts of all migrations by path."""
    released_tables = tables_of(bare(files.get(path, "")) for path in hashes)
    for path, released in hashes.items():
        if path not in files:
            yield f"{path}: is gone. A released migration stays for ever."
        elif hashlib.sha256(files[path].encode()).hexdigest() != released:
            yield f"{path}: was changed. A released migration never changes: write a new one."
    for path in files.keys() - hashes.keys():
        for broken in breaks(files[path], released_tables, unused):
            yield (f"{path}: {broken}, which the last release uses while both run. Add beside it now, and remove it a "
                   f"release after the program has ceased to use it ({RELEASED} then says \"unused …\").")


def self_test():
    old = {"a": "CREATE TABLE t (id TEXT PRIMARY KEY, old TEXT, n BIGINT);"}
    hashes = {"a": hashlib.sha256(old["a"].encode()).hexdigest()}
    breaking = [
        "DROP TABLE t;", "drop table if exists t;", "ALTER TABLE t DROP COLUMN old;", "ALTER TABLE t DROP old;",
        "ALTER TABLE t RENAME COLUMN old TO new;", "ALTER TABLE t RENAME old TO new;", "ALTER TABLE t RENAME TO u;",
        "ALTER TABLE t ALTER COLUMN n TYPE TEXT;", "ALTER TABLE t ALTER n SET NOT NULL;",
        "ALTER TABLE t ADD COLUMN m BIGINT NOT NULL;", "CREATE UNIQUE INDEX t_by_n ON t (n);",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0);",
    ]  # fmt: skip
    for text in breaking:
        assert list(findings({**old, "b": text}, hashes, set())), text
    for text in ["DROP TABLE t;", "ALTER TABLE t DROP COLUMN old;"]:
        assert not list(findings({**old, "b": text}, hashes, {"t", "t.old"})), text
    assert list(findings({**old, "b": "ALTER TABLE t DROP COLUMN n;"}, hashes, {"t.old"}))
    expanding = [
        "-- DROP TABLE t;\nCREATE TABLE u (id TEXT PRIMARY KEY);", "CREATE INDEX t_by_n ON t (n);",
        "ALTER TABLE t ADD COLUMN m BIGINT NOT NULL DEFAULT 0;", "ALTER TABLE t ADD COLUMN m BIGINT;",
        "CREATE TABLE u (n BIGINT); CREATE UNIQUE INDEX u_by_n ON u (n); DROP TABLE u;", "DROP INDEX t_by_n;",
        "UPDATE t SET old = 'DROP TABLE t';",
    ]  # fmt: skip
    for text in expanding:
        assert not list(findings({**old, "b": text}, hashes, set())), text
    assert list(findings({"a": old["a"] + " "}, hashes, set()))
    assert list(findings({}, hashes, set()))


def main():
    self_test()
    os.chdir(sys.argv[1])
    paths = sorted(path for place in PLACES for path in glob.glob(place))
    files = {path: open(path, encoding="utf-8").read() for path in paths}
    if "--release" in sys.argv:
        with open(RELEASED, "w", encoding="utf-8") as out:
            for path, text in files.items():
                out.write(f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n")
        return 0
    with open(RELEASED, encoding="utf-8") as lines:
        hashes, unused = read_released(lines)
    found = list(findings(files, hashes, unused))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
