# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of all action plugins: a module's work inside Ansible's worker, where that can't be told from the module.

Ansible loads the plugins of a play in the process that it forks the workers from, so that what they import at their
top, requests above all, is imported once for a play.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible import constants as C  # noqa: N812
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.samsungcloud.scp.plugins.module_utils import _memory
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Listener
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _handover, _omissions, _settings
from ansible_collections.samsungcloud.scp.plugins.plugin_utils._worker import WorkerModule

display = Display()


class ScpAction(ActionBase):  # type: ignore[misc]
    """Runs ``module`` in this process, or hands over to it where that makes a difference."""

    module: ModuleType

    _supports_async = True
    _supports_check_mode = True

    @classmethod
    def finalize_task_arg(cls, name: str, value: Any, templar: Any, context: Any) -> Any:  # noqa: ARG003
        """Return the value of an option with its templates resolved, and None where omit leaves nothing in it."""
        return _omissions.resolved(value, templar)

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module.

        Raises :class:`AnsibleActionFail` when a variable of the plugin has no use.
        """
        variables = task_vars or {}
        super().run(tmp, variables)
        environment = self._environment_of_task()
        obstacle = _handover.find_obstacle(self, environment, variables)
        if obstacle:
            display.vvv(f"{self._task.action} runs as a module: {obstacle}.")
            return self._hand_over(variables)
        display.vvv(f"{self._task.action} runs inside Ansible's worker.")
        with _surroundings(environment, self._loader.get_basedir()):
            worker = WorkerModule(self.module, self._task.action, self._task.args, self._task.check_mode)
            return worker.run(self._listener(variables))

    def _environment_of_task(self) -> dict[str, str]:
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        return {str(name): str(value) for name, value in environment.items()}

    def _hand_over(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Do what Ansible does with a module that has no action plugin."""
        if _handover.shares_folder(self):
            # The module finds there what the tasks before it have learned.
            self._task.environment = [*(self._task.environment or []), {_memory.FOLDER: C.DEFAULT_LOCAL_TMP}]
        normal = self._shared_loader_obj.action_loader.get(
            "ansible.legacy.normal",
            task=self._task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        result: dict[str, Any] = normal.run(task_vars=variables)
        return result

    def _listener(self, variables: Mapping[str, Any]) -> Listener | None:
        """Return what shows the progress of a wait on the terminal, None where nobody is to see it."""
        wanted = _settings.PROGRESS.of(variables, self._templar)
        if not wanted or self._task.no_log or not _settings.is_for_a_person():
            return None
        return lambda progress: display.display(f"[{variables['inventory_hostname']}] {progress}")


@contextmanager
def _surroundings(environment: Mapping[str, str], folder: str) -> Iterator[None]:
    """Give the environment and the working folder that a module would have; a worker has them to itself."""
    variables, present = dict(os.environ), Path.cwd()
    os.chdir(folder)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.chdir(present)
        os.environ.clear()
        os.environ.update(variables)
