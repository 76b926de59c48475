# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    ApiError,
    ErrorBody,
    InvalidInput,
    Problem,
    ScpError,
    decode_error_body,
)

EMPTY: dict[str, Any] = dict.fromkeys(("status", "code", "detail", "request_id", "method", "path"))


def service(**entry: Any) -> dict[str, Any]:
    """Return the service's error body with one error."""
    return {"errors": [{"code": "Dbaas.X", "title": "Title", "request_id": "req-1", **entry}]}


@pytest.mark.parametrize(
    ("body", "text", "expected"),
    [
        pytest.param(
            service(detail="Why."),
            "",
            ErrorBody("Dbaas.X", "Why.", "req-1", from_service=True),
            id="detail is a string",
        ),
        pytest.param(
            service(detail=["a", "b"]),
            "",
            ErrorBody("Dbaas.X", "a, b", "req-1", from_service=True),
            id="detail is a list",
        ),
        pytest.param(
            service(detail=[]), "", ErrorBody("Dbaas.X", "Title", "req-1", from_service=True), id="empty list: title"
        ),
        pytest.param(
            service(detail=None), "", ErrorBody("Dbaas.X", "Title", "req-1", from_service=True), id="no detail: title"
        ),
        pytest.param(
            service(detail=None, title=None), "", ErrorBody("Dbaas.X", None, "req-1", from_service=True), id="neither"
        ),
        pytest.param(
            service(detail="Why.", request_id=None, global_request_id="g-1"),
            "",
            ErrorBody("Dbaas.X", "Why.", "g-1", from_service=True),
            id="global request id",
        ),
        pytest.param(
            {
                "errors": [
                    {
                        "code": "ValidationError",
                        "title": "ValidationError",
                        "detail": ["value_error", "Field required"],
                    },
                    {"code": "Other", "detail": "And this."},
                ]
            },
            "",
            ErrorBody("ValidationError", "value_error, Field required; And this.", None, from_service=True),
            id="validation, several errors",
        ),
        pytest.param(
            {"timestamp": "t", "path": "/v1/clusters", "status": 404, "error": "Not Found", "requestId": "gw-1"},
            "",
            ErrorBody(None, "Not Found", "gw-1"),
            id="gateway",
        ),
        pytest.param({"errors": []}, '{"errors": []}', ErrorBody(None, '{"errors": []}', None), id="no errors"),
        pytest.param({"errors": "x"}, "raw", ErrorBody(None, "raw", None), id="errors is no list"),
        pytest.param({"errors": ["x"]}, "raw", ErrorBody(None, "raw", None), id="errors are no objects"),
        pytest.param(
            {"errors": ["x", {"detail": "y"}]}, "", ErrorBody(None, "y", None, from_service=True), id="one is an object"
        ),
        pytest.param(
            {"detail": [{"loc": ["body"], "msg": "Field required"}]},
            "Field required",
            ErrorBody(None, "Field required", None),
            id="validation model",
        ),
        pytest.param(
            None, "<html>\n <b>502</b>\n</html>", ErrorBody(None, "<html> <b>502</b> </html>", None), id="HTML"
        ),
        pytest.param(None, "x" * 1000, ErrorBody(None, "x" * 300, None), id="long text is cut"),
        pytest.param(None, " \n", ErrorBody(None, None, None), id="nothing"),
        pytest.param(["x"], "raw", ErrorBody(None, "raw", None), id="JSON list"),
    ],
)
def test_error_body(body: object, text: str, expected: ErrorBody) -> None:
    assert decode_error_body(body, text) == expected


def test_result_is_complete() -> None:
    error = ApiError(
        "What.",
        now="Now.",
        todo="Next.",
        status=400,
        code="C",
        detail="D",
        request_id="req-1",
        method="POST",
        path="/v1/clusters",
    )
    error.facts["cluster_id"] = "c1"

    assert error.result() == {
        "msg": "What. Now. Next.",
        "error": {
            "status": 400,
            "code": "C",
            "detail": "D",
            "request_id": "req-1",
            "method": "POST",
            "path": "/v1/clusters",
        },
        "cluster_id": "c1",
    }


def test_result_has_every_key_even_without_an_answer() -> None:
    assert ScpError("What.").result() == {"msg": "What.", "error": EMPTY}


def test_facts_are_not_shared() -> None:
    ScpError("a").facts["x"] = 1
    assert ScpError("b").facts == {}


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(Problem("name", "must be short", "loooong"), "name is 'loooong', but must be short", id="text"),
        pytest.param(Problem("size_gb", "must be 16", 15), "size_gb is 15, but must be 16", id="number"),
        pytest.param(Problem("ha_enabled", "must be true", False), "ha_enabled is False, but must be true", id="false"),
        pytest.param(Problem("name", "is required"), "name is required", id="missing or secret"),
        pytest.param(Problem("name", "must not be empty", ""), "name is '', but must not be empty", id="empty"),
    ],
)
def test_problem_names_option_value_and_rule(problem: Problem, expected: str) -> None:
    assert str(problem) == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (None, "Invalid options: a is required; b is 1, but must be 2. Nothing was changed."),
        ("No way", "No way: a is required; b is 1, but must be 2. Nothing was changed."),
    ],
)
def test_invalid_input_tells_every_problem(what: str | None, expected: str) -> None:
    problems = iter([Problem("a", "is required"), Problem("b", "must be 2", 1)])

    error = InvalidInput(problems, *([what] if what else []))

    assert error.msg == str(error) == expected
    assert len(error.problems) == 2
