# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the API refuses: a body of the service and one of the gateway in front of it (facts, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from .clock import timestamp


class Problem(Exception):
    """An answer of the service other than the one that was asked for."""

    def __init__(self, status: int, code: str, detail: str | Sequence[str], title: str | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.title = title or phrase(status)

    def body(self) -> dict[str, Any]:
        return {
            "errors": [
                {
                    "code": self.code,
                    "detail": self.detail if isinstance(self.detail, str) else list(self.detail),
                    "global_request_id": f"req-{uuid4()}",
                    "links": [],
                    "related_resources": [],
                    "request_id": f"req-{uuid4()}",
                    "response": None,
                    "status": self.status,
                    "title": self.title,
                }
            ]
        }


class GatewayProblem(Exception):
    """An answer that the service never saw."""

    def __init__(self, status: int, path: str) -> None:
        super().__init__(f"{status} {path}")
        self.status = status
        self.path = path

    def body(self, now: float) -> dict[str, Any]:
        return {
            "timestamp": timestamp(now),
            "path": self.path,
            "status": self.status,
            "error": phrase(self.status),
            "requestId": uuid4().hex[:8],
        }


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def request_not_found() -> Problem:
    """The live API answers 400 here, not 404 (facts, section 3)."""
    return Problem(400, "Dbaas.ValidationError", "Request not found")


def refused(detail: str, kind: str = "") -> Problem:
    """A rule of the service is broken."""
    return Problem(400, "Dbaas.ValidationError" + (f".{kind}" if kind else ""), detail)


def wrong_state(state: str, trouble: str | None) -> Problem:
    reason = f": {trouble}" if trouble else ""
    return refused(f"Not allowed in service state {state}{reason}", "InvalidServiceState")


def in_progress() -> Problem:
    return refused("Another request is in progress on the cluster", "ExistInprogress")


def not_found(what: str) -> Problem:
    return Problem(404, "Dbaas.NotFound", f"{what} not found")


def invalid(entries: Sequence[str]) -> Problem:
    """A body or query that breaks the schema. The live API names no field, so neither does this."""
    return Problem(400, "ValidationError", entries, title="ValidationError")


def unauthorized(detail: str) -> Problem:
    return Problem(401, "Dbaas.Unauthorized.AuthNFailed", detail)


def version_not_served(header: str) -> Problem:
    return Problem(406, "Dbaas.NotAcceptable", f"API version not supported: {header}")


def unavailable() -> Problem:
    """What the live API says when something in it broke."""
    return Problem(500, "ContactAdminForAssistance", "Internal server error")
