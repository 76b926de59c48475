# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What breaks below the API, in requests and what is under it, as failures of ours.

Which one is judged by the kinds of exceptions and by whether the request went out, never by their words: those can be
a server's or a proxy's.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import NotSent
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    AnswerLost,
    CertificateRefused,
    ConfigurationError,
    NotReached,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._masking import Mask
from ansible_collections.samsungcloud.scp.plugins.module_utils._route import NOTHING_SENT, Route

try:
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
except ImportError:
    # What is missing is said by _http.
    pass

LONGEST_REASON = 300


def failure(call: Call, endpoint: str, route: Route, mask: Mask, error: Exception) -> ScpError:
    """Return what an exception means for a call, with a text that shows no secret."""
    causes = list(_causes(error))
    reason = mask.foreign(_reason(causes[-1]))[:LONGEST_REASON]
    where: dict[str, Any] = {"detail": reason, "method": call.method, "path": call.path}
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        trusted = f" What is trusted now is {route.authorities}." if route.authorities else ""
        return CertificateRefused(
            f"The TLS certificate of {endpoint} was not accepted: {reason}.",
            now=NOTHING_SENT,
            todo="Check endpoint and this machine's clock; for a private authority set ca_path to its certificate."
            + trusted,
            **where,
        )
    if not _never_sent(causes):
        return AnswerLost(
            f"The connection broke while {call.operation} was under way: {reason}.",
            now=uncertainty(call),
            todo="Run the task again; it reads the present state before it does anything.",
            **where,
        )
    between = f"the proxy in {route.proxy}" if route.proxy else "proxy in between"
    if _is_lasting(causes):
        return ConfigurationError(
            f"{call.operation} cannot be sent to {endpoint}: {reason}.",
            now=NOTHING_SENT,
            todo=f"Check endpoint, api_timeout and ca_path, and {between}.",
            **where,
        )
    return NotReached(
        f"{endpoint} can't be reached: {reason}.",
        now=f"{call.operation} was not sent.",
        todo=f"Check region, environment or endpoint, and the network or {between}.",
        **where,
    )


def uncertainty(call: Call) -> str:
    """Say what is known of a call without an answer."""
    return NOTHING_CHANGED if call.is_read else "Whether it was carried out is not known."


def _never_sent(causes: list[BaseException]) -> bool:
    """Tell whether the request certainly did not go out."""
    return any(
        isinstance(cause, (NotSent, ConnectTimeout, NewConnectionError, ConnectTimeoutError)) for cause in causes
    )


def _is_lasting(causes: list[BaseException]) -> bool:
    """Tell whether sending again would fail in the same way: nothing was tried, or with values of no use."""
    before_trying = any(isinstance(cause, NotSent) and not cause.connecting for cause in causes)
    return before_trying or any(isinstance(cause, (ValueError, ArithmeticError, TypeError)) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those of requests, urllib3 and Python inside it, the innermost one last."""
    yield error
    inside = [*error.args, getattr(error, "reason", None), getattr(error, "original_error", None)]
    for cause in {id(item): item for item in inside if isinstance(item, BaseException)}.values():
        yield from _causes(cause)


def _reason(error: BaseException) -> str:
    """Return the words of an exception, without addresses of Python objects."""
    text = str((isinstance(error, OSError) and error.strerror) or error)
    return re.sub(r"^(?:<.*?>|\w+\(host=[^)]*\)): ", "", text).rstrip(".") or type(error).__name__
