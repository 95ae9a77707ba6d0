"""The rendered manifests are valid, and keep the rules that make a pod harmless and a rollout safe."""

import json
import pathlib
import re
import subprocess
import unittest

from manifests import K8S, NAME, OVERLAYS, SOURCE, find, module_table, pods, render, selects

SCHEMAS = pathlib.Path(__file__).parent / "schemas"


def containers(overlay):
    for owner, template in pods(overlay):
        for container in template["spec"]["containers"] + template["spec"].get("initContainers", []):
            yield f'{overlay}: {owner}: {container["name"]}', container


class SchemaTest(unittest.TestCase):
    def test_every_object_is_valid(self):
        for overlay in OVERLAYS:
            told = subprocess.run(["node", str(SCHEMAS / "validate.js")], input=json.dumps(render(overlay)),
                                  capture_output=True, text=True)  # fmt: skip
            self.assertEqual((told.returncode, told.stdout, told.stderr), (0, "", ""), overlay)

    def test_the_schemas_find_faults(self):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": 1, "imge": "x"}]}}
        for fault, change in {"/spec/containers/0/name": {}, "/spec/containers/0/imge": {"name": "c"}}.items():
            container = {**pod["spec"]["containers"][0], **change}
            wrong = {**pod, "spec": {"containers": [container]}}
            told = subprocess.run(["node", str(SCHEMAS / "validate.js")], input=json.dumps([wrong]), capture_output=True, text=True)
            self.assertEqual(told.returncode, 1)
            self.assertIn(fault, told.stdout)


class PodTest(unittest.TestCase):
    def test_pods_run_as_nobody_and_know_no_token(self):
        for overlay in OVERLAYS:
            for owner, template in pods(overlay):
                with self.subTest(f"{overlay}: {owner}"):
                    spec = template["spec"]
                    self.assertIs(spec["automountServiceAccountToken"], False)
                    self.assertIs(spec["securityContext"]["runAsNonRoot"], True)
                    self.assertGreater(spec["securityContext"]["runAsUser"], 0)
                    self.assertEqual(spec["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
                    for host in ("hostNetwork", "hostPID", "hostIPC"):
                        self.assertNotIn(host, spec)
                    kinds = {kind for volume in spec.get("volumes", []) for kind in volume} - {"name"}
                    self.assertLessEqual(kinds, {"configMap", "secret", "projected", "emptyDir", "persistentVolumeClaim"})

    def test_containers_can_change_nothing(self):
        for overlay in OVERLAYS:
            for name, container in containers(overlay):
                with self.subTest(name):
                    security = container["securityContext"]
                    self.assertIs(security["allowPrivilegeEscalation"], False)
                    self.assertIs(security["readOnlyRootFilesystem"], True)
                    self.assertEqual(security["capabilities"], {"drop": ["ALL"]})

    def test_containers_have_limits(self):
        for overlay in OVERLAYS:
            for name, container in containers(overlay):
                for kind in ("requests", "limits"):
                    self.assertEqual({"cpu", "memory"}, set(container["resources"][kind]), f"{name}: {kind}")

    def test_images_have_a_version(self):
        for overlay in OVERLAYS:
            for name, container in containers(overlay):
                self.assertRegex(container["image"], r"^[\w.]+(/[\w.-]+)+:\d+\.\d+(\.\d+)?[\w.-]*$", name)

    def test_servers_have_probes(self):
        for overlay in OVERLAYS:
            for o in find(overlay, "Deployment") + find(overlay, "StatefulSet"):
                for container in o["spec"]["template"]["spec"]["containers"]:
                    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                        self.assertIn(probe, container, o["metadata"]["name"])

    def test_liveness_touches_no_dependency(self):
        for overlay in ("small", "large"):
            for o in find(overlay, "Deployment"):
                container = o["spec"]["template"]["spec"]["containers"][0]
                self.assertEqual(container["livenessProbe"]["httpGet"], {"path": "/healthz", "port": "admin"})
                self.assertEqual(container["readinessProbe"]["httpGet"], {"path": "/readyz", "port": "admin"})

    def test_secrets_are_files(self):
        for overlay in OVERLAYS:
            self.assertEqual(find(overlay, "Secret"), [], "a secret in the repository")
            for name, container in containers(overlay):
                self.assertNotIn("envFrom", container, name)
                for variable in container.get("env", []):
                    self.assertNotIn("secretKeyRef", variable.get("valueFrom", {}), name)

    def test_what_is_mounted_exists(self):
        for overlay in OVERLAYS:
            configs = {o["metadata"]["name"] for o in find(overlay, "ConfigMap")} | {"veche-config"}
            accounts = {o["metadata"]["name"] for o in find(overlay, "ServiceAccount")} | {"default"}
            claims = {o["metadata"]["name"] for o in find(overlay, "PersistentVolumeClaim") + find("small", "PersistentVolumeClaim")}
            for owner, template in pods(overlay):
                spec = template["spec"]
                self.assertIn(spec.get("serviceAccountName", "default"), accounts, owner)
                volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
                for volume in volumes.values():
                    if "configMap" in volume:
                        self.assertIn(volume["configMap"]["name"], configs, owner)
                    if "persistentVolumeClaim" in volume:
                        self.assertIn(volume["persistentVolumeClaim"]["claimName"], claims, owner)
                if not owner.startswith("StatefulSet"):
                    for container in spec["containers"]:
                        mounted = {mount["name"] for mount in container["volumeMounts"]}
                        self.assertEqual(mounted, set(volumes), owner)

    def test_the_namespace_is_restricted(self):
        for overlay in ("small", "large"):
            labels = find(overlay, "Namespace", "veche")["metadata"]["labels"]
            self.assertEqual(labels["pod-security.kubernetes.io/enforce"], "restricted")
        for overlay in OVERLAYS:
            for o in render(overlay):
                if o["kind"] != "Namespace":
                    self.assertEqual(o["metadata"]["namespace"], "veche", o["metadata"]["name"])

    def test_service_accounts_have_no_token(self):
        for overlay in OVERLAYS:
            for account in find(overlay, "ServiceAccount"):
                self.assertIs(account["automountServiceAccountToken"], False)


def admits_people(service):
    """Whether a method of the gRPC service may be called by others than services of the suite."""
    package, _, name = service.rpartition(".")
    for file in (SOURCE / "protos" / package.replace(".", "/")).glob("*.proto"):
        block = re.search(rf"^service {name} {{.*?^}}", file.read_text(), re.M | re.S)
        if block:
            roles = re.findall(r"allow: \[([^\]]*)\]", block.group())
            return any(role.strip() != "SERVICE" for listed in roles for role in listed.split(","))
    raise AssertionError(f"no proto has {service}")


class LargeTest(unittest.TestCase):
    def test_each_row_of_the_module_table_has_its_overlay(self):
        rows = [row.name for row in module_table()]
        deployments = {o["metadata"]["name"] for o in find("large", "Deployment")}
        self.assertEqual(deployments, {f"veche-{name}" for name in rows})
        folders = {path.name for path in (K8S / "large").iterdir() if path.is_dir()}
        self.assertEqual(folders, set(rows), "deploy/k8s/large has a folder for each row of services/modules.cc")

    def test_each_service_runs_itself_with_its_own_secrets(self):
        for row in module_table():
            with self.subTest(row.name):
                template = find("large", "Deployment", f"veche-{row.name}")["spec"]["template"]
                container = template["spec"]["containers"][0]
                self.assertEqual(container["args"], ["--config=/etc/veche/config.json", f"--services={row.name}"])
                self.check_secrets(row.name, template)
                if row.serves:
                    job = find("large", "Job", f"veche-migrate-{row.name}")["spec"]["template"]
                    self.assertEqual(job["spec"]["containers"][0]["args"], ["migrate", *container["args"]])
                    self.check_secrets(row.name, job)

    def check_secrets(self, service, template):
        volume = next(v for v in template["spec"]["volumes"] if v["name"] == "secrets")
        names = [source["secret"]["name"] for source in volume["projected"]["sources"]]
        self.assertEqual(names, [f"veche-{service}-tls", f"veche-{service}"])
        self.assertEqual(volume["projected"]["defaultMode"], 0o440)

    def test_each_service_has_replicas(self):
        for row in module_table():
            with self.subTest(row.name):
                name = f"veche-{row.name}"
                deployment = find("large", "Deployment", name)["spec"]
                self.assertNotIn("replicas", deployment, "the HorizontalPodAutoscaler decides")
                self.assertEqual(deployment["strategy"]["rollingUpdate"]["maxUnavailable"], 0)
                spread = [c["topologyKey"] for c in deployment["template"]["spec"]["topologySpreadConstraints"]]
                self.assertEqual(spread, ["kubernetes.io/hostname", "topology.kubernetes.io/zone"])
                scaler = find("large", "HorizontalPodAutoscaler", name)["spec"]
                self.assertEqual(scaler["scaleTargetRef"]["name"], name)
                self.assertGreaterEqual(scaler["minReplicas"], 2)
                labels = deployment["template"]["metadata"]["labels"]
                budget = find("large", "PodDisruptionBudget", name)["spec"]
                self.assertEqual(budget["maxUnavailable"], 1)
                self.assertEqual(budget["selector"], deployment["selector"])
                self.assertTrue(selects(deployment["selector"], labels))

    def test_selectors_select_one_thing(self):
        for overlay in OVERLAYS:
            templates = dict(pods(overlay))
            for kind in ("Service", "Deployment", "StatefulSet", "PodDisruptionBudget"):
                for o in find(overlay, kind):
                    selector = {"matchLabels": o["spec"]["selector"]} if kind == "Service" else o["spec"]["selector"]
                    chosen = [n for n, t in templates.items() if selects(selector, t["metadata"]["labels"])]
                    self.assertEqual(len(chosen), 1, f'{kind} {o["metadata"]["name"]} selects {chosen}')

    def test_services_are_found_by_their_address(self):
        config = json.loads(find("large", "ConfigMap", "veche-config")["data"]["config.json"])
        served = {row.name for row in module_table() if row.serves}
        self.assertEqual(set(config["addresses"]), served)
        for name, address in config["addresses"].items():
            host, port = address.rsplit(":", 1)
            service = find("large", "Service", host)["spec"]
            self.assertEqual(service["clusterIP"], "None", "gRPC spreads calls over all addresses of a name")
            self.assertEqual([str(p["port"]) for p in service["ports"]], [port])
            self.assertEqual(service["selector"][NAME], name)

    def test_time_to_drain(self):
        for overlay in ("small", "large"):
            drain = json.loads(find(overlay, "ConfigMap", "veche-config")["data"]["config.json"])["drain"]
            for o in find(overlay, "Deployment"):
                grace = o["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
                self.assertGreaterEqual(grace, drain.get("waitSeconds", 0) + drain["patienceSeconds"] + 10)

    def test_events_pass_the_ingress_at_once(self):
        for overlay, name in (("small", "veche"), ("large", "veche")):
            annotations = find(overlay, "Ingress", name)["metadata"]["annotations"]
            self.assertEqual(annotations["nginx.ingress.kubernetes.io/proxy-buffering"], "off")
            self.assertEqual(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"], "3600")

    def test_ingresses_lead_to_ports_that_exist(self):
        for overlay in ("small", "large"):
            for ingress in find(overlay, "Ingress"):
                for rule in ingress["spec"]["rules"]:
                    for path in rule["http"]["paths"]:
                        target = path["backend"]["service"]
                        ports = {p["name"] for p in find(overlay, "Service", target["name"])["spec"]["ports"]}
                        self.assertIn(target["port"]["name"], ports)

    def test_the_grpc_ingress_has_what_the_gateway_serves(self):
        rows = {row.name: row for row in module_table()}
        paths = {p["path"]: p["backend"]["service"]["name"]
                 for p in find("large", "Ingress", "veche-grpc")["spec"]["rules"][0]["http"]["paths"]}  # fmt: skip
        served = {f"/{service}": f"veche-{name}" for name in rows["gateway"].calls for service in rows[name].serves
                  if admits_people(service)}  # fmt: skip
        self.assertEqual(paths, served)


if __name__ == "__main__":
    unittest.main()
