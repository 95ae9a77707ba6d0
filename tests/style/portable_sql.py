#!/usr/bin/env python3
"""Finds SQL that only one of our two engines accepts, or that they interpret differently.

Reads the string literals of C++ sources, and migrations, outside common/sql and common/events. Files for one
engine (x.sqlite.sql, x_postgres.cc …) and tests are exempt.
"""
import os
import re
import sys

from files import is_test, read, sources

EXEMPT = ("common/sql/", "common/events/")
OWN_DIALECT = re.compile(r"[._](sqlite|postgres)\.(sql|cc|h)$")

BANNED = [
    (r"\bFOR\s+UPDATE\b", "SQLite has no row locks: write first, or compare and set"),
    (r"\bSKIP\s+LOCKED\b", "claim jobs by UPDATE … WHERE id IN (SELECT … LIMIT n) RETURNING"),
    (r"->>", "read JSON in C++"),
    (r"\bjson_(extract|each|object|array|agg)\w*\s*\(", "read JSON in C++"),
    (r"\bjsonb_\w+\s*\(", "read JSON in C++"),
    (r"\bstring_agg\s*\(", "join in C++"),
    (r"\bgroup_concat\s*\(", "join in C++"),
    (r"\b(greatest|least)\s*\(", "CASE WHEN … THEN … ELSE … END"),
    (r"\b(max|min)\s*\([^(),]+,", "CASE WHEN … THEN … ELSE … END"),
    (r"\s(I?LIKE|GLOB)\s", "fold case in C++ and compare with a folded column"),
    (r"\b(lower|upper)\s*\(", "SQLite folds ASCII only: fold in C++"),
    (r"\bINSERT\s+OR\s+\w+\b", "ON CONFLICT"),
    (r"::(text|bigint|int|integer|boolean|bytea|jsonb?)\b", "CAST(x AS …)"),
    (r"\bNOW\s*\(\s*\)|\bCURRENT_TIMESTAMP\b|\bstrftime\s*\(", "time comes from Clock, as BIGINT"),
    (r"\bSELECT\s+\*", "name the columns"),
    (r"\bAUTOINCREMENT\b|\bBIGSERIAL\b", "ids are made in C++"),
    (r"\bDEFERRABLE\b", "SQLite checks it at COMMIT, which fails the whole group"),
]
SQL_WORD = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|FROM|ORDER BY|CREATE TABLE|SET|AND|OR)\b")
LITERALS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\((?P<raw>.*?)\)\1"|"(?P<text>(?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\\n]|\\.)*\'',
    re.DOTALL)


def literals(source):
    """Yields (offset, text) of runs of adjacent string literals, each run joined."""
    start, end, run = 0, None, ""
    for match in LITERALS.finditer(source):
        text = match.group("raw") if match.group("raw") is not None else match.group("text")
        if text is None:
            continue
        if end is not None and source[end:match.start()].strip() == "":
            run += text
        else:
            if run:
                yield start, run
            start, run = match.start(), text
        end = match.end()
    if run:
        yield start, run


def findings(name, source):
    if name.endswith(".sql"):
        bare = re.sub(r"--[^\n]*", lambda m: " " * len(m.group()), source)
        texts = [(0, re.sub(r"'(?:[^']|'')*'", lambda m: " " * len(m.group()), bare))]
    else:
        texts = [(at, text) for at, text in literals(source) if SQL_WORD.search(text)]
    for at, text in texts:
        for pattern, instead in BANNED:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                # SQL names may be in lower case, but "like" in lower case is usually an English word.
                if "LIKE" in pattern and not match.group().strip().isupper():
                    continue
                at_line = at + (match.start() if name.endswith(".sql") else 0)
                yield source.count("\n", 0, at_line) + 1, match.group().strip(), instead


def self_test():
    bad = [
        'Query("SELECT id FROM t WHERE name "\n "LIKE $1");', 'Query("SELECT lower(x) FROM t");',
        'Query("SELECT greatest(a, b) FROM t");', 'Query("SELECT max(a, 1) FROM t");',
        'Query(R"(SELECT a->>\'b\' FROM t)");',
        'Query("SELECT id FROM t "\n      "FOR UPDATE SKIP LOCKED");',
    ]
    good = [
        '// SELECT lower(x) FROM t\nQuery("SELECT max(a), min(b) FROM t");',
        'Text("They like it, SELECT or not.");', 'absl::AsciiStrToLower("lower(x)");',
        'Query("SELECT max(n), count(*) FROM t WHERE a = $1");',
    ]
    for text in bad:
        assert list(findings("a.cc", text)), text
    for text in good:
        assert not list(findings("a.cc", text)), (text, list(findings("a.cc", text)))
    assert list(findings("a.sql", "CREATE TABLE t (\n x BIGSERIAL);"))[0][0] == 2
    assert not list(findings("a.sql", "-- no BIGSERIAL\nINSERT INTO t VALUES ('a LIKE b');"))


def main():
    self_test()
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("VECHE_SOURCE_DIR", "."))
    failed = 0
    for path in sources(".", ends=(".cc", ".h", ".sql")):
        if path.startswith(EXEMPT) or OWN_DIALECT.search(path) or is_test(path):
            continue
        for line, what, instead in findings(path, read(".", path)):
            print(f"{path}:{line}: `{what}` is not portable: {instead}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
