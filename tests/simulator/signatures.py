# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks request signatures (facts, section 1).

This is on purpose not the collection's own signing code: one implementation checks the other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

HEADERS = ("scp-accesskey", "scp-signature", "scp-timestamp", "scp-clienttype")
CLIENT_TYPE = "Openapi"


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str


def sign(method: str, url: str, timestamp: str, credentials: Credentials) -> str:
    message = method + url + timestamp + credentials.access_key + CLIENT_TYPE
    digest = hmac.new(credentials.secret_key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def is_signed(headers: Mapping[str, str]) -> bool:
    return all(headers.get(name) for name in HEADERS)


def why_refused(
    method: str, url: str, headers: Mapping[str, str], credentials: Credentials, now: float, tolerance: float
) -> str | None:
    """Say what is wrong with a signed request, or None where nothing is."""
    if headers["scp-accesskey"] != credentials.access_key:
        return "unknown access key"
    if headers["scp-clienttype"] != CLIENT_TYPE:
        return "unknown client type"
    sent_at = headers["scp-timestamp"]
    if not (sent_at.isascii() and sent_at.isdigit()):
        return "the timestamp is not in milliseconds since the epoch"
    if abs(now - int(sent_at) / 1000) > tolerance:
        return "the timestamp is too far from the present time"
    expected = sign(method, url, sent_at, credentials)
    if not hmac.compare_digest(expected.encode(), headers["scp-signature"].encode()):
        return "the signature does not match"
    return None
