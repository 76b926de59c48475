# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services that peers talk to, each a process on loopback that ends with the benchmark: python -m bench.servers."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.canned import Canned
from simulator.server import listen, serve

LOOPBACK = "127.0.0.1"
LOCATION = {
    "id": 1,
    "name": "fsn1",
    "description": "Falkenstein DC Park 1",
    "country": "DE",
    "city": "Falkenstein",
    "latitude": 50.47612,
    "longitude": 12.370071,
    "network_zone": "eu-central",
}
VOLUME = {
    "id": 1,
    "name": "orders",
    "size": 200,
    "created": "2026-01-01T00:00:00+00:00",
    "format": "ext4",
    "labels": {},
    "linux_device": "/dev/disk/by-id/scsi-0HC_Volume_1",
    "location": LOCATION,
    "protection": {"delete": False},
    "server": None,
    "status": "available",
}
PAGINATION = {"page": 1, "per_page": 50, "previous_page": None, "next_page": None, "last_page": 1, "total_entries": 1}


@contextmanager
def running(*words: str) -> Iterator[str]:
    """Run a server, yield its endpoint, and end it."""
    command = [sys.executable, "-m", "bench.servers", *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def announce(port: int) -> None:
    print(json.dumps(f"http://{LOOPBACK}:{port}"), flush=True)


def serve_volumes() -> None:
    """Answer as Hetzner's cloud about the one volume that is there."""

    async def volumes(request: Request) -> JSONResponse:
        named = [VOLUME] if request.query_params.get("name") in (None, VOLUME["name"]) else []
        return JSONResponse({"volumes": named, "meta": {"pagination": PAGINATION}})

    listener = listen(LOOPBACK, 0)
    port = listener.getsockname()[1]
    serve(Starlette(routes=[Route("/v1/volumes", volumes)]), [listener], lambda: announce(port), stop_with_stdin=True)


def serve_aws() -> None:
    """Answer as AWS."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(LOOPBACK, 0, verbose=False)
    server.start()
    announce(server.get_host_and_port()[1])
    while os.read(0, 1024):
        pass


def serve_canned(count: str, latency: str) -> None:
    """Answer with the details of so many clusters, each answer so many seconds after its call."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        canned = Canned(int(count), float(latency))
        server = await loop.create_server(canned.connection, LOOPBACK, 0, backlog=1024)
        announce(server.sockets[0].getsockname()[1])
        await loop.run_in_executor(None, sys.stdin.read)

    asyncio.run(run())


SERVERS: dict[str, Callable[..., None]] = {"volumes": serve_volumes, "aws": serve_aws, "canned": serve_canned}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    SERVERS[name](*arguments)
