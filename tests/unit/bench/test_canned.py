# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server of prepared answers: what it says about a fleet must be what the API would say."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bench.canned import Canned
from simulator.contract import load_api

Json = dict[str, Any]


def answered(canned: Canned, target: str) -> Json:
    head, _empty, body = canned.answer(target).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(body)}".encode() in head
    decoded: Json = json.loads(body)
    return decoded


def test_pages_hold_every_cluster_once() -> None:
    canned = Canned(250, 0)
    pages = [answered(canned, f"/v1/clusters?size=100&page={page}") for page in range(4)]
    ids = [cluster["id"] for page in pages for cluster in page["contents"] or []]
    assert len(ids) == len(set(ids)) == 250
    assert [len(page["contents"] or []) for page in pages] == [100, 100, 50, 0]
    assert pages[0]["count"] == 250


def test_details_are_those_of_the_cluster() -> None:
    canned = Canned(3, 0)
    listed = answered(canned, "/v1/clusters")["contents"][2]
    detail = answered(canned, f"/v1/clusters/{listed['id']}")
    assert (detail["id"], detail["name"]) == (listed["id"], listed["name"])


def test_answers_keep_the_contract() -> None:
    canned, contract = Canned(2, 0), load_api("1.0")
    listed = answered(canned, "/v1/clusters")
    contract.check_answer(contract.operations["list_clusters"], 200, listed)
    detail = answered(canned, f"/v1/clusters/{listed['contents'][0]['id']}")
    contract.check_answer(contract.operations["show_cluster"], 200, detail)


def test_calls_are_counted_from_the_last_time_on() -> None:
    canned = Canned(1, 0)
    canned.answer("/v1/clusters")
    canned.answer(f"/v1/clusters/{0:032x}")
    assert answered(canned, "/calls") == {"calls": 2}
    assert answered(canned, "/calls") == {"calls": 0}


def test_calls_in_pieces_and_several_at_once() -> None:
    request = f"GET /v1/clusters/{0:032x} HTTP/1.1\r\nhost: x\r\n\r\n".encode()

    async def converse() -> int:
        canned = Canned(1, 0)
        server = await asyncio.get_running_loop().create_server(canned.connection, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for pieces, answers in ([request[:30], request[30:]], 1), ([request + request], 2):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            for _answer in range(answers):
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.rpartition(b"content-length: ")[2]))
        writer.close()
        await writer.wait_closed()
        server.close()
        return int(json.loads(canned.answer("/calls").partition(b"\r\n\r\n")[2])["calls"])

    assert asyncio.run(converse()) == 3
