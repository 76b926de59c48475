# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures for people: as text on a terminal, in Markdown, and within a page that was written by hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

PEERS = ("ansible-core", "ansible", "mitogen", "moto", "boto3", "scpv2-sdk")


@dataclass(frozen=True)
class Table:
    """Cells as text. The first column says what a row is about, the others hold figures."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Target:
    """A figure that should not be above its limit."""

    what: str
    value: float
    limit: float
    unit: str = ""

    @property
    def cells(self) -> list[str]:
        unit = f" {self.unit}" if self.unit else ""
        verdict = "met" if self.value <= self.limit else "missed"
        return [self.what, f"{compact(self.value)}{unit}", f"{compact(self.limit)}{unit}", verdict]


@dataclass
class Section:
    """What one part found. ``method`` says how it was measured in this run."""

    name: str
    title: str
    method: str
    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @property
    def all_tables(self) -> list[Table]:
        if not self.targets:
            return self.tables
        return [*self.tables, Table(["Target", "figure", "at most", ""], [target.cells for target in self.targets])]


def compact(number: float) -> str:
    """Write a number with three digits that count, and no fraction where it is large."""
    if abs(number) >= 100:
        return f"{number:.0f}"
    return f"{number:.2g}" if abs(number) < 0.1 else f"{number:.3g}"


def milliseconds(seconds: float) -> str:
    return compact(seconds * 1000)


def mebibytes(size: float) -> str:
    return compact(size / 2**20)


def medians_of(repetitions: int, what: str) -> str:
    """Say what the figures are of."""
    return f"Medians of {repetitions} {what}s" if repetitions > 1 else f"Figures of one {what}"


def machine() -> str:
    """Say what figures are measured on from now on, and what else it has to do at this time."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return (
        f"Measured on: {_processor()}, {os.cpu_count()} processors, {pages / 2**30:.0f} GiB, {platform.system()} "
        f"{platform.release().partition('-')[0]}, Python {platform.python_version()}, {peers}. "
        f"Before the first figure the machine had a load of {os.getloadavg()[0]:.1f}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def as_text(section: Section) -> str:
    tables = [_aligned([table.columns, *table.rows]) for table in section.all_tables]
    return "\n\n".join([f"=== {section.title}", section.method, *tables]) + "\n"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()


def as_markdown(section: Section) -> str:
    """Return the section without its title, which the page that it is for has written by hand."""
    return "\n\n".join([section.method, *(_markdown_table(table) for table in section.all_tables)])


def _markdown_table(table: Table) -> str:
    lines = [_row(table.columns), _row(["---", *["---:" for _column in table.columns[1:]]])]
    return "\n".join([*lines, *map(_row, table.rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def document(sections: Iterable[Section], measured_on: str) -> str:
    """Return the whole report in Markdown."""
    parts = [f"## {section.title}\n\n{as_markdown(section)}" for section in sections]
    return "\n\n".join(["# Benchmark", measured_on, *parts]) + "\n"


def inserted(page: str, name: str, figures: str) -> str:
    """Return the page with these figures between the two comments that name their place.

    Raises :class:`ValueError` when the page has no such place.
    """
    begin, end = f"<!-- figures: {name} -->", f"<!-- end of figures: {name} -->"
    before, found, rest = page.partition(begin)
    _old, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"the page has no place for the figures of {name}: {begin} and {end}")
    return f"{before}{begin}\n\n{figures}\n\n{end}{after}"
