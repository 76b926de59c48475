# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a whole matrix on every processor, write the report, and fail if a cell went wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from faults import matrix, report, shapes
from faults.scenarios import SCENARIOS


class Matrix(NamedTuple):
    """How to judge all cells of a scenario, and how to tell of the verdicts."""

    judge: Callable[[str], list[Any]]
    page: Callable[[list[Any]], str]


def judge_faults(name: str) -> list[matrix.Verdict]:
    return [matrix.judge(cell) for cell in matrix.cells([name])]


def judge_shapes(name: str) -> list[shapes.Verdict]:
    return list(shapes.judge_all(name))


MATRICES = {
    "faults": Matrix(judge_faults, report.page),
    "shapes": Matrix(judge_shapes, report.page_of_shapes),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description="Run a whole matrix: of faults, or of shapes.")
    parser.add_argument("--matrix", choices=MATRICES, default="faults", help="which one")
    parser.add_argument("--report", type=Path, required=True, help="the file for the report, in Markdown")
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help="a scenario's name; all without one")
    arguments = parser.parse_args()
    chosen = MATRICES[arguments.matrix]
    verdicts = run(chosen.judge, arguments.scenarios or list(SCENARIOS))
    arguments.report.write_text(chosen.page(verdicts), encoding="utf-8")
    wrong = sum(bool(verdict.problems) for verdict in verdicts)
    print(f"{len(verdicts)} runs, {wrong} of them wrong; the report is in {arguments.report}")
    return int(bool(wrong))


def run(judge: Callable[[str], list[Any]], names: list[str]) -> list[Any]:
    """Judge every cell of these scenarios."""
    verdicts: dict[str, list[Any]] = {}
    with ProcessPoolExecutor() as pool:
        running = {pool.submit(judge, name): name for name in names}
        for done in as_completed(running):
            name = running[done]
            verdicts[name] = done.result()
            wrong = sum(bool(verdict.problems) for verdict in verdicts[name])
            print(f"{name}: {len(verdicts[name])} runs, {wrong} wrong", flush=True)
    return [verdict for name in names for verdict in verdicts[name]]


if __name__ == "__main__":
    sys.exit(main())
