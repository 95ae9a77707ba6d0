#!/usr/bin/env python3
"""Runs clang-tidy on changed sources and remembers which sources were clean.

tidy.py BUILD all       every source
tidy.py BUILD changed   sources that differ from the base, at most LIMIT of them that are not in the cache

The base is the merge base with origin/main; on main itself, and in a clone without origin/main, it is the commit
COMMITS before HEAD. Without git, no source counts as changed. A source counts as changed if the source or its
header changed; the newest changes are checked first. Clean results are stored in a folder that all checkouts
share. The key is a hash of the source, of its included project and generated headers, of the flags, of .clang-tidy
and of clang-tidy's version. Findings are not stored, because they are errors.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

COMMITS = 5
LIMIT = 24  # a source costs 3 to 10 CPU seconds
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "veche-clang-tidy")
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# Tests need not be fast, and the path-sensitive analyzer takes half a minute a file for GoogleTest's macros.
IN_TESTS = "--checks=-clang-analyzer-*,-performance-*"


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


class Sources:
    """The commands of compile_commands.json by file, and the cache keys of their results."""

    def __init__(self, root, build):
        self.root, self.build = root, os.path.abspath(build)
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
            database = json.load(file)
        self.commands = {}
        for entry in database:
            name = os.path.relpath(entry["file"], root)
            if not name.startswith(("..", "build/")):
                self.commands[name] = self.flags(entry["command"])
        self.contents = {}
        self.common = (output("clang-tidy", "--version") + open(".clang-tidy", encoding="utf-8").read()).encode()

    @staticmethod
    def flags(command):
        """The flags of g++'s command that clang needs, without the precompiled header and code generation."""
        flags, before = [], ""
        for word in shlex.split(command):
            if word.startswith(("-I", "-D", "-U", "-std=", "-isystem")) or before == "-isystem":
                flags.append(word)
            before = word
        return flags

    def read(self, name):
        """(text, names of the included project files) of a file; None if it does not exist."""
        if name not in self.contents:
            self.contents[name] = None
            for folder in (self.root, os.path.join(self.build, "protos")):
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        text = file.read()
                    self.contents[name] = text, [found.decode() for found in INCLUDE.findall(text)]
                    break
        return self.contents[name]

    def key(self, name):
        seen, waiting = set(), [name]
        while waiting:
            file = waiting.pop()
            if file not in seen and self.read(file):
                seen.add(file)
                waiting += self.read(file)[1]
        flags = " ".join(self.commands[name]).replace(self.build, "").replace(self.root, "")
        digest = hashlib.sha256(self.common + flags.encode())
        for file in sorted(seen):
            digest.update(file.encode() + b"\0" + self.read(file)[0])
        return os.path.join(CACHE, digest.hexdigest())

    def check(self, name, extra):
        """The findings of clang-tidy, empty when the source is clean."""
        done = subprocess.run(["clang-tidy", "--quiet", *extra, name, "--", *self.commands[name]],
                              capture_output=True, text=True, cwd=self.root)
        if done.returncode == 0:
            return ""
        return done.stdout or done.stderr


def changed(sources):
    """The sources that differ from the base, the newest change first."""
    base = output("git", "merge-base", "HEAD", "origin/main")
    if not base or base == output("git", "rev-parse", "HEAD"):
        base = output("git", "rev-parse", "--verify", "-q", f"HEAD~{COMMITS}")
    names = output("git", "diff", "--name-only", "HEAD").split("\n")
    names += output("git", "ls-files", "--others", "--exclude-standard").split("\n")
    names += output("git", "log", "--name-only", "--format=", f"{base}..HEAD" if base else "HEAD").split("\n")
    stems = {}
    for name in names:
        if name.endswith((".cc", ".h")):
            stems.setdefault(os.path.splitext(name)[0], len(stems))
    found = [name for name in sources if os.path.splitext(name)[0] in stems]
    return sorted(found, key=lambda name: stems[os.path.splitext(name)[0]])


def main(build, which):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../tests/style"))
    from files import is_test
    root = os.getcwd()
    os.makedirs(CACHE, exist_ok=True)
    sources = Sources(root, build)
    names = sorted(sources.commands)
    if which == "changed":
        names = changed(names)
    keys = {name: sources.key(name) for name in names}
    todo = [name for name in names if not os.path.exists(keys[name])]
    left = todo[LIMIT:] if which == "changed" else []
    todo = todo[:len(todo) - len(left)]
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {pool.submit(sources.check, name, [IN_TESTS] if is_test(name) else []): name for name in todo}
        for future in concurrent.futures.as_completed(found):
            if future.result():
                faults += 1
                print(future.result(), flush=True)
            else:
                open(keys[found[future]], "w", encoding="utf-8").close()
    print(f"clang-tidy: {len(names)} sources, {len(names) - len(todo) - len(left)} clean in the cache, "
          f"{len(todo)} checked, {faults} with findings" +
          (f"; {len(left)} changed ones not checked; run ./dev lint" if left else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
