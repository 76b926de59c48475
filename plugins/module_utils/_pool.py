# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several calls at a time for one answer: all of it or none."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call, Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Abandoned, Http

Item = TypeVar("Item")
Made = TypeVar("Made")


class Pool:
    """Up to ``concurrency`` threads. After a failure or an interruption it begins nothing more."""

    def __init__(self, concurrency: int, stopped: threading.Event | None = None) -> None:
        self.concurrency = concurrency
        self._stopped = stopped or threading.Event()

    def share(self, parts: int) -> Pool:
        """Return a pool for one of so many parts of this pool's work; the failure of one ends all."""
        return Pool(max(1, self.concurrency // parts), self._stopped)

    def reader(self, http: Http) -> Reader:
        """Return what the work of this pool reads with, from the endpoint of ``http``."""
        return Reader(http, self._stopped)

    def map(
        self, work: Callable[[Item], Made], items: Iterable[Item], name: Callable[[Item], str] | None = None
    ) -> list[Made]:
        """Return what the work makes of each item, in their order.

        Raises the failure of the first item that failed. With ``name`` a :class:`ScpError` says which items did.
        """
        numbered = dict(enumerate(items))
        left = deque(numbered)
        made: dict[int, Made] = {}
        failures: dict[int, BaseException] = {}

        def go_on() -> None:
            while not self._stopped.is_set():
                try:
                    number = left.popleft()
                except IndexError:
                    return
                try:
                    made[number] = work(numbered[number])
                except Abandoned:
                    return
                except BaseException as failure:  # noqa: BLE001
                    failures[number] = failure
                    self._stopped.set()

        self._run(go_on, min(self.concurrency, len(numbered)))
        if failures:
            raise _told([(numbered[number], failures[number]) for number in sorted(failures)], name)
        if len(made) < len(numbered):
            raise Abandoned
        return [made[number] for number in numbered]

    def _run(self, go_on: Callable[[], None], threads: int) -> None:
        if threads <= 1:
            go_on()
            return
        with ThreadPoolExecutor(threads) as executor:
            try:
                wait([executor.submit(go_on) for _thread in range(threads)])
            except BaseException:
                self._stopped.set()
                raise


def _told(failed: Sequence[tuple[Item, BaseException]], name: Callable[[Item], str] | None) -> BaseException:
    """Return the first failure, with the names of what failed."""
    (item, failure), *others = failed
    if name and isinstance(failure, ScpError):
        failure.what = f"{name(item)}: {failure.what}"
        if others:
            also = f"Failed as well: {'; '.join(name(other) for other, _failure in others)}."
            failure.todo = f"{failure.todo} {also}".strip()
    return failure


class Reader:
    """Reads for any thread; each call has an ``Http`` to itself, and so a connection that is kept for later ones."""

    def __init__(self, http: Http, stopped: threading.Event) -> None:
        self._http = http
        self._stopped = stopped
        self._idle = deque([http.sibling(stopped, with_connections=True)])

    def read(self, call: Call) -> Json:
        """Do as :meth:`Http.read`."""
        with self._own() as http:
            return http.read(call)

    def pause(self, seconds: float) -> None:
        """Do as :meth:`Http.pause`."""
        with self._own() as http:
            http.pause(seconds)

    @contextmanager
    def _own(self) -> Iterator[Http]:
        try:
            http = self._idle.pop()
        except IndexError:
            http = self._http.sibling(self._stopped)
        try:
            yield http
        finally:
            self._idle.append(http)
