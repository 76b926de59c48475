# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform offers."""

from __future__ import annotations

from ..catalogue import ENGINE_VERSIONS, SERVER_TYPES, engine_by_id, engine_properties
from ..cluster import Json
from ..problems import not_found
from .call import Call


def list_engine_versions(call: Call) -> Json:
    query = call.query
    found = [
        engine.as_json()
        for engine in ENGINE_VERSIONS
        if query.get("id") in (None, engine.id)
        and query.get("product_image_type") in (None, engine.product_image_type)
        and (query["eos_included"] or not engine.end_of_service)
    ]
    return {"contents": found}


def list_engine_version_properties(call: Call) -> Json:
    if engine_by_id(call.path["dbaas_engine_version_id"]) is None:
        raise not_found("DBaaS engine version")
    return {"contents": engine_properties()}


def list_server_types(call: Call) -> Json:
    query = call.query
    found = [
        item.as_json()
        for item in SERVER_TYPES
        if query.get("name") in (None, item.name) and query.get("product_image_type") in (None, item.product_image_type)
    ]
    return {"contents": found}
