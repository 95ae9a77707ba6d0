"""The network policies allow the calls of the module table and nothing else."""

import unittest

from manifests import NAME, OVERLAYS, admit_commands, find, module_table, pods, selects

GRPC, POSTGRESQL, REDIS = 9000, 5432, 6379
OUTSIDE = {443, 587}  # of the internet


def rules(overlay, labels, direction):
    """The rules of one direction that apply to a pod."""
    for policy in find(overlay, "NetworkPolicy"):
        if selects(policy["spec"]["podSelector"], labels):
            yield from policy["spec"].get(direction, [])


def allowed(overlay, here, there, port, direction):
    """Whether the policies of the pod `here` allow it to reach, or to be reached by, the pod `there`."""
    side = "to" if direction == "egress" else "from"
    for rule in rules(overlay, here, direction):
        if port not in [p["port"] for p in rule["ports"]]:
            continue
        for peer in rule[side]:
            if "podSelector" in peer and "namespaceSelector" not in peer and selects(peer["podSelector"], there):
                return True
    return False


def servers(overlay="large"):
    return {o["metadata"]["name"].removeprefix("veche-"): o["spec"]["template"] for o in find(overlay, "Deployment")}


def labels_of(template):
    return template["metadata"]["labels"]


COMMANDS = {NAME: "commands", "app.kubernetes.io/part-of": "veche", "app.kubernetes.io/component": "command"}


class NetworkTest(unittest.TestCase):
    def call_graph(self):
        graph = {row.name: {*row.calls, *row.follows} for row in module_table()}
        for name in graph:
            if name != "identity":
                graph[name].add("identity")  # the keys that verify tokens
        return graph

    def test_everything_is_denied_first(self):
        for overlay in ("small", "large"):
            policy = find(overlay, "NetworkPolicy", "default-deny")["spec"]
            self.assertEqual(policy, {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})

    def test_the_gateway_alone_reaches_redis(self):
        redis = labels_of(find("examples", "StatefulSet", "redis")["spec"]["template"])
        for name, template in servers().items():
            with self.subTest(name):
                here, is_gateway = labels_of(template), name == "gateway"
                self.assertEqual(allowed("large", here, redis, REDIS, "egress"), is_gateway)
                self.assertEqual(allowed("examples", redis, here, REDIS, "ingress"), is_gateway)

    def test_policies_name_whom_they_are_for(self):
        for overlay in OVERLAYS:
            for policy in find(overlay, "NetworkPolicy"):
                if policy["metadata"]["name"] in ("default-deny", "to-dns"):
                    continue
                selector = policy["spec"]["podSelector"]
                self.assertTrue(selector, f'{policy["metadata"]["name"]} is for all pods')
                self.assertTrue(any(selects(selector, labels_of(template))
                                    for other in OVERLAYS for _, template in pods(other)))  # fmt: skip
                for direction, side in (("ingress", "from"), ("egress", "to")):
                    for rule in policy["spec"].get(direction, []):
                        self.assertTrue(rule[side] and rule["ports"], policy["metadata"]["name"])

    def reaches(self, here, there, port=GRPC):
        return allowed("large", here, there, port, "egress") and allowed("large", there, here, port, "ingress")

    def test_calls_are_those_of_the_module_table(self):
        templates = servers()
        for caller, callees in self.call_graph().items():
            for callee in set(templates) - {caller}:
                with self.subTest(f"{caller} -> {callee}"):
                    here, there = labels_of(templates[caller]), labels_of(templates[callee])
                    self.assertEqual(self.reaches(here, there), callee in callees)

    def test_commands_reach_those_who_admit_them(self):
        for name, template in servers().items():
            with self.subTest(name):
                self.assertEqual(self.reaches(COMMANDS, labels_of(template)), name in admit_commands())

    def test_strangers_reach_nobody(self):
        strangers = [{}, {NAME: "gateway-2", "app.kubernetes.io/part-of": "veche"}]
        for name, template in servers().items():
            for stranger in strangers:
                self.assertFalse(allowed("large", labels_of(template), stranger, GRPC, "ingress"), name)

    def test_only_services_with_data_reach_postgresql(self):
        database = labels_of(find("examples", "StatefulSet", "postgresql")["spec"]["template"])
        for row in module_table():
            here = labels_of(servers()[row.name])
            self.assertEqual(allowed("large", here, database, POSTGRESQL, "egress"), bool(row.serves), row.name)
            self.assertEqual(allowed("examples", database, here, POSTGRESQL, "ingress"), bool(row.serves), row.name)

    def test_few_reach_the_internet(self):
        outside = set()
        for name, template in servers().items():
            for rule in rules("large", labels_of(template), "egress"):
                if any("ipBlock" in peer for peer in rule["to"]):
                    self.assertLessEqual({p["port"] for p in rule["ports"]}, OUTSIDE)
                    outside.add(name)
        self.assertEqual(outside, {"appeals", "identity", "notifications"})

    def test_the_ingress_controller_reaches_what_an_ingress_names(self):
        for overlay in ("small", "large"):
            targets = {path["backend"]["service"]["name"] for ingress in find(overlay, "Ingress")
                       for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]}  # fmt: skip
            for o in find(overlay, "Deployment"):
                labels = labels_of(o["spec"]["template"])
                entered = any(peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
                              == "ingress-nginx" for rule in rules(overlay, labels, "ingress") for peer in rule["from"])  # fmt: skip
                self.assertEqual(entered, o["metadata"]["name"] in targets, o["metadata"]["name"])

    def test_prometheus_reaches_the_admin_port(self):
        for overlay in ("small", "large"):
            for name, template in servers(overlay).items():
                ports = [port["port"] for rule in rules(overlay, labels_of(template), "ingress")
                         for peer in rule["from"] if peer.get("namespaceSelector", {}).get("matchLabels")
                         == {"kubernetes.io/metadata.name": "monitoring"} for port in rule["ports"]]  # fmt: skip
                self.assertEqual(ports, [8081], name)

    def test_ports_of_policies_exist(self):
        for overlay in OVERLAYS:
            templates = [template for other in OVERLAYS for _, template in pods(other)]
            for policy in find(overlay, "NetworkPolicy"):
                for rule in policy["spec"].get("ingress", []):
                    chosen = [t for t in templates if selects(policy["spec"]["podSelector"], labels_of(t))]
                    self.check_ports(policy, rule, chosen)
                for rule in policy["spec"].get("egress", []):
                    for peer in rule["to"]:
                        if "podSelector" in peer and "namespaceSelector" not in peer:
                            self.check_ports(policy, rule, [t for t in templates if selects(peer["podSelector"], labels_of(t))])

    def check_ports(self, policy, rule, chosen):
        listening = {port["containerPort"] for template in chosen for container in template["spec"]["containers"]
                     for port in container.get("ports", [])}  # fmt: skip
        for port in rule["ports"]:
            self.assertIn(port["port"], listening, policy["metadata"]["name"])


if __name__ == "__main__":
    unittest.main()
