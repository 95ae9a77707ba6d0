"""The alerting rules fire on what they are for, and rules and dashboard read only metrics that the program has."""

import json
import re
import subprocess
import unittest

import yaml

from manifests import SOURCE

MONITORING = SOURCE / "deploy/monitoring"
METRICS = set((SOURCE / "tests/style/metric_names.txt").read_text().split())
METRIC = re.compile(r"\bveche_\w+")


def rules():
    groups = yaml.safe_load((MONITORING / "rules.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard_queries():
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", [])]


class MonitoringTest(unittest.TestCase):
    def check_metrics(self, query):
        for name in METRIC.findall(query):
            self.assertIn(re.sub(r"_(bucket|sum|count)$", "", name), METRICS, query)

    def test_rules_fire_when_they_should(self):
        told = subprocess.run(["promtool", "test", "rules", "rules_test.yaml"], cwd=MONITORING, capture_output=True, text=True)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)

    def test_every_rule_is_tested(self):
        tests = yaml.safe_load((MONITORING / "rules_test.yaml").read_text())["tests"]
        firing = {case["alertname"] for test in tests for case in test.get("alert_rule_test", []) if case["exp_alerts"]}
        self.assertEqual(firing, {rule["alert"] for rule in rules()})

    def test_rules_read_metrics_that_exist(self):
        for rule in rules():
            self.check_metrics(rule["expr"])

    def test_the_dashboard_reads_metrics_that_exist(self):
        queries = dashboard_queries()
        self.assertTrue(queries)
        for query in queries:
            self.check_metrics(query)

    def test_operators_read_what_to_do(self):
        page = (SOURCE / "docs/operating/alerts.md").read_text()
        described = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
        self.assertEqual(described, {rule["alert"] for rule in rules()})


if __name__ == "__main__":
    unittest.main()
