# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""That a task inside the worker comes to what its module comes to, for every module."""

from __future__ import annotations

import datetime
import importlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _worker
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import Answer, FakeTransport
from ansible_collections.samsungcloud.scp.tests.unit.plugins.modules import test_modules

CONFIG = Config("key", "secret", "https://mariadb.example")


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have neither a configuration nor credentials in the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))


def run_inside(
    name: str, params: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *answers: Answer, check_mode: bool = False
) -> tuple[dict[str, Any], FakeTransport]:
    transport = FakeTransport(*answers)
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: transport.send(request, **options))
    module = importlib.import_module(f"{test_modules.MODULES}.{name}")
    worker = _worker.WorkerModule(module, f"samsungcloud.scp.{name}", params, check_mode)
    return worker.run(None), transport


@pytest.mark.parametrize("module", test_modules.TASKS)
@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    "changes",
    [{}, {"access_key": None}, {"endpoint": "http://[", "region": None}, {"nonsense": 1}, {"api_retries": "many"}],
)
def test_same_result_as_the_module(
    module: str,
    check_mode: bool,
    changes: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    params, answers, _key = test_modules.TASKS[module]
    task = {**test_modules.CONNECTION, **params, **changes}
    hidden = {"_ansible_check_mode": check_mode, "_ansible_module_name": f"samsungcloud.scp.{module}"}
    expected, sent = test_modules.run(module, {**task, **hidden}, capsys, monkeypatch, *answers)

    result, sent_inside = run_inside(module, task, monkeypatch, *answers, check_mode=check_mode)

    result.pop("latest_age_hours", None)
    expected.pop("latest_age_hours", None)
    assert result == expected
    assert "hunter" not in str(result)
    assert [(call.method, call.url) for call in sent_inside.sent] == [(call.method, call.url) for call in sent.sent]


def test_dates_reach_it_as_texts() -> None:
    arguments = {"moment": datetime.datetime(2026, 11, 25, 4, 0, tzinfo=datetime.timezone.utc)}
    assert _worker._as_sent(arguments) == {"moment": "2026-11-25T04:00:00+00:00"}


def test_connections_are_kept_for_the_same_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_worker, "_sessions", {})
    first = _worker._connect(CONFIG, print)
    again = _worker._connect(replace(CONFIG), print)
    other = _worker._connect(replace(CONFIG, validate_certs=False), print)
    assert first._session is again._session
    assert first._session is not other._session
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert _worker._connect(CONFIG, print)._session is not first._session
