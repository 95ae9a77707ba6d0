"""Finds the sources for the style checks and tells which of them are tests."""
import os
import re

# A test, a folder of test support, or a test support file of a module of common/ without such a folder.
TEST = re.compile(r"_test\.cc$|(^|/)testing/|/(testing|probe|test_certificates)\.(cc|h)$|^tests/")


def is_test(name):
    """Whether only tests may include the file `name` (relative to the root)."""
    return TEST.search(name) is not None


def sources(root, tops=("common", "services"), ends=(".cc", ".h")):
    """Sorted names of the sources under `root`, relative to it."""
    found = []
    for top in tops:
        for path, _, files in os.walk(os.path.join(root, top)):
            found += [os.path.relpath(os.path.join(path, file), root) for file in files if file.endswith(ends)]
    return sorted(found)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()
