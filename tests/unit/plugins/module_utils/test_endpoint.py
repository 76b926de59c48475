# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._endpoint import Endpoint


def test_nothing_is_held_at_first() -> None:
    assert Endpoint().left(0) <= 0


@pytest.mark.parametrize(
    ("holds", "first", "left"),
    [
        pytest.param([(10, 5, 9)], [True], 5, id="one"),
        pytest.param([(10, 5, 9), (11, 2, 9)], [True, False], 4, id="told the same, a shorter time"),
        pytest.param([(10, 5, 9), (11, 7, 8)], [True, False], 7, id="told the same, a longer time"),
        pytest.param([(10, 5, 9), (16, 5, 15)], [True, True], 5, id="one that went out after it"),
        pytest.param([(10, 5, 9), (16, 5, 15), (16, 5, 15)], [True, True, False], 5, id="and another one with it"),
    ],
)
def test_hold(holds: list[tuple[float, float, float]], first: list[bool], left: float) -> None:
    endpoint = Endpoint()
    assert [endpoint.hold(*told) for told in holds] == first
    assert endpoint.left(holds[-1][0]) == left
