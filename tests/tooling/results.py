# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit files: writing one for a check that has none of its own, and adding all of them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# ansible-test's words for a sanity test that has no file to look at.
NOT_APPLICABLE = "No tests applicable."


@dataclass(frozen=True)
class Case:
    """The outcome of one test."""

    session: str
    name: str
    problem: str = ""


def write_case(path: Path, suite: str, name: str, seconds: float, failure: str = "") -> None:
    """Write the JUnit file of a check that passed, or failed for the given reason."""
    case = ElementTree.Element("testcase", classname=suite, name=name, time=f"{seconds:.3f}")
    if failure:
        ElementTree.SubElement(case, "failure", message=failure)
    counts = {"tests": "1", "failures": str(int(bool(failure))), "errors": "0", "skipped": "0"}
    parent = ElementTree.Element("testsuite", counts, name=suite, time=f"{seconds:.3f}")
    parent.append(case)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(parent).write(path, encoding="utf-8", xml_declaration=True)


def read_cases(results: Path) -> list[Case]:
    """Read every JUnit file; the first folder below the results names the session."""
    return [case for path in sorted(results.rglob("*.xml")) for case in read_file(path, path.relative_to(results))]


def read_file(path: Path, relative: Path) -> Iterator[Case]:
    """Read the cases of one file, leaving out those that had nothing to look at."""
    for element in ElementTree.parse(path).iter("testcase"):
        problem = find_problem(element)
        if problem != NOT_APPLICABLE:
            name = ".".join(filter(None, (element.get("classname"), element.get("name"))))
            yield Case(relative.parts[0], name, problem)


def find_problem(case: ElementTree.Element) -> str:
    """Say why a case did not pass; being skipped is not passing."""
    for tag in ("failure", "error", "skipped"):
        element = case.find(tag)
        if element is not None:
            reason = element.get("message") or element.text or tag
            return f"skipped: {reason}" if tag == "skipped" and reason != NOT_APPLICABLE else reason
    return ""
