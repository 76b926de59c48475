# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that change what belongs to a cluster, and what such a module owes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harness.cycle import Cycle
from harness.play import Play, Ran
from harness.simulator import Json


class Wrong(NamedTuple):
    """Options that are wrong, and the words that the message owes."""

    options: Json
    words: tuple[str, ...]


def task(module: str, options: Json, check: bool | None = None) -> Json:
    """Return a task of a module of the collection; ``check`` makes it a dry run, and lets it show its diff."""
    one: Json = {f"samsungcloud.scp.{module}": options}
    return one if check is None else {**one, "check_mode": check, "diff": True}


def four_runs(play: Play, module: str, tasks: Iterable[Json]) -> list[Cycle]:
    """Run each task four times, {check, real, check again, real again}, all in one play."""
    ran = play(*(task(module, options, check) for options in tasks for check in (True, False, True, False)))
    return [Cycle(*ran[start : start + 4]) for start in range(0, len(ran), 4)]


def assert_refused(play: Play, module: str, cases: Iterable[Wrong], *, reads: bool) -> None:
    """Run a task for each case, and assert that it says what is wrong and changes nothing.

    ``reads`` says that the cluster has to be looked at to find out; otherwise nothing at all may be sent.
    """
    cases = list(cases)
    for case, ran in zip(cases, play(*(task(module, case.options) for case in cases)), strict=True):
        assert ran.failed, (case, ran.result)
        missing = [word for word in case.words if word not in ran.result["msg"]]
        assert not missing, ran.result["msg"]
        assert (ran.writes, ran.changed, bool(ran.calls)) == ([], False, reads), case


def reads(ran: Ran) -> list[str]:
    """The titles of the operations with which a task only looked."""
    return [call["operation"] for call in ran.calls if call["method"] == "GET"]


def looks(ran: Ran) -> list[str]:
    """The titles of the operations with which a task looked before it wrote anything.

    The last one before a write does not count: with it every task makes sure that the cluster is as it was.
    """
    first = next((index for index, call in enumerate(ran.calls) if call["method"] != "GET"), len(ran.calls))
    titles = [call["operation"] for call in ran.calls[:first]]
    if ran.writes:
        assert titles.pop() == "Show Cluster"
    return titles
