# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Eight threads at one endpoint that limits the rate of calls, on a clock that passes while all of them sleep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ApiError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import Answer, FakeTransport, a_config

THREADS = 8
LATENCY = 0.02
READ = _api.list_server_types()
LIST = Answer(200, {"contents": []})


class SharedTime(Clock):
    """Time for a number of threads, which passes when all of them sleep."""

    def __init__(self) -> None:
        self._awake = THREADS
        self._now = 1000.0
        self._alarms: list[float] = []
        self._changed = threading.Condition()

    def monotonic(self) -> float:
        with self._changed:
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._changed:
            alarm = self._now + seconds
            self._alarms.append(alarm)
            self._fall_asleep()
            while alarm in self._alarms:
                assert self._changed.wait(10)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        self.sleep(seconds)
        return event.is_set()

    def jitter(self, seconds: float) -> float:
        return seconds

    def later(self, seconds: float) -> float:
        return seconds * 1.1

    def leave(self) -> None:
        with self._changed:
            self._fall_asleep()

    def _fall_asleep(self) -> None:
        self._awake -= 1
        if self._awake == 0 and self._alarms:
            self._now = min(self._alarms)
            waking = [alarm for alarm in self._alarms if alarm <= self._now]
            self._alarms = [alarm for alarm in self._alarms if alarm > self._now]
            self._awake = len(waking)
            self._changed.notify_all()


class Service(HTTPAdapter):
    """Answers each call after the latency, as ``rule`` says for the moment and the number of the call."""

    def __init__(self, time: SharedTime, rule: Callable[[float, int], Answer]) -> None:
        super().__init__()
        self.time = time
        self.rule = rule
        self.lock = threading.Lock()
        self.sent: list[float] = []
        self.told: list[tuple[float, float]] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        with self.lock:
            moment = self.time.monotonic()
            answer = self.rule(moment, len(self.sent))
            self.sent.append(moment)
        self.time.sleep(LATENCY)
        if answer.status == 429:
            self.told.append((self.time.monotonic(), float(answer.headers["Retry-After"])))
        return FakeTransport(answer).send(request, **options)


def throttled(seconds: int) -> Answer:
    return Answer(429, "", {"Retry-After": str(seconds)})


def read_by_all(rule: Callable[[float, int], Answer], calls: int, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Have each thread make so many reads, one after the other."""
    time = SharedTime()
    service = Service(time, rule)
    monkeypatch.setattr(requests.Session, "get_adapter", lambda _session, url: service)
    pool = Pool(THREADS)
    reader = pool.reader(Http(a_config(retries=4), time))

    def work(_thread: int) -> None:
        try:
            for _call in range(calls):
                reader.read(READ)
        finally:
            time.leave()

    try:
        pool.map(work, range(THREADS))
    finally:
        for moment, seconds in service.told:
            early = [sent for sent in service.sent if moment < sent < moment + seconds]
            assert not early, "sent while the service had asked for a pause"
    return service


def test_calls_of_all_threads_wait_when_one_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    service = read_by_all(lambda _now, number: throttled(5) if number == 20 else LIST, 10, monkeypatch)
    assert len(service.sent) == THREADS * 10 + 1
    [(told, pause)] = service.told
    first, *others = sorted(sent for sent in service.sent if sent > told)
    assert first >= told + pause
    assert all(sent > first + LATENCY / 2 for sent in others)


def test_the_one_that_was_told_first_finds_out_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight calls are under way; after that, one each time the pause is over, until the service takes calls again."""
    service = read_by_all(lambda now, _number: throttled(10) if now < 1030 else LIST, 1, monkeypatch)
    assert len(service.told) == THREADS + 2
    assert len(service.sent) == THREADS + 2 + THREADS
    [first, *others] = service.sent[THREADS + 2 :]
    assert all(sent > first + LATENCY for sent in others)


def test_refusals_that_do_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call is made as often as ``api_retries`` says; those that were under way with it are not made again."""
    services: list[Service] = []

    class Kept(Service):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            services.append(self)

    monkeypatch.setitem(globals(), "Service", Kept)
    with pytest.raises(ApiError, match="limits the rate") as caught:
        read_by_all(lambda _now, _number: throttled(10), 3, monkeypatch)
    assert caught.value.status == 429
    assert len(services[0].sent) == THREADS + 4


def test_limit_for_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 100 calls a second 1,600 calls take their time, and little more than 1,600 calls."""
    windows: dict[int, int] = {}

    def rule(now: float, _number: int) -> Answer:
        windows[int(now)] = windows.get(int(now), 0) + 1
        return LIST if windows[int(now)] <= 100 else throttled(1)

    service = read_by_all(rule, 200, monkeypatch)
    assert len(service.sent) - len(service.told) == 1600
    assert len(service.told) <= THREADS * 16


@pytest.mark.parametrize("seconds", [1.0, 60.0])
def test_nobody_comes_too_early_and_not_all_come_at_once(seconds: float) -> None:
    moments = {Clock().later(seconds) for _call in range(100)}
    assert all(seconds <= moment <= seconds * 1.2 for moment in moments)
    assert len(moments) > 10
