# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exports of logs to a bucket. The bucket's keys have to be there, and are then forgotten."""

from __future__ import annotations

from functools import partial

from ..cluster import Cluster, Json
from ..log_exports import LABELS, SETTINGS, unregistered
from ..problems import Problem, refused
from .call import Call, update

NO_DAY_OF_MONTH = (None, "-1")


def list_log_export_configs(call: Call) -> Json:
    cluster = call.cluster()
    items = [
        cluster.log_exports.get(log_type) or unregistered(log_type)
        for log_type in LABELS
        if call.query.get("type") in (None, log_type)
    ]
    return {"contents": items, "count": len(items)}


def register_log_export_config(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    log_type = call.body["log_type"]
    if log_type in cluster.log_exports:
        raise refused("The export of this log is registered already")
    if log_type == "audit" and not cluster.init_config["audit_enabled"]:
        raise Problem(400, "Dbaas.InvalidLogType", "The audit log is off")
    _check_keys(call.body)
    _check_schedule(call.body)
    config = {
        **unregistered(log_type),
        **_settings(call.body),
        "bucket_name": call.body["bucket_name"],
        "is_bucket_deleted": False,
        "is_registered": True,
    }
    return call.edit(cluster, update(cluster.log_exports, **{log_type: config}))


def set_log_export_config(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    config = _registered(call, cluster)
    _check_keys(call.body)
    _check_schedule(call.body)
    return call.edit(cluster, update(config, **_settings(call.body)))


def unregister_log_export_config(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    log_type = _registered(call, cluster)["log_type"]
    return call.edit(cluster, partial(_forget, cluster, log_type))


def export_log(call: Call) -> Json:
    cluster = call.idle_cluster("RUNNING")
    if _registered(call, cluster)["is_bucket_deleted"]:
        raise refused("The bucket was deleted")
    return call.edit(cluster)


def _forget(cluster: Cluster, log_type: str) -> None:
    del cluster.log_exports[log_type]


def _registered(call: Call, cluster: Cluster) -> Json:
    try:
        return cluster.log_exports[call.path["log_type"]]
    except KeyError:
        raise refused("The export of this log is not registered") from None


def _settings(body: Json) -> Json:
    settings = {name: body[name] for name in SETTINGS}
    return {**settings, "delete_on_export": bool(body["delete_on_export"])}


def _check_keys(body: Json) -> None:
    if not (body["access_key"] and body["secret_key"]):
        raise refused("The bucket's keys are missing")


def _check_schedule(body: Json) -> None:
    day_of_week, day_of_month = body["schedule_day_of_week"], body["schedule_day_of_month"]
    fits = {
        "DAY": day_of_week is None and day_of_month is None,
        "WEEK": day_of_week is not None and day_of_month in NO_DAY_OF_MONTH,
        "MONTH": day_of_week is None and day_of_month is not None,
    }
    if body["schedule_hour"] is None or not fits.get(body["schedule_frequency_type"]):
        raise Problem(400, "Dbaas.InvalidScheduleData", "Invalid schedule")
