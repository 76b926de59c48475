# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _moments


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-02T04:12:09Z", "2026-11-02T04:12:09+00:00"),
        ("2026-11-02T04:12:09z", "2026-11-02T04:12:09+00:00"),
        ("2026-11-02T04:12:09", "2026-11-02T04:12:09+00:00"),
        ("2026-11-02 04:12:09", "2026-11-02T04:12:09+00:00"),
        (" 2026-11-02 04:12:09 UTC ", "2026-11-02T04:12:09+00:00"),
        ("2026-11-02T04:12", "2026-11-02T04:12:00+00:00"),
        ("20261102T041209Z", "2026-11-02T04:12:09+00:00"),
        ("2026-11-02T04:12:09.1Z", "2026-11-02T04:12:09.100000+00:00"),
        ("2026-11-02T04:12:09,12Z", "2026-11-02T04:12:09.120000+00:00"),
        ("2026-11-02T04:12:09.123", "2026-11-02T04:12:09.123000+00:00"),
        ("2026-11-02T04:12:09.1234567Z", "2026-11-02T04:12:09.123456+00:00"),
        ("2026-11-02T04:12:09.123456789+09:00", "2026-11-01T19:12:09.123456+00:00"),
        ("2026-11-02T04:12:09+0900", "2026-11-01T19:12:09+00:00"),
        ("2026-11-02T04:12:09+09", "2026-11-01T19:12:09+00:00"),
        ("2026-11-02T04:12:09 -03:30", "2026-11-02T07:42:09+00:00"),
    ],
)
def test_moments(text: str, utc: str) -> None:
    moment = _moments.parse(text)
    assert moment is not None
    assert moment.isoformat() == utc


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "2026-11-02",
        "04:12:09",
        "2026-13-02T04:12:09Z",
        "2026-11-02T24:12:09Z",
        "2026-11-02T04:12:09.Z",
        "2026-11-02T04:12:09Z Z",
        "0001-01-01T00:00:00+09:00",
        "1793592729",
        "yesterday at noon",
        "2026-11-02T04:12:09KST",
        "2026-11-02T04:12:09+99:99",
    ],
)
def test_no_moments(text: str | None) -> None:
    assert _moments.parse(text) is None
