# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs requests for the SCP Open API (facts: section 1, Signing)."""

from __future__ import annotations

import base64
import hashlib
import hmac

CLIENT_TYPE = "Openapi"


def signature(method: str, url: str, timestamp: str, access_key: str, secret_key: str) -> str:
    """Return the Base64 HMAC-SHA256 of a request.

    ``url`` is the absolute URL exactly as it goes on the wire, ``timestamp`` the Unix epoch in milliseconds.
    The body and the other headers are not part of the signed message.
    """
    message = method + url + timestamp + access_key + CLIENT_TYPE
    digest = hmac.new(secret_key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def signed_headers(method: str, url: str, timestamp_ms: int, access_key: str, secret_key: str) -> dict[str, str]:
    """Return the four headers that authenticate one attempt of a request."""
    timestamp = str(timestamp_ms)
    return {
        "Scp-Accesskey": access_key,
        "Scp-Signature": signature(method, url, timestamp, access_key, secret_key),
        "Scp-Timestamp": timestamp,
        "Scp-ClientType": CLIENT_TYPE,
    }
