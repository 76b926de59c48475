# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One way to read all clusters in a process of its own: python -m bench.readers, prints what that cost as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRETS = {"access_key": "benchmark", "secret_key": "benchmark"}
PAGE = 100
Reader = Callable[[str, int, int], None]


def read_core(endpoint: str, count: int, concurrency: int) -> None:
    """Read with the core, as the inventory plugin does."""
    from ansible_collections.samsungcloud.scp.plugins.module_utils import _fleet  # noqa: PLC0415
    from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config  # noqa: PLC0415

    region = _fleet.Region("", Config(SECRETS["access_key"], SECRETS["secret_key"], endpoint))
    check(len(_fleet.complete(_fleet.read([region], {}, concurrency, print), concurrency)), count)


def read_module(endpoint: str, count: int, concurrency: int) -> None:
    """Run mariadb_cluster_info as Ansible does, and count what it prints."""
    from ansible.module_utils.testing import patch_module_args  # noqa: PLC0415

    from ansible_collections.samsungcloud.scp.plugins.modules import mariadb_cluster_info  # noqa: PLC0415

    options = {**SECRETS, "endpoint": endpoint, "details": True, "concurrency": concurrency}
    # Where the module does not know the option yet, it reads one cluster after the other.
    output = Counter()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit), patch_module_args(options):
        mariadb_cluster_info.main()
    check(output.clusters, count)


class Counter:
    """A file that keeps nothing but a count, so that the output takes no memory here as it takes none in a pipe."""

    clusters = 0

    def write(self, text: str) -> int:
        self.clusters += text.count('"instance_groups":')
        return len(text)

    def flush(self) -> None:
        pass


def read_sdk(endpoint: str, count: int, _concurrency: int) -> None:
    """Read with scpv2-sdk, one cluster after the other: it has nothing for several at once."""
    import scpv2  # noqa: PLC0415

    class Session(scpv2.Session):  # type: ignore[misc]
        def endpoint_for(self, _api_name: str) -> str:
            return endpoint

    client = Session(**SECRETS).client("mariadb_cluster")
    # Its own paginator fails at a page that is empty.
    pages = (client.list_clusters(size=PAGE, page=page)["contents"] for page in range(-(-count // PAGE)))
    check(len([client.show_cluster(cluster_id=cluster["id"]) for page in pages for cluster in page]), count)


def read_bare(endpoint: str, count: int, concurrency: int) -> None:
    """Send the calls and throw the answers away, to see what the server can do."""
    address = urlsplit(endpoint)
    numbers = iter(range(count))

    async def conversation() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for number in numbers:
            writer.write(f"GET /v1/clusters/{number:032x} HTTP/1.1\r\nhost: {address.netloc}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.rpartition(b"content-length: ")[2]))
        writer.close()

    async def all_conversations() -> None:
        await asyncio.gather(*(conversation() for _number in range(concurrency)))

    asyncio.run(all_conversations())


def check(read: int, count: int) -> None:
    """Raises :class:`RuntimeError` when not all clusters were read, so that the figures say nothing."""
    if read != count:
        raise RuntimeError(f"{read} of {count} clusters were read")


def peak_memory() -> int:
    """Return the bytes that this process had at its largest; the system's account of children includes their parent."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


READERS: dict[str, Reader] = {"core": read_core, "module": read_module, "sdk": read_sdk, "bare": read_bare}


def main(way: str, endpoint: str, count: str, concurrency: str) -> None:
    started = time.monotonic()
    READERS[way](endpoint, int(count), int(concurrency))
    cost: dict[str, Any] = {
        "seconds": time.monotonic() - started,
        "processor_seconds": sum(os.times()[:2]),
        "memory": peak_memory(),
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main(*sys.argv[1:])
