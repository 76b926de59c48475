# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer that never ends, on real sockets; time passes with every look at the clock."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import MOST_TIMEOUTS, response_class
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import AnswerLost
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import FakeClock, a_config

READ = _api.list_engine_version_properties("e1")
WRITE = _api.restart_cluster("c1")
TIMEOUT = 20.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# What comes at first, and then again and again.
DRIPS = {
    "in the status": (b"HTTP/1.1 200 O", b"O"),
    "in a header": (HEAD + b"X-Odd: ", b"x"),
    "in a body of known length": (HEAD + b"Content-Length: 30000000\r\n\r\n{", b" "),
    "in a body without an end": (HEAD + b"Connection: close\r\n\r\n{", b" "),
    "between two chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "within a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1ffffff\r\n{", b" "),
}


class HurriedClock(FakeClock):
    """So many seconds pass between one look and the next."""

    def __init__(self, step: float) -> None:
        super().__init__()
        self.step = step

    def monotonic(self) -> float:
        self.now += self.step
        return self.now


@contextmanager
def dripping(first: bytes, then: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes requests, which it notes, and answers without an end."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            # It ends as its client hangs up, or the listening socket is closed.
            with suppress(OSError):
                while True:
                    connection = listening.accept()[0]
                    with connection, suppress(OSError):
                        requests.append(connection.recv(65536))
                        connection.sendall(first)
                        while True:
                            connection.sendall(then)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", requests
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("through_proxy", [False, True], ids=["direct", "through a proxy"])
@pytest.mark.parametrize(("call", "attempts"), [(READ, 2), (WRITE, 1)], ids=["read", "write"])
@pytest.mark.parametrize("drip", DRIPS)
def test_answer_without_an_end(
    drip: str, call: _api.Call, attempts: int, through_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    clock = HurriedClock(MOST_TIMEOUTS * TIMEOUT / 3)
    with dripping(*DRIPS[drip]) as (address, requests):
        if through_proxy:
            monkeypatch.setenv("http_proxy", address)
        endpoint = "http://scp.test" if through_proxy else address
        http = Http(a_config(endpoint=endpoint, timeout=TIMEOUT, retries=1), clock)
        carry_out: Callable[[_api.Call], object] = http.read if call.is_read else http.write
        with pytest.raises(AnswerLost, match="the answer was not complete after 200 seconds") as caught:
            carry_out(call)
    assert ("Whether it was carried out is not known" in caught.value.msg) == (not call.is_read)
    assert len(requests) == attempts


def test_wait_for_a_part_is_no_longer_than_what_is_left() -> None:
    """Nor does it outlast the answer, for the connection is used again."""
    clock = HurriedClock(0)
    ours, theirs = socket.socketpair()
    waits: list[float | None] = []

    class Line(socket.socket):
        def settimeout(self, value: float | None) -> None:
            waits.append(value)
            super().settimeout(value)

    with theirs, Line(fileno=ours.detach()) as line, response_class(clock, TIMEOUT)(line) as response:
        theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{")
        response.begin()
        clock.now += MOST_TIMEOUTS * TIMEOUT - 7
        theirs.sendall(b"  }")
        assert response.read() == b"{  }"
    assert waits == [TIMEOUT, TIMEOUT, 7, TIMEOUT]
