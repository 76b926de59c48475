# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as exceptions that become a module's failure; and the API's two error bodies."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

# Bodies are decoded leniently: a gateway in between may answer with anything.
_EXCERPT_LENGTH = 300
_VALUE_LENGTH = 80


NOTHING_CHANGED = "Nothing was changed."


class ScpError(Exception):
    """A failure told in full: what happened, what is now true in the cloud, what to do next.

    ``facts`` are further keys for the module's result, such as ``cluster_id`` or ``request_id``.
    """

    def __init__(
        self,
        what: str,
        *,
        now: str = "",
        todo: str = "",
        status: int | None = None,
        code: str | None = None,
        detail: str | None = None,
        request_id: str | None = None,
        method: str | None = None,
        path: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.now = now
        self.todo = todo
        self.status = status
        self.code = code
        self.detail = detail
        self.request_id = request_id
        self.method = method
        self.path = path
        self.facts: dict[str, Any] = {}

    @property
    def msg(self) -> str:
        return " ".join(part for part in (self.what, self.now, self.todo) if part)

    def __str__(self) -> str:
        return self.msg

    def result(self) -> dict[str, Any]:
        """Return the keys that this failure adds to the module's result."""
        error = {
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": self.request_id,
            "method": self.method,
            "path": self.path,
        }
        return {"msg": self.msg, "error": error, **self.facts}


class Problem(NamedTuple):
    """One rule that one option breaks; ``value`` is None when the option is missing or secret."""

    option: str
    rule: str
    value: object | None = None

    def __str__(self) -> str:
        shown = "" if self.value is None else f" is {self.value!r}, but"
        return f"{self.option}{shown} {self.rule}"


class InvalidInput(ScpError):
    """Options that were refused; nothing was changed in the cloud."""

    def __init__(self, problems: Iterable[Problem], what: str = "Invalid options") -> None:
        self.problems = list(problems)
        told = "; ".join(str(problem) for problem in self.problems)
        super().__init__(f"{what}: {told}.", now=NOTHING_CHANGED)


class Refused(ScpError):
    """The plan can't be made from where the cluster is now; nothing was changed in the cloud."""

    def __init__(self, msg: str, **known: Any) -> None:
        super().__init__(msg, **{"now": NOTHING_CHANGED, **known})


class ConfigurationError(ScpError):
    """The connection's options do not make a usable configuration."""


class ApiError(ScpError):
    """The API answered, and its answer is an error. It did not do what was asked.

    ``retry_after`` are the seconds after which the answer says to come back, where it says so. ``from_service`` says
    that the body is the service's own. Any other, such as a gateway's, says nothing about a cluster.
    """

    retry_after: float | None = None
    from_service: bool = False


class NotReached(ScpError):
    """No connection was made, so that the request was certainly not carried out."""


class CertificateRefused(NotReached):
    """The server's certificate was not accepted; trying again will not help."""


class AnswerLost(ScpError):
    """A request went out and no usable answer came back: it may or may not have been carried out."""


class NotUnderstood(ScpError):
    """An answer lacks a field that the task needs, or has it in a form that is not known.

    ``expected`` says what the field should be, where it is there.
    """

    def __init__(self, operation: str, path: str, value: object = None, expected: str = "") -> None:
        shown = repr(value)
        if len(shown) > _VALUE_LENGTH:
            shown = f"{shown[:_VALUE_LENGTH]}..."
        found = f"has {shown} as {path}, where {expected} is expected" if expected else f"lacks {path}"
        super().__init__(
            f"The answer to {operation} {found}.",
            now=NOTHING_CHANGED,
            todo="Run the task again. If it stays so, SCP answers in a form that this collection does not know: report "
            "it to its maintainers.",
        )


class Contradiction(ScpError):
    """SCP lists a cluster that it does not show, or has accepted one that it does neither: it may be there or not."""


class OperationFailed(ScpError):
    """The API accepted an operation, which then failed."""


class WaitTimeout(ScpError):
    """The wait budget is spent; the operation goes on in the cloud."""


class Unexpected(ScpError):
    """Any other exception: a defect of this collection, which must not hide what was done before it."""

    def __init__(self, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f" ({PurePath(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
        told = f"{type(error).__name__}: {error}{place}"
        super().__init__(
            f"The task ended in an unexpected error: {told}.",
            now=NOTHING_CHANGED,
            todo="This is a defect of the collection: report it to its maintainers with this message.",
        )


class ErrorBody(NamedTuple):
    """The parts of an error answer that people and code use."""

    code: str | None = None
    detail: str | None = None
    request_id: str | None = None
    from_service: bool = False


def decode_error_body(body: object, text: str = "") -> ErrorBody:
    """Read the service's or the gateway's error body (facts: section 3), or an excerpt of anything else."""
    if isinstance(body, Mapping):
        errors = body.get("errors")
        own = [item for item in errors if isinstance(item, Mapping)] if isinstance(errors, list) else []
        if own:
            return _service_error(own)
        if "error" in body:
            return ErrorBody(None, _text(body.get("error")), _text(body.get("requestId")))
    excerpt = " ".join(text.split())[:_EXCERPT_LENGTH]
    return ErrorBody(None, excerpt or None)


def _service_error(errors: list[Mapping[str, Any]]) -> ErrorBody:
    details = [_text(item.get("detail")) or _text(item.get("title")) for item in errors]
    first = errors[0]
    request_id = first.get("request_id") or first.get("global_request_id")
    return ErrorBody(
        _text(first.get("code")),
        "; ".join(detail for detail in details if detail) or None,
        _text(request_id),
        from_service="code" in first or "detail" in first,
    )


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
