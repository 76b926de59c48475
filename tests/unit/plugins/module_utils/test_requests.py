# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _requests
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    InvalidInput,
    NotReached,
    OperationFailed,
    Refused,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import FakeClock, FakeHttp, problems_of


class Requests(FakeHttp):
    """Answers each request with its own words, the last for ever."""

    def __init__(self, clock: FakeClock, **words: list[Any]) -> None:
        super().__init__({}, clock)
        self.words = {key.replace("_", "-"): list(value) for key, value in words.items()}

    def read(self, call: Any) -> Any:
        request_id = call.path.rsplit("/", 1)[-1]
        self.calls.append(call)
        words = self.words[request_id]
        word = words.pop(0) if len(words) > 1 else words[0]
        if isinstance(word, Exception):
            raise word
        return {"request_id": request_id, "state": word}


def info(
    wait: bool = False,
    wait_timeout: int = 600,
    ids: list[str] | None = None,
    concurrency: int = 1,
    **words: list[Any],
) -> Any:
    clock = FakeClock()
    http = Requests(clock, **words)
    request_ids = list(http.words) if ids is None else ids
    options = {"request_ids": request_ids, "wait": wait, "wait_timeout": wait_timeout, "concurrency": concurrency}
    task = Task(options, False, http, clock)
    try:
        return _requests.info(task), http, clock
    except ScpError as error:
        return error, http, clock


@pytest.mark.parametrize("wait", [True, False])
def test_no_requests_are_none_to_wait_for(wait: bool) -> None:
    """Where nothing was to do there is no request, nor in check mode."""
    outcome, http, clock = info(wait, ids=[])
    assert (outcome.values, http.calls, clock.slept) == ({"requests": []}, [], [])


def test_states_are_shown_in_the_order_asked_for() -> None:
    outcome, http, clock = info(req_2=["ZZZ"], req_1=["FAILED"])
    assert outcome.result() == {
        "changed": False,
        "requests": [{"request_id": "req-2", "state": "ZZZ"}, {"request_id": "req-1", "state": "FAILED"}],
    }
    assert (len(http.calls), clock.slept) == (2, [])


@pytest.mark.parametrize("concurrency", [1, 2, 32])
def test_wait_ends_when_all_have_ended(concurrency: int) -> None:
    words = {"req_1": ["RUNNING", "DONE"], "req_2": ["RUNNING", "RUNNING", "COMPLETED"]}
    outcome, http, _clock = info(wait=True, concurrency=concurrency, **words)
    assert [request["state"] for request in outcome.values["requests"]] == ["DONE", "COMPLETED"]
    # A request that has ended is not asked for again.
    assert len(http.calls) == 5


@pytest.mark.parametrize("word", ["FAILED", "ERROR", "CANCELED"])
def test_wait_ends_when_one_has_failed(word: str) -> None:
    error, _http, _clock = info(wait=True, req_1=["RUNNING"], req_2=["RUNNING", word])
    assert isinstance(error, OperationFailed)
    assert f"req-2 is {word}" in error.msg
    assert error.result()["requests"] == [
        {"request_id": "req-1", "state": "RUNNING"},
        {"request_id": "req-2", "state": word},
    ]
    assert error.request_id == "req-2"


def test_wait_ends_when_the_budget_is_spent() -> None:
    error, _http, clock = info(wait=True, wait_timeout=60, req_1=["COMPLETED"], req_2=["RUNNING"])
    assert isinstance(error, WaitTimeout)
    assert error.msg.startswith("Waited 60 seconds (wait_timeout) for requests that have not ended: req-2 is RUNNING.")
    assert sum(clock.slept) == pytest.approx(60)
    assert len(error.result()["requests"]) == 2


def test_number_of_unfinished_requests_is_told() -> None:
    clock = FakeClock()
    http = Requests(clock, req_1=["RUNNING"] * 8 + ["DONE"], req_2=["RUNNING"])
    told: list[Progress] = []
    params = {"request_ids": ["req-1", "req-2"], "wait": True, "wait_timeout": 20, "concurrency": 2}
    with pytest.raises(WaitTimeout):
        _requests.info(Task(params, False, http, clock, told.append))
    assert [str(progress) for progress in told] == [
        "Requests: 2 of 2 unfinished, 5 s so far, 15 s left",
        "Requests: 1 of 2 unfinished, 12 s so far, 8 s left",
    ]


GATEWAY = ApiError("x", status=404)


@pytest.mark.parametrize("error", [ApiError("x", status=503), AnswerLost("x"), NotReached("x"), GATEWAY])
def test_poll_that_fails_is_no_failure(error: ScpError) -> None:
    outcome, _http, _clock = info(wait=True, req_1=["RUNNING", *[error] * 5, "COMPLETED"])
    assert outcome.values["requests"] == [{"request_id": "req-1", "state": "COMPLETED"}]


@pytest.mark.parametrize("words", [[ApiError("x", status=401)], ["RUNNING", ApiError("x", status=401)]])
def test_poll_that_can_not_get_better_is_a_failure(words: list[Any]) -> None:
    error, _http, _clock = info(wait=True, req_1=words)
    assert error.status == 401


@pytest.mark.parametrize("status", [400, 404])
def test_unknown_request_is_told(status: int) -> None:
    failure = ApiError("x", status=status, code="C", detail="D", method="GET", path="/v1/requests/req-1")
    failure.from_service = True
    error, _http, _clock = info(req_1=[failure])
    assert isinstance(error, Refused)
    assert error.what == "There is no request with the id req-1."
    assert error.result()["error"] == {
        "status": status,
        "code": "C",
        "detail": "D",
        "request_id": "req-1",
        "method": "GET",
        "path": "/v1/requests/req-1",
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"ids": ["a b"]}, [("request_ids[]", "a b")]),
        ({"wait_timeout": 0}, [("wait_timeout", 0)]),
        ({"concurrency": 0}, [("concurrency", 0)]),
        ({"concurrency": 33}, [("concurrency", 33)]),
    ],
)
def test_bad_options_are_refused_before_anything_is_read(options: dict[str, Any], expected: list[Any]) -> None:
    error, http, _clock = info(**options, req_1=["DONE"])
    assert isinstance(error, InvalidInput)
    assert problems_of(error) == expected
    assert http.calls == []
