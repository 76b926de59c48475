# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures of the matrices, for people, with every cell that went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from faults import shapes
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


def table(title: str, figures: dict[str, Counter[str]], columns: tuple[str, ...] = COLUMNS) -> str:
    lines = [f"| {title} | {' | '.join(columns)} |", "| --- |" + " ---: |" * len(columns)]
    lines += [f"| {name} | {' | '.join(str(row[column]) for column in columns)} |" for name, row in figures.items()]
    return "\n".join(lines)


SHAPE_COLUMNS = ("runs", "the same", "told", *shapes.PROBLEMS)


def page_of_shapes(verdicts: list[shapes.Verdict]) -> str:
    """The report of the shape matrix in Markdown."""
    scenarios = len({verdict.cell.scenario for verdict in verdicts})
    parts = [
        f"{len(verdicts)} runs of {scenarios} scenarios.",
        shape_table("Mutation", verdicts, lambda cell: cell.mutation),
        shape_table("Module", verdicts, lambda cell: f"mariadb_{SCENARIOS[cell.scenario].module}"),
        shape_table("Duration", verdicts, lambda cell: cell.lasts),
        shape_table("Answer, and field", verdicts, lambda cell: f"{cell.operation}: {cell.field or 'whole'}"),
    ]
    wrong = [f"- {one.cell}: {name}: {text}" for one in verdicts for name, text in one.problems.items()]
    return "\n\n".join([*parts, *(["\n".join(["Wrong:", "", *wrong])] if wrong else [])]) + "\n"


def shape_table(title: str, verdicts: list[shapes.Verdict], key: Callable[[shapes.Cell], str]) -> str:
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        outcome = [*verdict.problems] or ["told" if verdict.told else "the same"]
        for row in (key(verdict.cell), "all"):
            figures[row].update(["runs", *outcome])
    rows = {name: figures[name] for name in sorted(figures, key=lambda name: (name == "all", name))}
    return table(title, rows, SHAPE_COLUMNS)
