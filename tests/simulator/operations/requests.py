# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests: how far an accepted operation has got."""

from __future__ import annotations

from ..cluster import Json
from ..problems import request_not_found
from .call import Call


def show_request(call: Call) -> Json:
    request = call.cloud.find_request(call.path["request_id"])
    if not call.reaches(request):
        raise request_not_found()
    return {"request_id": request.id, "state": getattr(call.cloud.settings.request_words, request.state)}
