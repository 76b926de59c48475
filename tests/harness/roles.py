# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of roles, many in one play, each even if the one before failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.play import Play, Ran
from harness.simulator import Json

MARK = "Run of a role"
RESCUED = "Go on after a role that failed"


@dataclass
class Role:
    """A role to run, and what the simulator is told before."""

    name: str
    variables: Json
    check: bool = False
    before: list[tuple[str, str, Json]] = field(default_factory=list)
    tasks_from: str = "main"

    def told(self, method: str, path: str, body: Json) -> Role:
        """The same role after one more word to the simulator's control plane."""
        return Role(self.name, self.variables, self.check, [*self.before, (method, path, body)], self.tasks_from)


@dataclass
class RoleRan:
    """One run of a role."""

    tasks: list[Ran]

    @property
    def failed(self) -> bool:
        return any(ran.task == RESCUED for ran in self.tasks)

    @property
    def changed(self) -> bool:
        return any(ran.changed for ran in self.tasks)

    @property
    def message(self) -> str:
        """What the role said at its end: why it failed, or how it went."""
        told = [str(ran.result["msg"]) for ran in self.tasks if ran.task != RESCUED and "msg" in ran.result]
        return told[-1] if told else ""

    @property
    def calls(self) -> list[Json]:
        return [call for ran in self.tasks for call in ran.calls]

    @property
    def writes(self) -> list[str]:
        """The titles of the calls that change something."""
        return [call["operation"] for call in self.calls if call["method"] != "GET"]

    def fact(self, name: str) -> Any:
        """The last value that the role gave a fact."""
        facts = [ran.result["ansible_facts"] for ran in self.tasks if name in ran.result.get("ansible_facts", {})]
        return facts[-1][name]


def run_roles(play: Play, *roles: Role) -> list[RoleRan]:
    """Run roles one after the other in one play."""
    runs: list[RoleRan] = []
    for ran in play(*(task for role in roles for task in _tasks(play, role))):
        if ran.task == MARK:
            runs.append(RoleRan([]))
        elif runs:
            runs[-1].tasks.append(ran)
    assert len(runs) == len(roles), play.output
    return runs


def _tasks(play: Play, role: Role) -> list[Json]:
    include = {"name": f"samsungcloud.scp.{role.name}", "tasks_from": role.tasks_from}
    block: Json = {
        "ignore_errors": False,
        "block": [{"ansible.builtin.include_role": include, "vars": role.variables}],
        "rescue": [{"name": RESCUED, "ansible.builtin.debug": {}}],
    }
    if role.check:
        block["check_mode"] = True
    control = [
        {
            "ansible.builtin.uri": {
                "url": f"{play.simulator.endpoint}/_simulator/{path}",
                "method": method,
                "body": body,
                "body_format": "json",
            }
        }
        for method, path, body in role.before
    ]
    return [{"name": MARK, "ansible.builtin.debug": {}}, *control, block]
