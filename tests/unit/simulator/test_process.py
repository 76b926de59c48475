# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as its own process, over real connections."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.__main__ import parse
from simulator.server import listen
from simulator.signatures import Credentials, sign

TESTS = Path(__file__).parents[2]


class Running:
    def __init__(self, process: subprocess.Popen[str], announced: dict[str, str], tls: ssl.SSLContext | None) -> None:
        self.process = process
        self.announced = announced
        self.endpoint = announced["endpoint"]
        self.credentials = Credentials(announced["access_key"], announced["secret_key"])
        self._tls = tls

    @contextmanager
    def connect(self, timeout: float = 5) -> Iterator[http.client.HTTPConnection]:
        address = urlsplit(self.endpoint)
        assert address.hostname
        if self._tls:
            secured = http.client.HTTPSConnection(address.hostname, address.port, timeout=timeout, context=self._tls)
            connection: http.client.HTTPConnection = secured
        else:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
        with closing(connection):
            yield connection

    def send(self, connection: http.client.HTTPConnection, method: str, path: str) -> http.client.HTTPResponse:
        timestamp = str(int(time.time() * 1000))
        headers = {
            "Scp-Accesskey": self.credentials.access_key,
            "Scp-Signature": sign(method, self.endpoint + path, timestamp, self.credentials),
            "Scp-Timestamp": timestamp,
            "Scp-ClientType": "Openapi",
        }
        connection.request(method, path, headers=headers)
        return connection.getresponse()

    def get(self, path: str) -> tuple[int, bytes]:
        with self.connect() as connection:
            response = self.send(connection, "GET", path)
            return response.status, response.read()

    def order(self, **fault: Any) -> None:
        with self.connect() as connection:
            connection.request("POST", "/_simulator/faults", json.dumps(fault))
            assert connection.getresponse().status == 200


@contextmanager
def running(*options: str, tls: ssl.SSLContext | None = None) -> Iterator[Running]:
    command = [sys.executable, "-m", "simulator", "--json", "--stop-with-stdin", *options]
    process = subprocess.Popen(
        command,
        cwd=TESTS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield Running(process, json.loads(process.stdout.readline()), tls)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running("--quiet", "--time-scale", "6000") as started:
        yield started


def test_it_announces_where_it_is(simulator: Running) -> None:
    endpoints = {"endpoint", "resource_manager_endpoint", "other_region_endpoint"}
    assert set(simulator.announced) == {*endpoints, "access_key", "secret_key", "region", "other_region"}
    assert len({simulator.announced[name] for name in endpoints}) == 3
    assert simulator.endpoint.startswith("http://127.0.0.1:")
    assert simulator.get("/v1/clusters")[0] == 200


def test_a_reset_is_a_reset(simulator: Running) -> None:
    simulator.order(kind="reset")
    with pytest.raises(ConnectionResetError):
        simulator.get("/v1/clusters")


def test_a_hanging_call_ends_without_an_answer(simulator: Running) -> None:
    simulator.order(kind="hang", seconds=0.1)
    with pytest.raises(ConnectionError):
        simulator.get("/v1/clusters")
    simulator.order(kind="hang", seconds=30)
    with simulator.connect(timeout=0.2) as connection, pytest.raises(socket.timeout):
        simulator.send(connection, "GET", "/v1/clusters")


def test_a_truncated_answer_stops_in_the_middle(simulator: Running) -> None:
    simulator.order(kind="truncated")
    with pytest.raises(http.client.IncompleteRead) as caught:
        simulator.get("/v1/clusters")
    assert caught.value.partial


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with closing(listen("127.0.0.1", 0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def check_quick_stop(simulator: Running, number: signal.Signals) -> None:
    """Stop it while one connection is idle and another one waits for an answer."""
    with simulator.connect() as idle, simulator.connect(timeout=0.3) as hanging:
        simulator.send(idle, "GET", "/v1/clusters").read()
        simulator.order(kind="hang", seconds=60)
        with pytest.raises(socket.timeout):
            simulator.send(hanging, "GET", "/v1/clusters")
        started = time.monotonic()
        os.kill(simulator.process.pid, number)
        assert simulator.process.wait(timeout=5) == 0
        assert time.monotonic() - started < 3
        assert simulator.process.stderr
        assert simulator.process.stderr.read() == ""


def test_it_stops_at_once_in_spite_of_open_connections() -> None:
    with running("--quiet") as simulator:
        check_quick_stop(simulator, signal.SIGINT)


def test_it_stops_with_its_standard_input_and_logs_no_secret() -> None:
    with running("--secret-key", "unsafe-key", "--versions", "1.0,1.1") as simulator:
        assert b"is_kernel" not in simulator.get("/v1/clusters")[1]
        assert simulator.process.stdin
        assert simulator.process.stderr
        simulator.process.stdin.close()
        assert simulator.process.wait(timeout=5) == 0
        log = simulator.process.stderr.read()
        assert log == "GET /v1/clusters 200 List Clusters\n"
        simulator.process.stdin = None


def test_https(tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    files = ("--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    with running("--quiet", *files, tls=context) as simulator:
        assert simulator.endpoint.startswith("https://127.0.0.1:")
        assert simulator.get("/v1/clusters")[0] == 200
        simulator.order(kind="reset")
        with pytest.raises(ConnectionError):
            simulator.get("/v1/clusters")
        check_quick_stop(simulator, signal.SIGTERM)


@pytest.mark.parametrize(
    "option", ["--host=192.0.2.1", "--host=example.com", "--host=::", "--versions=new", "--time-scale=0"]
)
def test_options_it_does_not_take(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([option])
    assert option.split("=", maxsplit=1)[0] in capsys.readouterr().err
