# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands for the AnsibleModule of a task that runs inside Ansible's worker: the same options, the same result."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from ansible import constants as C  # noqa: N812
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.json import Direction, get_module_encoder
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec, _task
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http, new_session
from ansible_collections.samsungcloud.scp.plugins.module_utils._memory import RememberedEndpoint
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Listener

Result = dict[str, Any]

# The connections of this process, which does all items of a loop. A worker that is forked later gets none of them.
_sessions: dict[tuple[int, Config], Any] = {}


class _Ended(Exception):
    """The module has ended, with this result."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


class WorkerModule:
    """What :func:`_task.run` needs of a module; ``definition`` is the module's file."""

    def __init__(self, definition: ModuleType, action: str, arguments: Mapping[str, Any], check_mode: bool) -> None:
        self.argument_spec = definition.ARGUMENT_SPEC
        self.params = _spec.given(self.argument_spec, _as_sent(arguments))
        self.given = dict(self.params)
        self.check_mode = check_mode
        self.no_log_values = set(_spec.secrets(self.argument_spec, self.given))
        self._definition = definition
        self._action = action
        self._warnings: list[str] = []

    def run(self, tell: Listener | None) -> Result:
        """Do the module's work, and return what Ansible would get of it; ``tell`` hears of the waits meanwhile."""
        try:
            self._validate()
            _task.run(self, self._definition.RESOURCE, connect=_connect, tell=tell)
        except _Ended as ended:
            return self._as_returned(ended.result)

    def warn(self, warning: str) -> None:
        self._warnings.append(warning)

    def exit_json(self, **result: Any) -> NoReturn:
        raise _Ended(result)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        raise _Ended({**result, "failed": True, "msg": msg})

    def _validate(self) -> None:
        validated = ArgumentSpecValidator(self.argument_spec, **self._definition.CONDITIONS).validate(self.params)
        self.params.update(validated.validated_parameters)
        self.no_log_values.update(validated._no_log_values)
        if not validated.error_messages:
            return
        refused = validated.errors.msg
        if isinstance(validated.errors[0], UnsupportedError):
            refused = f"Unsupported parameters for ({self._action}) module: {refused}"
        self.fail_json(refused)

    def _as_returned(self, result: Result) -> Result:
        """Return the result as it comes back from a module: with its options and warnings, and without secrets."""
        whole = {**result, "invocation": {"module_args": self.params}}
        if self._warnings:
            whole["warnings"] = list(dict.fromkeys(self._warnings))
        # Ansible does so too: a secret that is the word "True" must not hide whether the task failed.
        flags = {key: value for key, value in whole.items() if value is None or isinstance(value, bool)}
        return {**remove_values(whole, self.no_log_values), **flags}


def _as_sent(arguments: Mapping[str, Any]) -> Result:
    """Return the arguments as they reach a module: plain, decrypted, and with dates as texts."""
    encoder = get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)
    sent: Result = json.loads(json.dumps(dict(arguments), cls=encoder))
    return sent


def _connect(config: Config, warn: Callable[[str], None]) -> Http:
    """Return a conversation over the connections that an item before has left open."""
    key = os.getpid(), config
    if key not in _sessions:
        _sessions[key] = new_session(config, Clock())
    endpoint = RememberedEndpoint(config.endpoint, Path(C.DEFAULT_LOCAL_TMP), config.access_key)
    return Http(config, warn=warn, endpoint=endpoint, session=_sessions[key])
