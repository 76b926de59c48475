# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers and how they get to the client, or do not."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ConnectionDropped(Exception):
    """Stands for a dropped connection where there is none to drop (in-process tests)."""


@dataclass
class Answer:
    """An answer on its way out. `drops` closes the connection: before the answer, or in the middle of its body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    drops: bool = False
    hangs_for: float = 0.0

    @property
    def is_sent(self) -> bool:
        return self.body != b"" or not self.drops


def json_answer(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})


async def deliver(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    if answer.hangs_for:
        await _wait_unless_client_leaves(receive, answer.hangs_for)
    if answer.is_sent:
        await _send(answer, send)
    if answer.drops:
        await _drop(scope, receive, resets=not answer.is_sent)


async def _send(answer: Answer, send: Send) -> None:
    headers = {**answer.headers, "content-length": str(len(answer.body))}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    sent = answer.body[: len(answer.body) // 2] if answer.drops else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": sent, "more_body": answer.drops})


async def _drop(scope: Scope, receive: Receive, resets: bool) -> None:
    transport = scope.get("state", {}).get("transport")
    if transport is None:
        raise ConnectionDropped
    if transport.is_closing():
        return
    if resets:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        transport.abort()
    else:
        transport.close()
    await _until_client_left(receive)


async def _wait_unless_client_leaves(receive: Receive, seconds: float) -> None:
    leaving = asyncio.ensure_future(_until_client_left(receive))
    await asyncio.wait({leaving}, timeout=seconds)
    leaving.cancel()


async def _until_client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
