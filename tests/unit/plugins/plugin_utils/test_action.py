# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants

from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _action

HOST = {"inventory_hostname": "orders"}
PROGRESS = Progress("Stop Cluster", "orders", "c1", "STOPPING", seconds=70, seconds_left=120)


class Action(_action.ScpAction):  # type: ignore[misc]
    """An action plugin without its task."""

    def __init__(self, no_log: bool = False) -> None:
        self._task = SimpleNamespace(no_log=no_log)
        self._templar = SimpleNamespace(template=lambda value: value)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(_action, "display", SimpleNamespace(display=lines.append))
    monkeypatch.delenv("SCP_PROGRESS", raising=False)
    return lines


def test_progress_names_the_host(shown: list[str]) -> None:
    tell = Action()._listener(HOST)
    assert tell is not None
    tell(PROGRESS)
    assert shown == ["[orders] Stop Cluster: cluster orders (c1) is STOPPING, 1 min 10 s so far, 2 min 0 s left"]


@pytest.mark.parametrize(
    ("no_log", "variables", "callback"),
    [(True, {}, "default"), (False, {"scp_progress": False}, "default"), (False, {}, "ansible.posix.json")],
)
def test_progress_that_nobody_is_to_see(
    shown: list[str], monkeypatch: pytest.MonkeyPatch, no_log: bool, variables: dict[str, Any], callback: str
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    assert Action(no_log)._listener({**HOST, **variables}) is None
    assert shown == []


def test_surroundings_are_left_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "before")
    before = dict(os.environ), Path.cwd()
    with (
        contextlib.suppress(KeyError),
        _action._surroundings({"KEPT": "meanwhile", "NEW": "1"}, str(tmp_path)),
    ):
        assert (os.environ["KEPT"], os.environ["NEW"], Path.cwd()) == ("meanwhile", "1", tmp_path)
        raise KeyError
    assert (dict(os.environ), Path.cwd()) == before
