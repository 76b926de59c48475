# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How tasks run, which is no matter of a module's options: a variable of Ansible, or one of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ansible import constants as C  # noqa: N812
from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean

# Callbacks whose output is read by programs.
FOR_PROGRAMS = frozenset({"json", "jsonl", "null"})


class Templar(Protocol):
    """Resolves the templates in a variable."""

    def template(self, variable: Any) -> Any: ...


class Switch(NamedTuple):
    """Something that is on unless it is switched off."""

    variable: str
    environment_variable: str

    def __str__(self) -> str:
        return f"{self.variable} (or {self.environment_variable} in the environment)"

    def of(self, variables: Mapping[str, Any], templar: Templar) -> bool:
        """Tell whether it is on.

        Raises :class:`AnsibleActionFail` when the value is neither true nor false.
        """
        value = templar.template(variables[self.variable]) if self.variable in variables else None
        if value is None:
            value = os.environ.get(self.environment_variable) or True
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"{self} is {value!r}, but must be true or false.") from None


IN_PROCESS = Switch("scp_in_process", "SCP_IN_PROCESS")
PROGRESS = Switch("scp_progress", "SCP_PROGRESS")


def is_for_a_person() -> bool:
    """Tell whether a person reads what Ansible writes."""
    return str(C.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2] not in FOR_PROGRAMS
