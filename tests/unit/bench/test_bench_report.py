# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's figures, for people."""

from __future__ import annotations

import pytest

from bench.report import (
    Section,
    Table,
    Target,
    as_markdown,
    as_text,
    compact,
    document,
    inserted,
    mebibytes,
    medians_of,
)

SECTION = Section(
    "noop",
    "A task with nothing to do",
    "Medians of 3 plays.",
    [Table(["", "ms"], [["ours", "35"], ["the other's", "570"]])],
    [Target("ours, of the other's", 0.0614, 0.12), Target("memory", 260, 200, "MiB")],
)

TEXT = """\
=== A task with nothing to do

Medians of 3 plays.

              ms
ours          35
the other's  570

Target                 figure  at most
ours, of the other's    0.061     0.12     met
memory                260 MiB  200 MiB  missed
"""

MARKDOWN = """\
Medians of 3 plays.

|  | ms |
| --- | ---: |
| ours | 35 |
| the other's | 570 |

| Target | figure | at most |  |
| --- | ---: | ---: | ---: |
| ours, of the other's | 0.061 | 0.12 | met |
| memory | 260 MiB | 200 MiB | missed |"""


def test_text() -> None:
    assert as_text(SECTION) == TEXT


def test_markdown() -> None:
    assert as_markdown(SECTION) == MARKDOWN


def test_a_part_without_targets_has_no_table_of_them() -> None:
    assert "Target" not in as_text(Section("waits", "Waits", "Exact.", SECTION.tables))


def test_document() -> None:
    page = document([SECTION], "Measured on: a machine")
    assert page == f"# Benchmark\n\nMeasured on: a machine\n\n## A task with nothing to do\n\n{MARKDOWN}\n"


def test_a_figure_at_its_limit_meets_it() -> None:
    assert Target("ratio", 0.5, 0.5).cells[-1] == "met"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0123, "0.012"),
        (0.456, "0.456"),
        (1.234, "1.23"),
        (56.78, "56.8"),
        (123.4, "123"),
        (999.6, "1000"),
        (10200.0, "10200"),
    ],
)
def test_compact(number: float, text: str) -> None:
    assert compact(number) == text


def test_mebibytes() -> None:
    assert mebibytes(3 * 2**19) == "1.5"


def test_one_repetition_has_no_median() -> None:
    assert medians_of(7, "play") == "Medians of 7 plays"
    assert medians_of(1, "play") == "Figures of one play"


PAGE = "by hand\n\n<!-- figures: noop -->\nold\n<!-- end of figures: noop -->\n\nalso by hand\n"


def test_figures_take_the_place_of_the_old_ones() -> None:
    begin, end = "<!-- figures: noop -->", "<!-- end of figures: noop -->"
    page = inserted(PAGE, "noop", "new")
    assert page == f"by hand\n\n{begin}\n\nnew\n\n{end}\n\nalso by hand\n"
    assert inserted(page, "noop", "new") == page


@pytest.mark.parametrize("page", ["", PAGE.replace("end of", "")], ids=["no place", "no end"])
def test_a_page_without_a_place_is_left_alone(page: str) -> None:
    with pytest.raises(ValueError, match="no place for the figures of noop"):
        inserted(page, "noop", "new")
