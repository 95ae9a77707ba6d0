#!/usr/bin/env python3
"""Makes the service of docs/adding-a-service.md from the page's text, in a copy of the sources, and builds it.

recipe.py SOURCE BUILD: the copy and its build stay in BUILD/recipe until the next run, so that a run in which
nothing has changed takes its objects from ccache.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

PAGE = "docs/adding-a-service.md"
COPIED = ["cmake", "common", "deploy", "protos", "services", "tests/deploy"]
FILE = re.compile(r"^`((?:protos|services|deploy)/[^`]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^```cpp row\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHECKS = ["error_reasons", "layering", "texts"]
OVERLAY_CHECKS = ["test_manifests", "test_network"]


def run(*command, cwd=None):
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")


def replace(path, text):
    path.unlink(missing_ok=True)  # a hard link of the source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def edit(path, before, after):
    text = path.read_text()
    assert text.count(before) == 1, f"{path} has lost its form"
    replace(path, text.replace(before, after))


# What the page's table of lists says.
def add_overlay(folder, name, service):
    edit(folder / "kustomization.yaml", "- gateway\n", f"- {name}\n- gateway\n")
    edit(folder / "config.json", '"addresses": {', f'"addresses": {{"{name}": "veche-{name}:9000",')
    edit(folder / "identity/network-policy.yaml", "gateway, commands]", f"{name}, gateway, commands]")
    path = f"""      - path: /veche.{name}.v1.{service}
        pathType: Prefix
        backend: {{service: {{name: veche-{name}, port: {{name: grpc}}}}}}
"""
    edit(folder / "ingress.yaml", "      - path: /veche.identity.v1.Identity\n", path + "      - path: /veche.identity.v1.Identity\n")


def main(source, build):
    source, copy = pathlib.Path(source), pathlib.Path(build) / "recipe/source"
    shutil.rmtree(copy, ignore_errors=True)
    for folder in COPIED:
        shutil.copytree(source / folder, copy / folder, copy_function=link)
    shutil.copy(source / "CMakeLists.txt", copy)

    page = (source / PAGE).read_text()
    files = dict(FILE.findall(page))
    row = ROW.search(page).group(1)
    name = re.search(r'\.name = "(\w+)"', row).group(1)
    for path, text in files.items():
        replace(copy / path, text)
    table = (source / "services/modules.cc").read_text()
    table = table.replace('#include "services/identity/module.h"\n',
                          f'#include "services/{name}/module.h"\n#include "services/identity/module.h"\n')
    table = table.replace('      {.name = "gateway",', row + '      {.name = "gateway",')
    table = re.sub(r'(\.name = "gateway",.*?\.calls = \{)', rf'\1"{name}", ', table, flags=re.DOTALL)
    assert table.count(f'"{name}"') == 2, "the table has lost its form"
    replace(copy / "services/modules.cc", table)

    contract = files[f"protos/veche/{name}/v1/{name}.proto"]
    add_overlay(copy / "deploy/k8s/large", name, re.search(r"^service (\w+)", contract, re.MULTILINE).group(1))

    for check in CHECKS:
        run("python3", str(source / f"tests/style/{check}.py"), str(copy))
    for check in OVERLAY_CHECKS:
        run("python3", "-m", "unittest", check, cwd=copy / "tests/deploy")
    objects = pathlib.Path(build) / "recipe/build"
    run("cmake", "-S", str(copy), "-B", str(objects), "-G", "Ninja", "-DVECHE_TESTS=OFF", "-DVECHE_PCH=OFF",
        "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O0")
    # Its objects, not its library: that would wait for the libraries it is linked with.
    compiled = [f"services/{name}/CMakeFiles/veche_{name}.dir/{path.removeprefix(f'services/{name}/')}.o"
                for path in files if path.endswith(".cc")]
    compiled += [f"protos/CMakeFiles/veche_proto_{name}.dir/veche/{name}/v1/{name}{kind}.cc.o" for kind in (".pb", ".grpc.pb")]
    run("cmake", "--build", str(objects), "--target", "veche_descriptors", *compiled)
    commands = json.loads((objects / "compile_commands.json").read_text())
    compile_table = next(c for c in commands if c["file"] == str(copy / "services/modules.cc"))
    run("sh", "-c", f"cd {compile_table['directory']} && {compile_table['command']} -fsyntax-only")
    descriptors = (objects / "veche.descriptors.pb").read_bytes()
    assert f"veche.{name}.v1".encode() in descriptors, "the gateway's descriptors lack the service"
    print(f"{len(files)} files and a row make the service {name}")


def link(source, target):
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy(source, target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
