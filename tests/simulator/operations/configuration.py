# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of a running cluster."""

from __future__ import annotations

from ..building import as_range, as_ranges
from ..cluster import NO_MAINTENANCE, Json
from ..problems import refused
from .call import Call, update


def set_audit_log(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    return call.edit(cluster, update(cluster.init_config, audit_enabled=call.body["use_audit_log"]))


def set_maintenance(call: Call) -> Json:
    # The request's names differ from those that the create request and the detail have (facts, section 5.2).
    cluster = call.idle_cluster("RUNNING")
    option = {
        "period_hour": call.body["term_hour"],
        "starting_day_of_week": call.body["start_day_of_week"],
        "starting_time": call.body["start_time"] + call.body["start_minute"],
        "use_maintenance_option": True,
    }
    return call.edit(cluster, update(cluster.detail, maintenance_option=option))


def unset_maintenance(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    return call.edit(cluster, update(cluster.detail, maintenance_option=dict(NO_MAINTENANCE)))


def set_security_group_rules(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    present = cluster.detail["allowable_ip_addresses"]
    added = as_ranges(call.body.get("add_ip_addresses", []))
    # As it is shown, or else as the network that it means.
    removed = [one if one in present else as_range(one) for one in call.body.get("del_ip_addresses", [])]
    if not added and not removed:
        raise refused("Nothing to add and nothing to delete")
    kept = [address for address in present if address not in removed]
    allowed = [*kept, *(address for address in added if address not in kept)]
    return call.edit(cluster, update(cluster.detail, allowable_ip_addresses=allowed))
