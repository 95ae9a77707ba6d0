"""What deploy/k8s renders to, and the module table that it must follow."""

import functools
import pathlib
import re
import subprocess

import yaml

SOURCE = pathlib.Path(__file__).resolve().parents[2]
K8S = SOURCE / "deploy/k8s"
OVERLAYS = ("small", "large", "examples")
NAME = "app.kubernetes.io/name"


@functools.cache
def render(overlay):
    """The objects of an overlay."""
    rendered = subprocess.run(["kubectl", "kustomize", str(K8S / overlay)], capture_output=True, text=True)
    if rendered.returncode != 0:
        raise AssertionError(f"{overlay} does not render:\n{rendered.stderr}")
    return [found for found in yaml.safe_load_all(rendered.stdout) if found]


def find(overlay, kind, name=None):
    """The object of that kind and name; without a name, all of that kind."""
    found = [o for o in render(overlay) if o["kind"] == kind]
    if name is None:
        return found
    named = [o for o in found if o["metadata"]["name"] == name]
    assert len(named) == 1, f"{overlay} has {len(named)} of {kind} {name}"
    return named[0]


def pods(overlay):
    """The name of each object that makes pods, with its pod template."""
    for o in render(overlay):
        spec = o.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield f'{o["kind"]} {o["metadata"]["name"]}', template


def selects(selector, labels):
    """Whether a label selector selects what has these labels."""
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for want in selector.get("matchExpressions", []):
        among = labels.get(want["key"]) in want["values"]
        if {"In": among, "NotIn": not among}[want["operator"]] is False:
            return False
    return True


class Row:
    """A row of services/modules.cc."""

    def __init__(self, name, text):
        def names(field):
            found = re.search(rf"\.{field} = \{{(.*?)\}}", text, re.DOTALL)
            return re.findall(r'"([\w.]+)"', found.group(1)) if found else []

        self.name = name
        self.serves, self.calls, self.follows = names("serves"), names("calls"), names("follows")


def module_table():
    text = (SOURCE / "services/modules.cc").read_text()
    rows = [Row(*found) for found in re.findall(r'\{\.name = "(\w+)",(.*?)\}(?=,\n      \{|,\n  \};)', text, re.DOTALL)]
    assert rows, "services/modules.cc has lost its form"
    return rows


def admit_commands():
    """The services that have a method for the operators' commands."""
    protos = (SOURCE / "protos/veche").glob("*/v1/*.proto")
    return {p.parent.parent.name for p in protos if re.search(r'^\s+services: \[.*"commands"', p.read_text(), re.MULTILINE)}
