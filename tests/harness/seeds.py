# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters that are simply there, which saves the time of a creation."""

from __future__ import annotations

from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers, _roles, _versions
from harness.simulator import NEWEST, STYLE, Json, Simulator
from harness.tasks import ORDERS
from simulator.contract import load_api
from simulator.styles import STYLES, AnswerStyle, styled

BACKUP: Json = {"archive_frequency_minute": "60", "retention_period_day": "14", "starting_time_hour": "2"}
WINDOW: Json = {
    "period_hour": "2",
    "starting_day_of_week": "SUN",
    "starting_time": "0330",
    "use_maintenance_option": True,
}
INSTANCES: list[Json] = [
    {"name": "orders001", "role_type": "ACTIVE", "service_ip_address": "10.0.1.11"},
    {"name": "orders002", "role_type": "STANDBY", "service_ip_address": "10.0.1.12"},
]

# What ``ORDERS`` makes, in the shape of a cluster's detail.
ORDERS_SHOWN: Json = {
    "name": ORDERS["name"],
    "ha_enabled": True,
    "software_version": ORDERS["engine_version"],
    "subnet_id": ORDERS["subnet_id"],
    "timezone": ORDERS["timezone"],
    "allowable_ip_addresses": ORDERS["allowable_ip_addresses"],
    "instance_groups": [{**ORDERS["instance_groups"][0], "instances": INSTANCES}],
    "init_config_option": {
        key: value for key, value in ORDERS["init_config_option"].items() if key != "database_user_password"
    },
}


def seed(simulator: Simulator, **parts: Any) -> Json:
    """Put a cluster such as ``ORDERS`` makes there, with some parts of its detail as given."""
    shown: Json = simulator.control("POST", "clusters", {**ORDERS_SHOWN, **parts})
    return shown


def settings_of_database(**parts: Any) -> Json:
    """``init_config_option`` of the seeded cluster, with some parts as given."""
    return {**ORDERS_SHOWN["init_config_option"], **parts}


def all_clusters(simulator: Simulator) -> list[Json]:
    """Every cluster as it really is, whatever a read would show."""
    clusters: list[Json] = simulator.control("GET", "clusters")["clusters"]
    return clusters


def all_tags(simulator: Simulator) -> dict[str, dict[str, str | None]]:
    """The tags of every cluster as they really are, by its name."""
    tags = simulator.control("GET", "tags")["tags"]
    return {shown["name"]: tags[shown["id"]] for shown in all_clusters(simulator)}


def only_cluster(simulator: Simulator) -> Json:
    """The one cluster as it really is."""
    (shown,) = all_clusters(simulator)
    return shown


def as_shown(detail: Json) -> Json:
    """A cluster's detail as modules return it: with what its roles mean, without what the version of the API lacks."""
    since = _versions.ANSWER_FIELDS_SINCE["Show Cluster"]
    spoken = {key: value for key, value in detail.items() if not _versions.is_older(NEWEST, since.get(key, NEWEST))}
    contract = load_api(NEWEST)
    style = AnswerStyle(**STYLES[STYLE].get("answer_style", {}))
    answer = styled(style, contract, contract.operations["show_cluster"], spoken)
    return _roles.described(_answers.cluster(answer, _answers.Place("Show Cluster")))
