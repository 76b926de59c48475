# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the messages: it has every message of the core and no other, word for word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import BUSY_CODES
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import HINTS

ROOT = Path(__file__).resolve().parents[3]
CORE = ROOT / "plugins" / "module_utils"
PAGE = ROOT / "docs" / "docsite" / "rst" / "troubleshooting.rst"
FAILURES = (
    "AnswerLost",
    "ApiError",
    "CertificateRefused",
    "ConfigurationError",
    "Contradiction",
    "NotReached",
    "OperationFailed",
    "Refused",
    "WaitTimeout",
)
WITH_A_MESSAGE = ("NotUnderstood", "Unexpected")
ENTRY = re.compile(r"^``(.+)``\n   \S", re.MULTILINE)
ANSWER = re.compile(r"… failed: (\w+) …|… failed: 400 … \(([\w.]+)\) …")


def entries() -> list[str]:
    return ENTRY.findall(PAGE.read_text(encoding="utf-8"))


def messages() -> Iterator[str]:
    """What happened, of every failure of the core that is told in words of its own."""
    for path in CORE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                yield from told(node.func.id, node)
            elif isinstance(node, ast.ClassDef) and node.name in WITH_A_MESSAGE:
                yield from own_message(node)


def told(failure: str, call: ast.Call) -> Iterator[str]:
    if failure in FAILURES and (text := text_of(call.args[0])):
        yield text
    elif failure == "InvalidInput":
        # The options that are wrong follow.
        yield (text_of(call.args[1]) if len(call.args) > 1 else "Invalid options") + ": …."


def own_message(failure: ast.ClassDef) -> Iterator[str]:
    """What a failure of this class says, whatever it is made of."""
    for node in ast.walk(failure):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            yield text_of(node.args[0])


def text_of(node: ast.expr) -> str:
    """A text with … for what is filled in; empty where the code has it from elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def test_every_message_is_on_the_page() -> None:
    assert set(messages()) - set(entries()) == set()


def test_every_entry_is_a_message() -> None:
    assert {entry for entry in entries() if not ANSWER.fullmatch(entry)} - set(messages()) == set()


def test_no_entry_stands_twice() -> None:
    assert len(entries()) == len(set(entries()))


def test_answers_with_a_hint_are_on_the_page() -> None:
    answers = [match for match in map(ANSWER.fullmatch, entries()) if match]
    assert {str(status) for status in HINTS} <= {match[1] for match in answers}
    assert any((match[2] or "").endswith(BUSY_CODES) for match in answers)
