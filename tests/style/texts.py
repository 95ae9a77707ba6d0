#!/usr/bin/env python3
"""Compares the catalogues of texts for people (texts.tsv) with the sources that use them.

Each row has every language, with the same placeholders. Every reason of an errors.proto that people may see, and
every text that the sources name, has a row; every row is used. Descriptions of wrong fields are rows, not sentences.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import error_reasons  # noqa: E402
import files  # noqa: E402

PRIORITIES = "services/classification/seed/priorities.tsv"  # its reasons stand in timelines of appeals
COLUMNS = ["id", "en", "ru", "uk", "tt"]
ID = r"[A-Z][A-Z0-9_]+"
PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w*))?\}")
# Calls that take a text, and which argument it is.
CALLS = [
    (re.compile(r"(?<![\w.>])(?:(?:violations_?|checker|bad|known)(?:\.|->))?Add\("), -1),
    (re.compile(r"\b(?:Violate|Refuse|BadHeader)\("), -1),
    (re.compile(r"\b(?:say|Text)\("), 0),
    (re.compile(r"\bEscalate\("), 2),
]
ASSIGNED = re.compile(r"(?:\bText \w+|\.text)\s*=\s*([^;]*);")
CONSTANT = re.compile(r'\b(k[A-Z]\w*)(?:\[\])?\s*=\s*"([^"]*)";')
TAKES_TEXTS = re.compile(r"\bViolations\b|\bText\b")


def read(name):
    return open(name, encoding="utf-8").read()


def rows_of(table, faults):
    """The rows of a table by id; adds their mistakes to `faults`."""
    rows = {}
    lines = read(table).split("\n")
    if lines[0].split("\t") != COLUMNS:
        faults.append(f"{table}: its columns are not {', '.join(COLUMNS)}")
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        where = f"{table}:{number}: {cells[0]}"
        if len(cells) != len(COLUMNS) or not all(cell.strip() for cell in cells):
            faults.append(f"{where} lacks a language")
            continue
        if not re.fullmatch(ID, cells[0]):
            faults.append(f"{where} is not UPPER_SNAKE")
        if cells[0] in rows:
            faults.append(f"{where} appears more than once")
        if len({tuple(sorted(set(PLACEHOLDER.findall(cell)))) for cell in cells[1:]}) > 1:
            faults.append(f"{where} has other placeholders in another language")
        rows[cells[0]] = cells[1:]
    return rows


def sources(folder):
    for name in files.sources(".", (folder,)):
        if not files.is_test(name):
            yield name, re.sub(r"//[^\n]*", "", read(name))


def arguments(source, begin):
    """The arguments of the call whose bracket ends before `begin`."""
    found, depth, start, at = [], 0, begin, begin
    while at < len(source):
        c = source[at]
        if c == '"':
            at += 1
            while source[at] != '"':
                at += 2 if source[at] == "\\" else 1
        elif c in "([{":
            depth += 1
        elif c in ")]}" and depth > 0:
            depth -= 1
        elif depth == 0 and c in ",)":
            found.append(source[start:at].strip())
            start = at + 1
            if c == ")":
                return found
        at += 1
    return found


def in_argument(argument, constants):
    """The texts that an argument may be: a literal, either one of a condition's, or a constant."""
    literal = re.fullmatch(r'\{?"([^"]*)"(?:,.*)?', argument, re.DOTALL)
    if literal:
        return [literal.group(1)]
    condition = re.fullmatch(r'[^{}?]*\?\s*("[^"]*"|k\w+)\s*:\s*("[^"]*"|k\w+)', argument, re.DOTALL)
    choices = condition.groups() if condition else [argument]
    texts = [choice[1:-1] if choice.startswith('"') else constants.get(choice, "") for choice in choices]
    return [text for text in texts if text]


def named(source, constants):
    """Yields the texts that calls name: ids, or sentences that should be rows of a catalogue."""
    if not TAKES_TEXTS.search(source):
        return
    constants = {**constants, **dict(CONSTANT.findall(source))}
    for call, position in CALLS:
        for match in call.finditer(source):
            given = arguments(source, match.end())
            if given:
                yield from in_argument(given[position], constants)
    for value in ASSIGNED.findall(source):
        yield from in_argument(value, constants)


def check(folder, rows, known, prefixes, faults):
    """Checks that the texts named in `folder` have rows. Returns all strings there that may be ids."""
    words = set()
    constants = {name: text for file, source in sources(folder) if file.endswith(".h")
                 for name, text in CONSTANT.findall(source)}
    for name, source in sources(folder):
        words.update(re.findall(f'"({ID})"', source))
        prefixes.update(re.findall(r'"([A-Z][A-Z0-9_]*_)"', source))
        for text in named(source, constants):
            if text not in known:
                faults.append(f"{name}: {text!r} is in no catalogue")
    return words


def main(root):
    os.chdir(root)
    faults = []
    common = rows_of("common/base/texts.tsv", faults)
    services = sorted(name for name in os.listdir("services") if os.path.exists(f"services/{name}/texts.tsv"))
    own = {name: rows_of(f"services/{name}/texts.tsv", faults) for name in services}
    everything = [common, *own.values()]
    prefixes = {prefix for rows in everything for cells in rows.values()
                for _, prefix in PLACEHOLDER.findall(cells[0]) if prefix}

    words = {name: check(f"services/{name}", own[name], {**common, **own[name]}, prefixes, faults) for name in services}
    shared = check("common", common, common, prefixes, faults) | check(
        "services/gateway", common, common, prefixes, faults)

    operators = {word for top in ("common", "services") for _, source in sources(top)
                 if "MakeOperatorError(" in source for word in re.findall(f'"({ID})"', source)}
    for name in ["errors", *services]:
        for reason in error_reasons.listed(f"protos/veche/{name}/v1/errors.proto"):
            if reason not in {**common, **own.get(name, {})} and reason not in operators:
                faults.append(f"veche/{name}: the reason {reason} has no row")
    for line in read(PRIORITIES).split("\n")[1:]:
        reason = "REASON_" + line.split("\t")[0].upper()
        if line and not line.startswith("#") and reason not in own["appeals"]:
            faults.append(f"{PRIORITIES}: {reason} has no row in services/appeals/texts.tsv")
    for rows, used, table in [(common, shared.union(*words.values()), "common/base"),
                              *((own[name], words[name], f"services/{name}") for name in services)]:
        for row in rows:
            if row not in used and not any(row.startswith(prefix) for prefix in prefixes):
                faults.append(f"{table}/texts.tsv: {row} is not used")
        for row in set(rows) & set(common) if rows is not common else ():
            faults.append(f"{table}/texts.tsv: {row} is in the common table too")
    count = sum(map(len, everything))
    print("\n".join(faults) or f"{count} texts in {len(COLUMNS) - 1} languages, all named and all used")
    return 1 if faults or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
