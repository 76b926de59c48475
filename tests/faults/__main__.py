# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the whole matrix on every processor, write the report, and fail if a cell went wrong."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from faults.matrix import Verdict, cells, judge
from faults.report import page
from faults.scenarios import SCENARIOS


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description="Every fault at every call of every scenario.")
    parser.add_argument("--report", type=Path, required=True, help="the file for the report, in Markdown")
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help="a scenario's name; all without one")
    arguments = parser.parse_args()
    names = arguments.scenarios or list(SCENARIOS)
    verdicts = run(names)
    arguments.report.write_text(page(verdicts), encoding="utf-8")
    wrong = [verdict for verdict in verdicts if verdict.problems]
    print(f"{len(verdicts)} runs, {len(wrong)} of them wrong; the report is in {arguments.report}")
    return int(bool(wrong))


def run(names: list[str]) -> list[Verdict]:
    """Judge every cell of these scenarios."""
    verdicts: dict[str, list[Verdict]] = {}
    with ProcessPoolExecutor() as pool:
        running = {pool.submit(judge_all, name): name for name in names}
        for done in as_completed(running):
            name = running[done]
            verdicts[name] = done.result()
            wrong = sum(bool(verdict.problems) for verdict in verdicts[name])
            print(f"{name}: {len(verdicts[name])} runs, {wrong} wrong", flush=True)
    return [verdict for name in names for verdict in verdicts[name]]


def judge_all(name: str) -> list[Verdict]:
    return [judge(cell) for cell in cells([name])]


if __name__ == "__main__":
    sys.exit(main())
