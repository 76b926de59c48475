# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleActionFail

from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _settings


class Upper:
    """Stands for the templates' engine: resolves a text by writing it in capitals."""

    def template(self, variable: Any) -> Any:
        return variable.upper() if isinstance(variable, str) else variable


@pytest.mark.parametrize(
    ("variables", "environment", "expected"),
    [
        ({}, None, True),
        ({}, "", True),
        ({}, "false", False),
        ({}, "1", True),
        ({"scp_in_process": True}, "false", True),
        ({"scp_in_process": "no"}, "true", False),
        ({"scp_in_process": None}, "false", False),
    ],
)
def test_switch(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], environment: str | None, expected: bool
) -> None:
    monkeypatch.delenv("SCP_IN_PROCESS", raising=False)
    if environment is not None:
        monkeypatch.setenv("SCP_IN_PROCESS", environment)
    assert _settings.IN_PROCESS.of(variables, Upper()) is expected


def test_switch_with_another_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCP_PROGRESS", raising=False)
    with pytest.raises(AnsibleActionFail, match=r"scp_progress .* is 'LATER', but must be true or false"):
        _settings.PROGRESS.of({"scp_progress": "later"}, Upper())


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        ("default", True),
        ("community.general.yaml", True),
        ("ansible.posix.json", False),
        ("ansible.posix.jsonl", False),
    ],
)
def test_callbacks(monkeypatch: pytest.MonkeyPatch, callback: str, expected: bool) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    assert _settings.is_for_a_person() is expected
