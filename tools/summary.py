#!/usr/bin/env python3
"""Prints the summary of a test run: the slowest units and tests, and every skipped test.

summary.py JUNIT BUILD…   JUNIT is the file of ctest --output-junit, each BUILD a folder with a .ninja_log
"""
import os
import re
import sys
import xml.etree.ElementTree as xml

SHOWN = 10
GTEST_TIME = re.compile(r"^\[       OK \] (\S+?)(?:, where .*)? \((\d+) ms\)", re.MULTILINE)
# GoogleTest prints the reason after "file:line: Skipped", unittest in the line of the test.
GTEST_SKIP = re.compile(r"(?:: Skipped\n(.*)\n(?:.*\n)*?)?\[  SKIPPED \] (\S+?)(?:, where .*)? \(\d+ ms\)")
UNITTEST_SKIP = re.compile(r"(\S+) \(\S+\)(?:\n.*?)? \.\.\. skipped ['\"](.*)['\"]")


def compiled(build):
    """(seconds, unit) of the last compilation of each unit, the slowest first."""
    times = {}
    path = os.path.join(build, ".ninja_log")
    for line in open(path, encoding="utf-8") if os.path.exists(path) else []:
        words = line.split("\t")
        if len(words) == 5 and words[3].endswith(".o"):
            unit = re.sub(r"CMakeFiles/[^/]+\.dir/", "", words[3]).removesuffix(".o")
            times[unit] = (int(words[1]) - int(words[0])) / 1000
    return sorted(((seconds, unit) for unit, seconds in times.items()), reverse=True)


def cases(junit):
    """(name, seconds, output, reason of the skip or None) of each test of ctest."""
    for case in xml.parse(junit).getroot().iter("testcase"):
        skipped = case.find("skipped")
        reason = None if skipped is None else skipped.get("message") or "did not run"
        yield case.get("name"), float(case.get("time") or 0), case.findtext("system-out") or "", reason


def main(junit, builds):
    for build in builds:
        units = compiled(build)
        print(f"\nSlowest of {len(units)} units in {build}, {sum(s for s, _ in units):.0f} s of compiling:")
        for seconds, unit in units[:SHOWN]:
            print(f"{seconds:8.1f} s  {unit}")
    tests, skips = [], []
    for name, seconds, output, reason in cases(junit):
        if reason is not None:
            skips.append((name, reason))
        own = [(int(ms) / 1000, f"{name}: {test}") for test, ms in GTEST_TIME.findall(output)]
        tests += own or [(seconds, name)]
        skips += [(f"{name}: {test}", why or "no reason given") for why, test in GTEST_SKIP.findall(output)]
        skips += [(f"{name}: {test}", why) for test, why in UNITTEST_SKIP.findall(output)]
    print(f"\nSlowest of {len(tests)} tests:")
    for seconds, test in sorted(tests, reverse=True)[:SHOWN]:
        print(f"{seconds:8.1f} s  {test}")
    print(f"\nSkipped: {len(skips)}")
    for test, why in skips:
        print(f"  {test}: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
