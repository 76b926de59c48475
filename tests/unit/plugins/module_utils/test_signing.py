# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._signing import signature, signed_headers

CLUSTERS = "https://mariadb.kr-west1.e.samsungsdscloud.com/v1/clusters"
TIMESTAMP = 1605290625682


@pytest.mark.parametrize(
    ("method", "url", "expected"),
    [
        pytest.param("POST", CLUSTERS, "sEkjhJUHoNgKKrvSLt6xex1NMy/404T8prPt1q0lAMw=", id="without query"),
        pytest.param(
            "GET",
            f"{CLUSTERS}?size=20&page=0&sort=name%3Aasc",
            "uEABuw8Dluw41yM+t96D5cuOtOyoav2uaWFz4GqcbMc=",
            id="with query",
        ),
    ],
)
def test_signature_equals_the_reference_vector(method: str, url: str, expected: str) -> None:
    assert signature(method, url, str(TIMESTAMP), "AK", "SK") == expected
    assert signed_headers(method, url, TIMESTAMP, "AK", "SK") == {
        "Scp-Accesskey": "AK",
        "Scp-Signature": expected,
        "Scp-Timestamp": "1605290625682",
        "Scp-ClientType": "Openapi",
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("PUT", CLUSTERS, "1", "AK", "SK"), id="method"),
        pytest.param(("POST", f"{CLUSTERS}/", "1", "AK", "SK"), id="url"),
        pytest.param(("POST", CLUSTERS, "2", "AK", "SK"), id="timestamp"),
        pytest.param(("POST", CLUSTERS, "1", "BK", "SK"), id="access key"),
        pytest.param(("POST", CLUSTERS, "1", "AK", "TK"), id="secret key"),
    ],
)
def test_signature_depends_on(other: tuple[str, str, str, str, str]) -> None:
    assert signature(*other) != signature("POST", CLUSTERS, "1", "AK", "SK")
