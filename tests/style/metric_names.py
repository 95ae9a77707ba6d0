#!/usr/bin/env python3
"""Compares the names of metrics with a list, because operators' dashboards and alerts depend on the names.

To change the list on purpose: metric_names.py ROOT --update
"""
import os
import re
import sys

from files import is_test, read, sources

LIST = "tests/style/metric_names.txt"
NAME = re.compile(r'"(veche_[a-z]+_[a-z_]+)"')


def names(root):
    found = set()
    for name in sources(root):
        if not is_test(name):
            found.update(NAME.findall(read(root, name)))
    return found


def main(root, update):
    now = names(root)
    path = os.path.join(root, LIST)
    if update:
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(sorted(now)) + "\n")
    listed = set(open(path, encoding="utf-8").read().split())
    for name in sorted(listed - now):
        print(f"{name} is gone, which breaks dashboards: restore it, or run tests/style/metric_names.py . --update")
    for name in sorted(now - listed):
        print(f"{name} is new: run tests/style/metric_names.py . --update")
    return 0 if now == listed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--update" in sys.argv))
