"""What all benchmarks use: load by wrk, and lines of a report."""

import re
import subprocess
import time

SECONDS = 8


def report(what, ratio, bar, detail=""):
    verdict = "" if bar is None else f"  (bar {bar})"
    print(f"{what:58} {ratio}{verdict}  {detail}", flush=True)


def load(address, path, script=None, headers=(), connections=64, threads=1, seconds=SECONDS):
    """Starts wrk."""
    command = ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", str(script)]
    return subprocess.Popen([*command, f"http://{address}{path}"], stdout=subprocess.PIPE, text=True)


def rates(loads):
    """Waits for processes of wrk that run at once; their answers a second in all, and those of them that are refusals."""
    answers = refused = 0
    for process in loads:
        output = process.communicate()[0]
        seconds = float(re.search(r"requests in ([\d.]+)s", output).group(1))
        answers += float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
        other = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
        refused += int(other.group(1)) / seconds if other else 0
    return answers, refused


def wrk(*arguments, **options):
    """Requests a second, all of which succeed."""
    answers, refused = rates([load(*arguments, **options)])
    if refused:
        raise SystemExit(f"{refused:.0f} of {answers:.0f} requests a second were refused")
    return answers


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def stamp_events(stream):
    """Adds to each event the time of its arrival."""

    class Stamped(list):
        def append(self, event):
            event["time"] = time.monotonic()
            super().append(event)

    stream.events = Stamped(stream.events)
