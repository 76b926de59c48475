# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.__main__ import parse
from simulator.contract import load_newest, load_resource_manager
from simulator.settings import Settings
from simulator.simulation import Simulation
from simulator.styles import STYLES, TIMES, AnswerStyle, styled


def in_style(api: Any, **style: Any) -> None:
    api.control("POST", "settings", {"answer_style": style})


def test_optional_keys_are_left_out_where_they_are_empty(api: Any) -> None:
    cluster = api.detail(api.seed()["id"])
    in_style(api, leaves_out_optional=True)
    shown = api.detail(cluster["id"])
    contract = load_newest()
    schema = contract.resolved(contract.schema_of_answer(contract.operations["show_cluster"]))
    optional = set(cluster) - set(schema["required"])
    assert optional >= {"ha_enabled", "replicas", "origin_cluster_id", "allowable_ip_addresses"}
    assert set(cluster) - set(shown) == {name for name in optional if not cluster[name]}
    assert "audit_enabled" not in shown["init_config_option"]


@pytest.mark.parametrize(("null", "expected"), [(None, None), (True, None), (False, [])])
def test_lists_without_items(api: Any, null: bool | None, expected: Any) -> None:
    in_style(api, empty_lists_are_null=null)
    assert api.ok("GET", "/v1/clusters")["contents"] == expected


def test_texts_that_could_be_null_are_blank(api: Any) -> None:
    cluster = api.seed()
    in_style(api, nulls_are_blank=True)
    shown = api.detail(cluster["id"])
    assert (cluster["virtual_ip_address"], shown["virtual_ip_address"]) == (None, "")
    assert shown["maintenance_option"]["starting_day_of_week"] == ""
    assert shown["init_config_option"]["database_port"] == 2866


@pytest.mark.parametrize("form", TIMES)
def test_times_are_the_same_moments(api: Any, form: str) -> None:
    cluster = api.seed()
    in_style(api, times=form)
    shown = datetime.fromisoformat(api.detail(cluster["id"])["created_at"])
    moment = shown if shown.tzinfo else shown.replace(tzinfo=UTC)
    assert moment.replace(microsecond=0) == datetime.fromisoformat(cluster["created_at"])


def test_status_of_what_is_carried_out_later(api: Any) -> None:
    cluster = api.seed()
    in_style(api, accepted_status=200)
    assert api.call("POST", f"/v1/clusters/{cluster['id']}/stop").status_code == 200


@pytest.mark.parametrize(("make", "text"), [("html", "nginx"), ("empty", ""), ("message", "no Route")])
def test_gateways(api: Any, make: str, text: str) -> None:
    in_style(api, gateway=make)
    answer = api.call("GET", "/v1/nothing")
    assert answer.status_code == 404
    assert text in answer.text
    assert bool(answer.text) == bool(text)


def test_templates_can_be_what_is_applied(api: Any) -> None:
    cluster = api.seed(parameters={"wait_timeout": "77"})
    api.control("POST", "settings", {"templates_show_as_applied": True})
    contents = api.ok("GET", f"/v1/clusters/{cluster['id']}/parameters")["contents"]
    applied = {item["name"]: item["applied_value"] for item in contents}
    assert applied["max_connections"] == "{DBInstanceClassMemory/12582880}"
    assert applied["wait_timeout"] == "77"


@pytest.mark.parametrize("name", STYLES)
def test_named_styles(name: str) -> None:
    settings = Settings()
    settings.change(STYLES[parse(["--style", name]).style])
    assert settings.answer_style.is_usual is (name == "usual")


def test_time_can_begin_in_the_past() -> None:
    assert parse(["--days-behind", "2.5"]).days_behind == 2.5
    behind = time.time() - Simulation(seconds_behind=3600).clock.now()
    assert 3500 < behind <= 3600


def test_every_answer_has_every_style() -> None:
    """Styles follow the contract of whatever operation answers, tags of the other service included."""
    for contract in (load_newest(), load_resource_manager()):
        for operation in contract.operations.values():
            for name in STYLES:
                style = AnswerStyle(**STYLES[name].get("answer_style", {}))
                schema = contract.resolved(contract.schema_of_answer(operation))
                empty = dict.fromkeys(schema.get("properties", {}))
                assert styled(style, contract, operation, empty) is not None
