# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _versions


def listing(**statuses: str) -> dict[str, Any]:
    """Return a host's version list; ``v1_10`` stands for ``v1.10``."""
    versions = [{"id": key.replace("_", "."), "status": status, "links": []} for key, status in statuses.items()]
    return {"versions": versions}


@pytest.mark.parametrize(
    ("version_list", "expected"),
    [
        pytest.param(listing(v1_0="CURRENT"), "1.0", id="the only one"),
        pytest.param(listing(v1_0="SUPPORTED", v1_1="CURRENT"), "1.1", id="newest"),
        pytest.param(listing(v1_1="SUPPORTED", v1_3="CURRENT"), "1.3", id="newest of several"),
        pytest.param(listing(v1_1="SUPPORTED", v1_4="CURRENT"), "1.1", id="newest that both speak"),
        pytest.param(listing(v1_0="DEPRECATED"), "1.0", id="deprecated is callable"),
        pytest.param(listing(v1_0="CURRENT", v1_1="PLANNED"), "1.0", id="planned is not callable"),
        pytest.param(listing(v1_1="RETIRED"), None, id="unknown status is not callable"),
        pytest.param(listing(v1_10="CURRENT"), None, id="1.10 is not 1.1"),
        pytest.param(listing(v1_4="CURRENT"), None, id="none in common"),
        pytest.param({"versions": [{"id": "1.0", "status": "CURRENT"}]}, "1.0", id="without the letter"),
        pytest.param({"versions": []}, None, id="empty"),
        pytest.param({"versions": None}, None, id="null"),
        pytest.param(
            {"versions": ["v1.0", {"status": "CURRENT"}, {"id": "v1.x", "status": "CURRENT"}]}, None, id="odd"
        ),
        pytest.param({"versions": [{"id": "v1.\u00b2", "status": "CURRENT"}]}, None, id="digit that is no number"),
        pytest.param({"versions": [{"id": None, "status": "CURRENT"}]}, None, id="id is null"),
        pytest.param({}, None, id="no list"),
        pytest.param(["v1.0"], None, id="no object"),
        pytest.param(None, None, id="unreadable"),
    ],
)
def test_newest_that_both_sides_have(version_list: object, expected: str | None) -> None:
    assert _versions.best(None, _versions.served(version_list)) == expected


@pytest.mark.parametrize(
    ("operation", "served", "expected"),
    [
        pytest.param("Unset Backup", ("1.1", "1.3"), "1.1", id="before the change"),
        pytest.param("Unset Backup", ("1.1", "1.2", "1.3"), "1.2", id="just before the change"),
        pytest.param("Unset Backup", ("1.3",), "1.3", id="nothing else is served"),
        pytest.param("Unset Backup", (), None, id="nothing is known"),
        pytest.param("Set Backup", ("1.1", "1.3"), "1.3", id="not changed"),
        pytest.param("Create Manual Backup", ("1.0", "1.1"), "1.1", id="not there yet"),
    ],
)
def test_version_of_an_operation(operation: str, served: tuple[str, ...], expected: str | None) -> None:
    assert _versions.best(operation, served) == expected


@pytest.mark.parametrize(
    ("operation", "field", "expected"),
    [
        ("Create Cluster", None, "1.0"),
        ("Create Cluster", "name", "1.0"),
        ("Create Cluster", "service_watch_log_collection", "1.1"),
        ("Upgrade Kernel", None, "1.1"),
        ("Upgrade Major Version", "software_version", "1.2"),
    ],
)
def test_since(operation: str, field: str | None, expected: str) -> None:
    assert _versions.since(operation, field) == expected


def test_served_are_sorted_as_versions() -> None:
    statuses = {"v1_10": "CURRENT", "v1_9": "SUPPORTED", "v2_0": "PLANNED", "v1_1": "DEPRECATED"}
    assert _versions.served(listing(**statuses)) == ("1.1", "1.9", "1.10")


@pytest.mark.parametrize(
    ("older", "newer"), [("1.9", "1.10"), ("10.6.30", "10.11.2"), ("10.11", "10.11.1"), ("9", "10")]
)
def test_versions_compare_as_numbers(older: str, newer: str) -> None:
    assert _versions.as_numbers(older) < _versions.as_numbers(newer)


@pytest.mark.parametrize(
    ("operation", "body", "version", "expected"),
    [
        ("Create Cluster", {"name": "a"}, "1.0", {"name": "a"}),
        ("Create Cluster", {"name": "a"}, "1.1", {"name": "a", "service_watch_log_collection": None}),
        ("Create Cluster", {"name": "a"}, "1.10", {"name": "a", "service_watch_log_collection": None}),
        (
            "Create Cluster",
            {"service_watch_log_collection": True},
            "1.1",
            {"service_watch_log_collection": True},
        ),
        ("Create Replica", {"name": "a"}, "1.0", {"name": "a"}),
        ("Create Replica", {"name": "a"}, "1.1", {"name": "a", "allowable_ip_addresses": None}),
        ("Set Backup", {"name": "a"}, "1.3", {"name": "a"}),
    ],
)
def test_complete_body_adds_what_the_version_requires(
    operation: str, body: dict[str, Any], version: str, expected: dict[str, Any]
) -> None:
    before = dict(body)
    assert _versions.complete_body(operation, body, version) == expected
    assert body == before


def test_default_is_implemented() -> None:
    assert _versions.DEFAULT in _versions.IMPLEMENTED
