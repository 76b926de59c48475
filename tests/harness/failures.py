# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every failure owes to its reader."""

from __future__ import annotations

from harness.play import Ran
from harness.simulator import Json

ERROR_KEYS = {"status", "code", "detail", "request_id", "method", "path"}


def told(ran: Ran, *words: str) -> str:
    """Return the message of a failed task after asserting that it is complete and holds the words."""
    assert ran.failed, ran.result
    message: str = ran.result["msg"]
    assert message.endswith("."), message
    assert set(error_of(ran)) == ERROR_KEYS
    missing = [word for word in words if word not in message]
    assert not missing, message
    return message


def error_of(ran: Ran) -> Json:
    """Return what the API said, as a failed task tells it."""
    error: Json = ran.result["error"]
    return error
