# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only shows on other machines than that of the tests; the rest is tested through ansible-playbook."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.samsungcloud.scp.plugins.module_utils import _http
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _handover


class Become:
    pass


class Connection:
    transport = "local"

    def __init__(self, become: Become | None = None) -> None:
        self.become = become


class Task:
    async_val = 0
    delegate_to = None


class Templar:
    def template(self, variable: object) -> object:
        return variable


class Action:
    """As much of an action plugin as is looked at."""

    _task = Task()
    _templar = Templar()

    def __init__(self, become_user: str | None = None, user: str | None = None, become: Become | None = None) -> None:
        self._connection = Connection(become)
        self._become_user, self._user = become_user, user

    def get_become_option(self, _name: str) -> str | None:
        return self._become_user

    def _get_remote_user(self) -> str | None:
        return self._user


def test_nothing_in_the_way() -> None:
    assert _handover.find_obstacle(Action(), {}, {}) is None


def test_python_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "HAS_REQUESTS", False)
    obstacle = _handover.find_obstacle(Action(), {}, {})
    assert obstacle == f"the library requests is not installed for {sys.executable}"


@pytest.mark.parametrize(
    ("wanted", "present", "even_the_same", "expected"),
    [
        ("root", "root", False, None),
        ("root", "root", True, "the task becomes root"),
        ("root", "me", False, "the task becomes root"),
        ("", "", False, "the task becomes "),
    ],
)
def test_become(
    monkeypatch: pytest.MonkeyPatch, wanted: str, present: str, even_the_same: bool, expected: str | None
) -> None:
    monkeypatch.setattr(constants, "BECOME_ALLOW_SAME_USER", even_the_same)
    assert _handover.find_obstacle(Action(wanted, present, Become()), {}, {}) == expected


@pytest.mark.parametrize(
    ("transport", "seconds", "become", "expected"),
    [
        pytest.param("local", 0, None, True, id="on this machine"),
        pytest.param("ssh", 0, None, False, id="on another machine"),
        pytest.param("local", 60, None, False, id="may outlive the run"),
        pytest.param("local", 0, Become(), False, id="of another user"),
    ],
)
def test_folder_of_the_run(
    monkeypatch: pytest.MonkeyPatch, transport: str, seconds: int, become: Become | None, expected: bool
) -> None:
    monkeypatch.setattr(Connection, "transport", transport)
    monkeypatch.setattr(Task, "async_val", seconds)
    assert _handover.shares_folder(Action("root", "me", become)) is expected


@pytest.mark.parametrize("name", ["https_proxy", "HTTP_PROXY", "no_proxy", "all_proxy", "SCP_REGION", "HOME"])
def test_variables_that_are_read_while_a_task_runs(name: str) -> None:
    assert _handover.find_obstacle(Action(), {name: "x"}, {}) is None


@pytest.mark.parametrize("name", ["PYTHONPATH", "LD_PRELOAD", "LANG", "PATH", "MY_SCP_REGION", "SCP_region", "home"])
def test_other_variables(name: str) -> None:
    assert _handover.find_obstacle(Action(), {"HOME": "/", name: "x"}, {}) == f"environment sets {name}"


def test_other_names_of_this_python(tmp_path: Path) -> None:
    own = Path(sys.executable)
    beside = tmp_path / "environment" / "bin"
    beside.mkdir(parents=True)
    (beside / "python").symlink_to(own.resolve())
    assert not _handover._is_this_python(str(beside / "python"))
    assert _handover._is_this_python(str(own))
    assert _handover._is_this_python(str(own.parent / ".." / own.parent.name / own.name))
