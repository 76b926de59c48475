# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bounds the time that a whole answer may take, from its first byte to its last.

The time-out of requests begins anew with every byte, so that a server that sends one now and then would keep a task
for ever, in the head of an answer as well as in its body. So the bound is where all bytes come from: the socket.

The socket also shows for certain whether a request went out, which no kind of exception does: the libraries have the
same ones for what breaks before and after that, and the words in them can be those of a server.
"""

from __future__ import annotations

import http.client
import io
import socket
from enum import Enum
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock

try:
    from requests.adapters import HTTPAdapter
except ImportError:
    # What is missing is said by _http.
    HTTPAdapter = object  # type: ignore[assignment, misc]

# A whole answer may take so many times as long as one silence of the server.
MOST_TIMEOUTS = 10


class _Stream(io.RawIOBase):
    """The bytes of one answer as the socket gives them, until the time is over."""

    def __init__(self, stream: io.RawIOBase, line: socket.socket, clock: Clock, timeout: float) -> None:
        super().__init__()
        self._stream = stream
        self._line = line
        self._clock = clock
        self._timeout = timeout
        self._end = clock.monotonic() + MOST_TIMEOUTS * timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - self._clock.monotonic()
        if left <= 0:
            raise OSError(f"the answer was not complete after {MOST_TIMEOUTS * self._timeout:g} seconds")
        self._line.settimeout(min(self._timeout, left))
        try:
            return self._stream.readinto(buffer)
        finally:
            self._line.settimeout(self._timeout)

    def close(self) -> None:
        self._stream.close()
        super().close()


def response_class(clock: Clock, timeout: float) -> type[http.client.HTTPResponse]:
    """Return the class of answers that end, or fail with OSError, after so many seconds on this clock."""

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            self.fp: io.BufferedReader = io.BufferedReader(_Stream(self.fp.detach(), sock, clock, timeout))

    return Response


class NotSent(Exception):
    """A request that failed before its first byte went to the server; the exception inside says why.

    ``connecting`` tells whether that was on the way to the server: at its name, the proxy or TLS.
    """

    def __init__(self, reason: Exception, connecting: bool) -> None:
        super().__init__(reason)
        self.connecting = connecting


class Stage(Enum):
    """How far a request has come."""

    PREPARED = 0
    CONNECTING = 1
    SENT = 2


class BoundedAdapter(HTTPAdapter):
    """Sends as requests does; ``timeout`` are the seconds that one call may wait for the server's next byte.

    It sends one request at a time, as a session of one thread does. Raises :class:`NotSent` where none went out.
    """

    def __init__(self, clock: Clock, timeout: float) -> None:
        self._response = response_class(clock, timeout)
        self._stage = Stage.PREPARED
        super().__init__()

    def send(self, request: Any, *arguments: Any, **options: Any) -> Any:
        self._stage = Stage.PREPARED
        try:
            return super().send(request, *arguments, **options)
        except Exception as error:
            if self._stage is Stage.SENT:
                raise
            raise NotSent(error, self._stage is Stage.CONNECTING) from error

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self._bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if is_new:
            self._bound(manager)
        return manager

    def _bound(self, manager: Any) -> None:
        """Let the connections of a pool manager make answers of our class."""
        manager.pool_classes_by_scheme = {
            scheme: self._pool(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
        }

    def _pool(self, pool: Any) -> type[Any]:
        adapter = self
        usual: Any = pool.ConnectionCls

        class Connection(usual):  # type: ignore[misc]
            response_class = adapter._response

            def connect(self) -> None:
                adapter._stage = Stage.CONNECTING
                try:
                    super().connect()
                finally:
                    # What went out meanwhile, if anything, was for a proxy.
                    adapter._stage = Stage.CONNECTING

            def send(self, data: Any) -> None:
                if self.sock is None and self.auto_open:
                    self.connect()
                adapter._stage = Stage.SENT
                super().send(data)

        return type("Pool", (pool,), {"ConnectionCls": Connection})
