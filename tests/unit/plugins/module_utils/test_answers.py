# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import Place, Reader, Unreadable, seen
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import NotUnderstood
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import a_cluster, a_detail

PLACE = Place("Show It")
THING = _answers.fields(
    name=_answers.needed(_answers.name),
    size_gb=_answers.needed(_answers.integer),
    note=_answers.nullable(_answers.text),
    is_new=_answers.optional(_answers.flag, False),
    parts=_answers.listed(_answers.fields(id=_answers.needed(_answers.name))),
)
WHOLE: dict[str, Any] = {"name": "it", "size_gb": 5, "note": "n", "is_new": True, "parts": [{"id": "p1"}]}


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (_answers.text, " orders ", "orders"),
        (_answers.text, 7, "7"),
        (_answers.text, "", ""),
        (_answers.verbatim, " +-> ", " +-> "),
        (_answers.verbatim, 1.5, "1.5"),
        (_answers.verbatim, True, "ON"),
        (_answers.name, 12, "12"),
        (_answers.word, "ssd-kms", "SSD_KMS"),
        (_answers.word, "Active Standby", "ACTIVE_STANDBY"),
        (_answers.state, "Running", "RUNNING"),
        (_answers.state, " DEGRADED ", "DEGRADED"),
        (_answers.state, "Degraded", "Degraded"),
        (_answers.flag, True, True),
        (_answers.flag, "false", False),
        (_answers.flag, "Y", True),
        (_answers.flag, 0, False),
        (_answers.integer, 200, 200),
        (_answers.integer, 200.0, 200),
        (_answers.integer, "0200", 200),
        (_answers.whole("GB"), " 200GB ", 200),
        (_answers.whole("days?"), "14 days", 14),
        (_answers.whole("days?"), "1 Day", 1),
        (_answers.lower, "Slow", "slow"),
        (_answers.hour_text, "02:00", "2"),
        (_answers.hour, "02", 2),
        (_answers.hour, "02:00", 2),
        (_answers.hour, "20", 20),
        (_answers.hour, 0, 0),
        (_answers.hours, "0.5", "0.5"),
        (_answers.hours, 2, "2"),
        (_answers.hours, "10", "10"),
        (_answers.hours, "2.0", "2"),
        (_answers.hours, "2 hours", "2"),
        (_answers.clock_time, "0330", "0330"),
        (_answers.clock_time, 330, "0330"),
        (_answers.clock_time, "3:30", "0330"),
        (_answers.clock_time, "03:30:00", "0330"),
        (_answers.day, "sun", "SUN"),
        (_answers.day, "Sunday", "SUN"),
        (_answers.version, "10.11.9", "10.11.9"),
        (_answers.version, "MariaDB 10.11.9", "10.11.9"),
        (_answers.version, 10.11, "10.11"),
        (_answers.time, " 2026-11-02T04:12:09+0900 ", "2026-11-02T04:12:09+0900"),
        (_answers.each(_answers.text), ["a", 1], ["a", "1"]),
        (_answers.each(_answers.text, ","), "a,b", ["a", "b"]),
    ],
)
def test_forms_that_are_understood(read: Reader, value: object, expected: object) -> None:
    found = read(value, PLACE)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (_answers.text, [None, True, [], {}]),
        (_answers.verbatim, [None, [], {}]),
        (_answers.name, ["", " "]),
        (_answers.flag, [None, "maybe", 2, []]),
        (_answers.integer, [None, "", "many", -1, 1.5, True, [], {}, "9" * 16, float("nan"), float("inf")]),
        (_answers.integer, ["200GB"]),
        (_answers.whole("GB"), ["1 TB", "1 G B", "GB"]),
        (_answers.whole("days?"), ["2 weeks", "1 month"]),
        (_answers.hour, [None, "2:30", "2 PM", 24, []]),
        (_answers.hours, [None, "long", "30 min", "1000", []]),
        (_answers.clock_time, [None, "noon", "03", 3, "0375", "2530", []]),
        (_answers.day, [None, "someday", 7, "monthly"]),
        (_answers.version, [None, "newest", 10, "mysql-connector 1.2 MariaDB 10.11.9"]),
        (_answers.time, [None, "", "2026-11-02", "soon", 1793592729]),
        (_answers.each(_answers.text), [None, "a", {}]),
        (_answers.each(_answers.text, ","), ["", " "]),
        (_answers.volumes, [[], None]),
        (THING, [None, [], "it", {}, {"value": WHOLE}]),
    ],
)
def test_forms_that_are_not_understood(read: Reader, values: list[object]) -> None:
    for value in values:
        with pytest.raises(Unreadable):
            read(value, PLACE)


def test_whole_answer_is_what_it_says() -> None:
    assert THING(WHOLE, PLACE) == WHOLE


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"size_gb": None}, "size_gb", "The answer to Show It has None as size_gb, where a whole number is expected."),
        (
            {"size_gb": "big"},
            "size_gb",
            "The answer to Show It has 'big' as size_gb, where a whole number is expected.",
        ),
        ({"note": []}, "note", "The answer to Show It has [] as note, where a text is expected."),
        ({"parts": {}}, "parts", "The answer to Show It has {} as parts, where a list is expected."),
        ({"parts": [7]}, "parts", "The answer to Show It has 7 as parts[0], where an object with id is expected."),
        ({"parts": [{}]}, "parts", "The answer to Show It has {} as parts[0], where an object with id is expected."),
        ({"name": "x" * 999 + "end"}, "", ""),
    ],
)
def test_field_that_is_not_understood_is_told_of_when_it_is_needed(changes: Any, field: str, told: str) -> None:
    thing = THING({**WHOLE, **changes}, PLACE)
    assert thing["name"]
    if not field:
        return
    with pytest.raises(NotUnderstood) as caught:
        thing[field]
    assert caught.value.msg.startswith(f"{told} Nothing was changed.")
    with pytest.raises(NotUnderstood):
        thing.get(field)
    assert seen(thing, field, "unseen") == "unseen"


def test_field_that_is_missing_is_told_of_when_it_is_needed() -> None:
    thing = THING({"note": "n"}, PLACE)
    for path, read in {"name": lambda: thing["name"], "parts": lambda: thing["parts"]}.items():
        with pytest.raises(NotUnderstood, match=f"The answer to Show It lacks {path}.".replace("[", r"\[")):
            read()


def test_long_value_is_cut() -> None:
    with pytest.raises(NotUnderstood) as caught:
        THING({**WHOLE, "size_gb": "x" * 999}, PLACE)["size_gb"]
    assert len(caught.value.what) < 200


def test_what_may_be_left_out() -> None:
    thing = THING({"name": "it", "size_gb": 5, "note": None, "parts": None}, PLACE)
    assert (thing["note"], thing["is_new"], thing.get("is_new"), thing["parts"]) == (None, False, False, [])
    # A result does not tell what SCP has not said.
    assert "is_new" not in json.loads(json.dumps(thing))


def test_field_that_nobody_reads_stays_as_it_is() -> None:
    further = {"later": {"more": [None]}}
    thing = THING({**WHOLE, **further}, PLACE)
    assert thing["later"] == further["later"]
    with pytest.raises(KeyError):
        thing["unheard"]
    assert thing.get("unheard", 1) == 1


def test_result_has_one_form_whatever_the_answer_had() -> None:
    """But for texts that are read as something else, which stay texts."""
    shown = a_detail("running", name=12, software_version="MariaDB 10.11.9", nat_enabled="false", instance_groups=None)
    optional = ("ha_enabled", "allowable_ip_addresses", "replicas", "origin_cluster_id")
    for name in optional:
        del shown[name]
    shown["init_config_option"]["backup_option"] = {
        "archive_frequency_minute": "60 minutes",
        "retention_period_day": "",
        "starting_time_hour": "02",
    }
    result = json.loads(json.dumps(_answers.cluster(shown, PLACE)))
    assert (result["service_state"], result["name"], result["software_version"]) == ("RUNNING", "12", "10.11.9")
    assert (result["nat_enabled"], result["instance_groups"]) == (False, [])
    assert [result[name] for name in optional] == [False, [], [], None]
    assert result["init_config_option"]["backup_option"] == {
        **shown["init_config_option"]["backup_option"],
        "retention_period_day": None,
    }


def test_result_holds_what_is_not_understood_as_it_came() -> None:
    thing = THING({**WHOLE, "size_gb": "big"}, PLACE)
    assert json.loads(json.dumps({**thing}))["size_gb"] == "big"
    with pytest.raises(NotUnderstood):
        copy.deepcopy(thing)["size_gb"]


def test_what_was_left_out_can_come_from_elsewhere() -> None:
    thing = THING({"name": "it", "size_gb": 5}, PLACE)
    thing.update(is_new=True)
    assert (thing["is_new"], thing.get("is_new")) == (True, True)


def test_answer_with_more_beside_it_stays_one() -> None:
    more = _answers.extended(THING({**WHOLE, "size_gb": "big", "note": None}, PLACE), extra=1)
    assert (more["extra"], more["note"]) == (1, None)
    with pytest.raises(NotUnderstood):
        more["size_gb"]


def test_what_is_filled_in_is_made_new_each_time() -> None:
    one, other = THING({**WHOLE, "parts": None}, PLACE), THING({**WHOLE, "parts": None}, PLACE)
    one["parts"].append(1)
    assert other["parts"] == []


@pytest.mark.parametrize(("role_type", "expected"), [("ACTIVE_STANDBY", True), ("ACTIVE", False)])
def test_high_availability_shows_in_the_groups_too(role_type: str, expected: bool) -> None:
    detail = {**a_cluster()}
    del detail["ha_enabled"]
    detail["instance_groups"] = [{**detail["instance_groups"][0], "role_type": role_type}]
    assert _answers.cluster(detail, PLACE)["ha_enabled"] is expected


@pytest.mark.parametrize(
    "name", ["ha_enabled", "allowable_ip_addresses", "replicas", "origin_cluster_id", "is_kernel_patchable"]
)
def test_official_optional_key(name: str) -> None:
    detail = {**a_cluster()}
    detail.pop(name, None)
    assert not _answers.cluster(detail, PLACE)[name]
