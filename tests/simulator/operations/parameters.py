# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Database parameters: the defaults of a major version, and the values of a cluster."""

from __future__ import annotations

from functools import partial

from ..clock import timestamp
from ..cloud import Cloud
from ..cluster import Cluster, Json
from ..outcomes import Outcome
from ..parameters import GROUPS, STATIC, Parameter, group_by_id
from ..problems import not_found, refused, unavailable
from .call import Call
from .paging import page_of, sort_by


def list_parameter_groups(call: Call) -> Json:
    query = call.query
    found = [
        group.as_json()
        for group in GROUPS
        if query.get("major_version") in (None, group.major_version)
        and query.get("product_image_type") in (None, group.product_image_type)
    ]
    return {"contents": sort_by(found, query["sort"]), "sort": [query["sort"]]}


def list_parameters(call: Call) -> Json:
    group = group_by_id(call.query["dbaas_parameter_group_id"])
    if group is None:
        raise not_found("Parameter group")
    found = [parameter.as_default() for parameter in group.parameters]
    items, page = page_of(found, call.query, call.cloud.settings.page_size_cap)
    return {"contents": items, **page}


def list_parameter_values(call: Call) -> Json:
    cluster = call.cluster()
    items = [parameter.as_value(_shown(call, cluster, parameter)) for parameter in cluster.parameter_group.parameters]
    changed_at = cluster.parameters.changed_at
    modified_at = cluster.detail["created_at"] if changed_at is None else timestamp(changed_at)
    return {"contents": items, "count": len(items), "modified_at": modified_at}


def set_parameter_values(call: Call) -> Json:
    """Values are not checked when they are taken, only when the database has to live with them."""
    cluster = call.idle_cluster("RUNNING")
    wanted = [(_parameter(cluster, item), item) for item in call.body["parameters"]]
    if len({parameter.id for parameter, _item in wanted}) < len(wanted):
        raise refused("A parameter stands twice")
    for parameter, item in wanted:
        _check_change(parameter, item, _shown(call, cluster, parameter))
    values = {parameter.definition.name: item["new_value"] for parameter, item in wanted}
    if all(parameter.definition.takes(item["new_value"]) for parameter, item in wanted):
        static = {parameter.definition.name for parameter, _item in wanted if parameter.definition.apply_type == STATIC}
        return call.edit(cluster, partial(_apply, call.cloud, cluster, values, static))
    outcome = Outcome(
        service_state="UNKNOWN", applied=True, detail="the database does not run with a parameter's value"
    )
    return call.edit(cluster, partial(_refuse, call.cloud, cluster, values), outcome)


def synchronize_parameter_values(call: Call) -> Json:
    """Shows what somebody changed on the servers themselves."""
    cluster = call.idle_cluster("RUNNING")
    return call.synchronize(cluster, cluster.parameters.synchronize)


def _parameter(cluster: Cluster, item: Json) -> Parameter:
    parameter = cluster.parameter_group.by_id(item["id"])
    if parameter is None:
        raise refused("No such parameter")
    return parameter


def _shown(call: Call, cluster: Cluster, parameter: Parameter) -> str:
    return cluster.applied(parameter, call.cloud.settings.templates_show_as_applied)


def _check_change(parameter: Parameter, item: Json, shown: str) -> None:
    if not parameter.definition.is_modifiable:
        raise refused("The parameter cannot be changed")
    if item["old_value"] != shown:
        raise refused("The old value is not the one that is applied")
    # What the live API makes of a template, and of a value that changes nothing (facts, sections 3 and 6).
    if "{" in item["new_value"] or item["new_value"] == item["old_value"]:
        raise unavailable()


def _refuse(cloud: Cloud, cluster: Cluster, values: dict[str, str]) -> None:
    cluster.parameters.refuse(values, cloud.clock.now())


def _apply(cloud: Cloud, cluster: Cluster, values: dict[str, str], static: set[str]) -> None:
    waiting = set() if cloud.settings.static_values_show_at_once else static
    cluster.parameters.set(
        {name: value for name, value in values.items() if name not in waiting},
        {name: value for name, value in values.items() if name in waiting},
        cloud.clock.now(),
    )
