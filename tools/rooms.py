#!/usr/bin/env python3
"""Prints units, include edges and layers of each service, as the tables in docs/architecture.md.

A unit is a header with its source, or one of them alone; tests and test support are not counted. An edge is an
include from one unit (room) to another. The number of layers is the number of units (rooms) on the longest path of
edges; a cycle counts as one unit and is printed.
"""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "tests/style"))
from files import is_test, read, sources  # noqa: E402

INCLUDE = re.compile(r'^#include "([^"]+)\.h"', re.MULTILINE)


def layers(nodes, edges):
    """(length of the longest path, cycles) of a graph; each cycle counts as one node."""
    reach = {}
    for start in nodes:
        seen, waiting = set(), [start]
        while waiting:
            for node in edges.get(waiting.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        reach[start] = seen
    circle = {node: frozenset({node} | {other for other in reach[node] if node in reach[other]}) for node in nodes}
    height = {}

    def height_of(group):
        if group not in height:
            below = {circle[to] for node in group for to in edges.get(node, ())} - {group}
            height[group] = 1 + max(map(height_of, below), default=0)
        return height[group]

    circles = sorted(sorted(group) for group in set(circle.values()) if len(group) > 1)
    return max(map(height_of, set(circle.values())), default=0), circles


def graph(root, service):
    """({unit: room}, {unit: the units that it includes}) of a service."""
    top = f"services/{service}"
    names = [name for name in sources(root, [top]) if not is_test(name)]
    units = {os.path.splitext(name)[0] for name in names}
    edges = {}
    for name in names:
        unit = os.path.splitext(name)[0]
        edges.setdefault(unit, set()).update(to for to in INCLUDE.findall(read(root, name)) if to in units and to != unit)
    return {unit: unit.split("/")[2] + ("/" if unit.count("/") > 2 else "") for unit in units}, edges


def inside(nodes, edges):
    return {node: edges.get(node, set()) & nodes for node in nodes}


def count(edges):
    return sum(map(len, edges.values()))


def main(root):
    services = sorted(name for name in os.listdir(os.path.join(root, "services"))
                      if os.path.exists(os.path.join(root, "services", name, "module.h")))
    by_service, by_room, circles = [], [], []
    for service in services:
        rooms, edges = graph(root, service)
        between = {room: set() for room in rooms.values()}
        for unit, included in edges.items():
            between[rooms[unit]].update(rooms[to] for to in included if rooms[to] != rooms[unit])
        room_layers, of_rooms = layers(between, between)
        unit_layers, of_units = layers(rooms, edges)
        circles += [(service, group) for group in of_rooms + of_units]
        by_service.append((service, len(between), count(between), room_layers, len(rooms), count(edges), unit_layers))
        for room in sorted(between):
            units = {unit for unit, its in rooms.items() if its == room}
            own = inside(units, edges)
            by_room.append((service, room, len(units), count(own), layers(units, own)[0],
                            ", ".join(sorted(between[room])) or "none"))
    print("| service | rooms | edges | layers | units | edges | layers |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for row in by_service:
        print("|", " | ".join(map(str, row)), "|")
    print("\n| service | room | units | edges inside | layers inside | knows |")
    print("| --- | --- | --: | --: | --: | --- |")
    for row in by_room:
        print("|", " | ".join(map(str, row)), "|")
    for service, group in circles:
        print(f"\n{service}, a cycle: {', '.join(group)}")


if __name__ == "__main__":
    main(ROOT)
