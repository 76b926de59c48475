# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a task out of Ansible's worker: whatever would make it another task there than as a module."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible import constants as C  # noqa: N812
from ansible.plugins.action import ActionBase

from ansible_collections.samsungcloud.scp.plugins.module_utils import _http
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _settings

# The variables that are read while a task runs. Any other may be meant for the start of a process.
HONOURED = re.compile(
    r"HOME|SCP_[A-Z0-9_]+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|(?i:(https?|all|no)_proxy)"
)


def find_obstacle(action: ActionBase, environment: Mapping[str, str], variables: Mapping[str, Any]) -> str | None:
    """Say what keeps a task out of the worker, None when nothing does."""
    return next(_obstacles(action, environment, variables), None)


def shares_folder(action: ActionBase) -> bool:
    """Tell whether a module can use the folder of this run of Ansible.

    That is on this machine and this user's, and an asynchronous module may outlive it.
    """
    is_here = action._connection.transport == "local"
    return is_here and not action._task.async_val and not _becomes_another(action)


def _obstacles(action: ActionBase, environment: Mapping[str, str], variables: Mapping[str, Any]) -> Iterator[str]:
    task, connection = action._task, action._connection
    if not _settings.IN_PROCESS.of(variables, action._templar):
        yield f"{_settings.IN_PROCESS} is false"
    if connection.transport != "local":
        yield f"the connection is {connection.transport}"
    if task.async_val:
        yield "the task is asynchronous"
    if _becomes_another(action):
        yield f"the task becomes {action.get_become_option('become_user')}"
    interpreter = _interpreter(action, variables)
    if interpreter and not _is_this_python(interpreter):
        yield f"the interpreter is {interpreter}"
    strange = sorted(name for name in environment if not HONOURED.fullmatch(name))
    if strange:
        yield f"environment sets {', '.join(strange)}"
    if not _http.HAS_REQUESTS:
        # The Python that Ansible discovers for modules may well have it.
        yield f"the library requests is not installed for {sys.executable}"
    if C.DEFAULT_KEEP_REMOTE_FILES:
        yield "the files of modules are kept"
    if C.config.get_config_value("DISPLAY_TRACEBACK") != ["never"]:
        yield "tracebacks of modules are shown"


def _becomes_another(action: ActionBase) -> bool:
    """Tell whether Ansible would run a module by way of a become plugin."""
    if not action._connection.become:
        return False
    wanted, present = action.get_become_option("become_user"), action._get_remote_user()
    return bool(C.BECOME_ALLOW_SAME_USER or wanted != present or not wanted)


def _interpreter(action: ActionBase, variables: Mapping[str, Any]) -> str:
    """Return the Python that is asked for by name; an empty string when it is left to Ansible."""
    host = action._task.delegate_to
    of_host = variables["ansible_delegated_vars"][host] if host else variables
    asked = C.config.get_config_value("INTERPRETER_PYTHON", variables=of_host)
    named = str(action._templar.template(asked) or "").strip()
    return "" if named.startswith("auto") else named


def _is_this_python(interpreter: str) -> bool:
    """Tell whether a path is another name for the Python that runs this; one of a virtual environment is its own."""
    named = Path(shutil.which(os.path.expanduser(interpreter)) or interpreter)  # noqa: PTH111
    own = Path(sys.executable)
    return named.resolve() == own.resolve() and named.parent.resolve() == own.parent.resolve()
