# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page that says where each operation of the API is: read as a table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operations.md"
ROW = re.compile(r"\| (\d+|-) \| (.+?) \| (.+?) \| `(\w+) (\S+)` \| `(\w+)` \| `(.+?)` \| `(\w+\.py)::(\w+)` \|")


class Row(NamedTuple):
    """One operation, the module and the option that lead to it, and the test that proves it."""

    # None for the operations that came after the reference.
    number: int | None
    title: str
    versions: str
    method: str
    path: str
    module: str
    option: str
    test_file: str
    test: str

    @property
    def setting(self) -> tuple[str, Any]:
        """The option's path, and the value that it has to have; ``...`` where any will do."""
        name, colon, value = self.option.partition(": ")
        return name, yaml.safe_load(value) if colon else ...


def rows() -> list[Row]:
    found = [ROW.fullmatch(line) for line in table_lines()]
    return [Row(None if match[1] == "-" else int(match[1]), *match.groups()[1:]) for match in found if match]


def table_lines() -> list[str]:
    """The lines of the table without its head."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return lines[2:]
