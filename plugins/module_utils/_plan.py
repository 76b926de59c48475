# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan: the ordered steps from the present to the desired state, as pure data."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call, Json, redact


class Source(Protocol):
    """Where a goal's evidence is read."""

    def read(self, call: Call) -> Json: ...

    def pause(self, seconds: float) -> None: ...


# Reads what the detail of a cluster does not show; is given that detail as it was just read.
Reader = Callable[[Source, Json], Json]


@dataclass(frozen=True)
class Goal:
    """What a cluster must show before a step counts as done.

    ``what`` completes the sentence "waiting for ...". ``reached`` looks at a stable cluster, or at what ``evidence``
    reads where the cluster's detail does not show it. ``gone`` means that the goal is the cluster's end. ``visible``
    is False for a step that leaves no trace anywhere, such as a restart: then the wait looks for the cluster to move
    is False for a step that leaves no trace anywhere, such as a restart: then the wait looks for the cluster to move
    or its request to end. ``repeats`` says that a second run of the task asks for the step again although the goal is
    reached, as for another switchover. ``alarm`` looks at the evidence at every poll, also while the cluster is not
    stable, and raises when that shows a failure.
    """

    what: str
    reached: Callable[[Json], bool]
    gone: bool = False
    visible: bool = True
    repeats: bool = False
    evidence: Reader | None = None
    alarm: Callable[[Json], None] | None = None


@dataclass(frozen=True)
class Step:
    """One write, the options it serves and what it must lead to.

    ``uncertain`` says that its end can't be foreseen, so that the steps after it are planned anew when it is there.
    ``cluster`` is the detail of the cluster to watch, where that is not the one that the whole plan is for.
    ``creates`` names the clusters that the step creates.
    """

    call: Call
    options: tuple[str, ...]
    goal: Goal
    uncertain: bool = False
    cluster: Json | None = None
    creates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Ordered steps, and the state before and after them in the API's own words."""

    steps: tuple[Step, ...]
    before: Json
    after: Json

    @property
    def changed(self) -> bool:
        return bool(self.steps)

    def diff(self) -> Json:
        """Return what ``--diff`` shows."""
        return {"before": redact(self.before), "after": redact(self.after)}


@dataclass
class Draft:
    """A plan in the making: planners add steps and say in ``after`` what each leads to."""

    before: Json
    cluster: Json | None = None
    after: Json = field(init=False)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.after = copy.deepcopy(self.before)

    def add(
        self, call: Call, goal: Goal, *options: str, uncertain: bool = False, creates: tuple[str, ...] = ()
    ) -> None:
        self.steps.append(Step(call, options, goal, uncertain, self.cluster, creates))

    def plan(self) -> Plan:
        return Plan(tuple(self.steps), self.before, self.after if self.steps else self.before)
