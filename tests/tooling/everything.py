# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every task and add up their results.

The quick tasks all run. If one of them fails, the slow ones do not start, for they would most likely fail for the same
reason; KEEP_GOING=1 in the environment starts them all the same. Most tasks use one processor: of either group those
with the tag "beside" run side by side with the others, and their output is shown when all have ended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tooling import layout, results, sanity


def main() -> int:
    """Run the groups of tasks in turn and report."""
    started = time.monotonic()
    shutil.rmtree(layout.RESULTS, ignore_errors=True)
    sessions = run_group("quick")
    if failed_sessions(sessions) and not os.environ.get("KEEP_GOING"):
        print("\nA quick task failed, so the slow ones were not started (KEEP_GOING=1 starts them).", flush=True)
    else:
        sessions |= run_group("slow")
    return report(sessions, time.monotonic() - started)


def run_group(tag: str) -> dict[str, str]:
    """Run the tasks that have a tag in two lanes, and return how each of them ended."""
    log = layout.BUILD / f"beside-{tag}.log"
    with ThreadPoolExecutor() as pool, log.open("w", encoding="utf-8") as output:
        beside = pool.submit(run_lane, tag, "beside", output)
        sessions = run_lane(tag, "not beside")
        sessions |= beside.result()
    print(log.read_text(encoding="utf-8"), flush=True)
    return sessions


def run_lane(tag: str, keywords: str, output: TextIO | None = None) -> dict[str, str]:
    """Run some tasks one after the other, with their output in a file if one is given."""
    path = layout.BUILD / f"report-{tag}-{keywords.replace(' ', '-')}.json"
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "nox", "--tags", tag, "--keywords", keywords, "--report", str(path)]
    status = subprocess.run(command, cwd=layout.ROOT, check=False, stdout=output, stderr=output).returncode
    if not path.exists():
        return {f"{tag} tasks, {keywords}": f"ended with status {status}"}
    sessions = json.loads(path.read_text(encoding="utf-8"))["sessions"]
    return {(session["signatures"] or [session["name"]])[0]: session["result"] for session in sessions}


def failed_sessions(sessions: dict[str, str]) -> list[str]:
    """Name the tasks that did not end well."""
    return [name for name, result in sessions.items() if result != "success"]


def report(sessions: dict[str, str], seconds: float) -> int:
    """Print what failed and the totals, and return the exit status."""
    cases = results.read_cases(layout.RESULTS)
    problems = [f"{case.session}: {case.name}: {case.problem.splitlines()[0]}" for case in cases if case.problem]
    explained = {case.session for case in cases if case.problem}
    silent = [f"{name}: without naming a test" for name in failed_sessions(sessions) if name not in explained]
    if len(cores_without_python()) == len(sanity.CONTROLLERS):
        silent.append("sanity: no Python here runs a supported ansible-core")
    print(f"\nAll tasks took {seconds:.0f} s.")
    for core in cores_without_python():
        print(
            f"not run: the sanity tests of ansible-core {core}; it runs on Python {', '.join(sanity.CONTROLLERS[core])}"
        )
    for problem in problems + silent:
        print(f"failed: {problem}")
    failed = len(problems) + len(silent)
    print(f"{len(cases) - len(problems)} passed, {failed} failed", flush=True)
    return int(failed > 0)


def cores_without_python() -> list[str]:
    """Name the lines of ansible-core that no Python of this machine runs."""
    return [core for core in sanity.CONTROLLERS if not sanity.choose_controller(core)]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
