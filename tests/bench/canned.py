# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least server that answers reads of clusters: prepared bodies after a fixed time, and nothing is verified.

What the simulator checks costs it several times what a call costs the client, so that reading a fleet from it would
measure the simulator. The bodies are those that it would send.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from harness.seeds import ORDERS_SHOWN
from simulator.contract import load_api
from simulator.seeding import Seeds
from simulator.simulation import Simulation

Json = dict[str, Any]

CLUSTERS = "/v1/clusters"
LARGEST_PAGE = 100


class Canned:
    """The answers about ``count`` clusters, ``latency`` seconds after each call."""

    def __init__(self, count: int, latency: float) -> None:
        self.latency = latency
        self._count = count
        self._calls = 0
        self._detail, self._brief = _shown()

    def connection(self) -> asyncio.Protocol:
        return _Connection(self)

    def answer(self, target: str) -> bytes:
        """Return the answer to a GET; that to ``/calls`` tells how many there were since it was last asked for."""
        url = urlsplit(target)
        if url.path == "/calls":
            calls, self._calls = self._calls, 0
            return _response({"calls": calls})
        self._calls += 1
        if url.path == CLUSTERS:
            return _response(self._page(parse_qs(url.query)))
        return _response({**self._detail, **_identity(int(url.path.rpartition("/")[2], 16))})

    def _page(self, query: dict[str, list[str]]) -> Json:
        size, page = (int(query.get(name, [default])[0]) for name, default in (("size", "20"), ("page", "0")))
        size = min(size, LARGEST_PAGE)
        numbers = range(page * size, min((page + 1) * size, self._count))
        contents = [{**self._brief, **_identity(number)} for number in numbers]
        return {
            "contents": contents or None,
            "count": self._count,
            "page": page,
            "size": size,
            "sort": ["created_at:asc"],
        }


class _Connection(asyncio.Protocol):
    def __init__(self, canned: Canned) -> None:
        self._canned = canned
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        *heads, self._received = self._received.split(b"\r\n\r\n")
        for head in heads:
            answer = self._canned.answer(head.split(b" ", 2)[1].decode())
            asyncio.get_running_loop().call_later(self._canned.latency, self._transport.write, answer)


def _identity(number: int) -> Json:
    return {"id": f"{number:032x}", "name": f"orders{number}"}


def _response(body: Json) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


def _shown() -> tuple[Json, Json]:
    """Return the detail of a cluster, and the cluster as lists show it."""
    cluster = Seeds(Simulation().cloud).add(ORDERS_SHOWN)
    contract = load_api("1.0")
    brief = contract.keep_known("RdbClusterResponse", cluster.detail)
    return (
        contract.keep_known("MariadbClusterDetailResponse", cluster.detail),
        {**brief, "database_name": cluster.init_config["database_name"]},
    )
