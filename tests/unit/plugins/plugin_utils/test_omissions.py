# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What omit leaves of dictionaries and lists, by Ansible's own templates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleValueOmittedError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _omissions

OMIT = trust_as_template("{{ omit }}")
VARIABLES: dict[str, Any] = {
    "policy": {"days": OMIT},
    "settings": {"backup": trust_as_template("{{ policy }}")},
    "base": {"hour": 2},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, {}),
        ([], []),
        ({"a": {}}, {"a": {}}),
        ({"a": None}, {"a": None}),
        ({"days": OMIT}, None),
        ([OMIT], None),
        ([OMIT, OMIT], None),
        ({"a": {"days": OMIT}, "b": {}}, {"b": {}}),
        ({"a": [OMIT], "b": [], "c": None}, {"b": [], "c": None}),
        ([{"days": OMIT}, {"a": 1}], [{"a": 1}]),
        (trust_as_template("{{ settings }}"), None),
        (trust_as_template("{{ policy | combine({}) }}"), None),
        (trust_as_template("{{ base | combine(policy) }}"), {"hour": 2}),
        (trust_as_template("{{ {} }}"), {}),
        (trust_as_template("{{ [] }}"), []),
        ({"a": trust_as_template("{{ base.hour }}"), "b": OMIT}, {"a": 2}),
    ],
)
def test_what_omit_leaves_empty_is_left_out(value: Any, expected: Any) -> None:
    templar = Templar(DataLoader(), variables=VARIABLES)
    assert _omissions.resolved(value, templar) == expected
    assert "omit" not in templar.available_variables


def test_omitted_value_is_left_to_ansible() -> None:
    with pytest.raises(AnsibleValueOmittedError):
        _omissions.resolved(OMIT, Templar(DataLoader(), variables={}))
