# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures of a matrix, for people: by module, by fault, and every cell that went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from faults.matrix import Verdict
from faults.scenarios import SCENARIOS

PROBLEMS = ("duplicated", "harmed", "lost", "leaked", "untold")
COLUMNS = ("runs", "converged", "told", *PROBLEMS)


def counted(verdict: Verdict) -> Counter[str]:
    """What a verdict adds to the figures."""
    words = ["runs", *verdict.problems]
    if verdict.told and not verdict.problems:
        words.append("told")
    if verdict.converged:
        words.append("converged")
    return Counter(words)


def by_module(verdicts: Iterable[Verdict]) -> dict[str, Counter[str]]:
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        figures[f"mariadb_{SCENARIOS[verdict.cell.scenario].module}"] += counted(verdict)
    return figures


def by_fault(verdicts: Iterable[Verdict]) -> dict[str, Counter[str]]:
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        figures[verdict.cell.kind] += counted(verdict)
    return figures


def page(verdicts: list[Verdict]) -> str:
    """The whole report in Markdown."""
    total: Counter[str] = Counter()
    for verdict in verdicts:
        total += counted(verdict)
    scenarios = len({verdict.cell.scenario for verdict in verdicts})
    parts = [
        f"{total['runs']} runs of {scenarios} scenarios, each followed by one without the fault.",
        table("Module", {**dict(sorted(by_module(verdicts).items())), "all": total}),
        table("Fault", by_fault(verdicts)),
    ]
    wrong = [f"- {one.cell} ({one.operation}): {text}" for one in verdicts for text in one.problems.items()]
    return "\n\n".join([*parts, *(["\n".join(["Wrong:", "", *wrong])] if wrong else [])]) + "\n"


def table(title: str, figures: dict[str, Counter[str]]) -> str:
    lines = [f"| {title} | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
    lines += [f"| {name} | {' | '.join(str(row[column]) for column in COLUMNS)} |" for name, row in figures.items()]
    return "\n".join(lines)
