# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _pool
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ApiError, ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Abandoned
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool

CALL = Call("Show Cluster", "GET", "/v1/clusters/c1")


@pytest.mark.parametrize("concurrency", [1, 2, 8, 32])
@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_order_is_that_of_the_items(length: int, concurrency: int) -> None:
    assert Pool(concurrency).map(lambda number: number * 10, range(length)) == [n * 10 for n in range(length)]


@pytest.mark.parametrize("concurrency", [2, 3, 5])
def test_as_many_threads_as_allowed(concurrency: int) -> None:
    together = threading.Barrier(concurrency, timeout=10)
    workers: set[int] = set()

    def work(_item: int) -> None:
        workers.add(threading.get_ident())
        together.wait()

    Pool(concurrency).map(work, range(concurrency * 3))
    assert len(workers) == concurrency


@pytest.mark.parametrize(("concurrency", "items"), [(1, 5), (8, 1)])
def test_what_needs_no_thread_has_none(concurrency: int, items: int) -> None:
    workers = Pool(concurrency).map(lambda _item: threading.get_ident(), range(items))
    assert set(workers) == {threading.get_ident()}


@pytest.mark.parametrize(("concurrency", "parts", "each"), [(8, 1, 8), (8, 2, 4), (8, 3, 2), (2, 3, 1)])
def test_share(concurrency: int, parts: int, each: int) -> None:
    assert Pool(concurrency).share(parts).concurrency == each


def test_nothing_is_begun_after_a_failure() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 1:
            raise ApiError("No.", status=500)

    with pytest.raises(ApiError) as caught:
        Pool(1).map(work, range(9))
    assert (begun, caught.value.msg, caught.value.status) == ([0, 1], "No.", 500)


def test_failures_are_named_and_the_first_in_the_list_is_told_in_full() -> None:
    together = threading.Barrier(3, timeout=10)

    def work(item: str) -> None:
        together.wait()
        if item != "b":
            raise ApiError(f"{item} is wrong.", now="Nothing was changed.", todo="Ask.", status=500, path=f"/{item}")

    with pytest.raises(ApiError) as caught:
        Pool(3).map(work, "abc", lambda item: f"Cluster {item}")
    assert caught.value.msg == "Cluster a: a is wrong. Nothing was changed. Ask. Failed as well: Cluster c."
    assert (caught.value.status, caught.value.path) == (500, "/a")


@pytest.mark.parametrize("concurrency", [1, 2])
def test_what_is_no_failure_of_scp_is_passed_on(concurrency: int) -> None:
    def work(item: int) -> int:
        return 1 // item

    with pytest.raises(ZeroDivisionError):
        Pool(concurrency).map(work, [1, 0, 1], str)


def test_failure_of_a_share_ends_the_others() -> None:
    """The second part begins its second item only after the first part has failed."""
    pool = Pool(2)
    share = pool.share(2)
    failed = threading.Event()
    together = threading.Barrier(2, timeout=10)
    begun: list[str] = []

    def step(name: str) -> None:
        begun.append(name)
        together.wait()
        if name == "a1":
            failed.set()
            raise ApiError("No.")
        assert failed.wait(10)
        assert share._stopped.wait(10)

    with pytest.raises(ScpError, match=r"^part 1: No\.$"):
        pool.map(lambda part: share.map(step, part), [["a1", "a2"], ["b1", "b2"]], lambda part: f"part {part[0][1]}")
    assert sorted(begun) == ["a1", "b1"]


def test_interruption_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    interrupted = threading.Event()

    def interrupt(_futures: Any) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    pool = Pool(2)

    def work(item: int) -> None:
        begun.append(item)
        assert interrupted.wait(10)
        assert pool._stopped.wait(10)

    monkeypatch.setattr(_pool, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pool.map(work, range(9))
    assert set(begun) <= {0, 1}


class Line:
    """An Http that notes who uses it, and that nobody else does meanwhile."""

    def __init__(self, lines: list[Line], stopped: threading.Event | None = None) -> None:
        lines.append(self)
        self.lines = lines
        self.stopped = stopped
        self.busy = threading.Lock()
        self.before: threading.Barrier | None = None
        self.has_connections_of_first = False

    def sibling(self, stopped: threading.Event, with_connections: bool = False) -> Line:
        line = Line(self.lines, stopped)
        line.before = self.before
        line.has_connections_of_first = with_connections
        return line

    def read(self, _call: Call) -> dict[str, Any]:
        assert self.busy.acquire(blocking=False), "an Http is not for several threads"
        try:
            if self.before:
                self.before.wait()
            if self.stopped and self.stopped.is_set():
                raise Abandoned
            return {}
        finally:
            self.busy.release()


def test_each_call_has_an_http_to_itself_and_connections_are_kept() -> None:
    lines: list[Line] = []
    first = Line(lines)
    first.before = threading.Barrier(4, timeout=10)
    pool = Pool(4)
    reader: Any = pool.reader(first)  # type: ignore[arg-type]
    for _round in range(3):
        pool.map(lambda _item: reader.read(CALL), range(8))
    # The first is the caller's, and stays so; one of the others goes on with its connections.
    assert len(lines) == 1 + 4
    assert [line.has_connections_of_first for line in lines] == [False, True, False, False, False]


def test_calls_that_wait_are_abandoned_after_a_failure() -> None:
    """Work that is under way is no failure of its own when it ends because of another one."""
    lines: list[Line] = []
    pool = Pool(2)
    reader: Any = pool.reader(Line(lines))  # type: ignore[arg-type]

    def work(item: int) -> None:
        if item == 0:
            raise ApiError("No.")
        assert pool._stopped.wait(10)
        reader.read(CALL)

    with pytest.raises(ApiError, match=r"^0: No\.$"):
        pool.map(work, range(2), str)
