# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""python -m simulator"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import socket
import sys
from collections.abc import Sequence
from typing import Any

from .app import build_app
from .backups import DAY
from .contract import InvalidRequest, load_api, load_control, load_newest, load_resource_manager
from .server import listen, serve
from .settings import Settings
from .signatures import Credentials
from .simulation import DEFAULT_CREDENTIALS, Simulation
from .styles import STYLES


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    settings = Settings(time_scale=options.time_scale, stale_reads=options.stale_reads, versions=options.versions)
    settings.change(STYLES[options.style])
    settings.change(dict(options.set))
    credentials = Credentials(options.access_key, options.secret_key)
    on_call = (lambda line: None) if options.quiet else log
    simulation = Simulation(settings, credentials, on_call=on_call, seconds_behind=options.days_behind * DAY)
    warm_up(settings)
    wanted_ports = options.port, options.resource_manager_port, options.other_region_port
    listeners = [bound(options.host, port) for port in wanted_ports]
    scheme = "https" if options.tls_cert else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    ports = [listener.getsockname()[1] for listener in listeners]
    endpoint, resource_manager_endpoint, other_region_endpoint = (f"{scheme}://{host}:{port}" for port in ports)
    ready = {
        "endpoint": endpoint,
        "resource_manager_endpoint": resource_manager_endpoint,
        "region": settings.region,
        "other_region_endpoint": other_region_endpoint,
        "other_region": settings.other_region,
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
    }
    serve(
        build_app(simulation, *ports[1:]),
        listeners,
        on_ready=lambda: announce(ready, as_json=options.json),
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        stop_with_stdin=options.stop_with_stdin,
    )


def bound(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise SystemExit(f"cannot listen on port {port}: {error.strerror}") from error


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A simulator of the SCP MariaDB API.")
    parser.add_argument("--host", default="127.0.0.1", type=loopback, help="a loopback address")
    parser.add_argument("--port", default=0, type=int, help="0 (the default) takes a free one")
    parser.add_argument("--resource-manager-port", default=0, type=int, help="the same for the other service")
    parser.add_argument("--other-region-port", default=0, type=int, help="the same for the other region")
    parser.add_argument("--time-scale", default=600.0, type=positive, help="cloud seconds per second")
    parser.add_argument("--stale-reads", default=1, type=int, help="reads that show the old state after a change")
    parser.add_argument("--versions", default=["1.0"], type=versions, help="API versions to serve, for example 1.0,1.1")
    parser.add_argument(
        "--style", default="usual", choices=STYLES, help="how answers look where the contract leaves it open"
    )
    parser.add_argument(
        "--days-behind",
        default=0.0,
        type=days,
        help="let the cloud's time begin so many days ago: it runs ahead of ours",
    )
    parser.add_argument(
        "--set", default=[], action="append", type=setting, metavar="NAME=VALUE", help="any setting; the value is JSON"
    )
    parser.add_argument("--access-key", default=DEFAULT_CREDENTIALS.access_key)
    parser.add_argument("--secret-key", default=DEFAULT_CREDENTIALS.secret_key)
    parser.add_argument("--tls-cert", help="serve HTTPS with this certificate")
    parser.add_argument("--tls-key")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")
    parser.add_argument("--json", action="store_true", help="announce the endpoint as one line of JSON")
    parser.add_argument("--quiet", action="store_true", help="do not log calls")
    return parser.parse_args(arguments)


def loopback(host: str) -> str:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise argparse.ArgumentTypeError(f"{host} is not a loopback address")
    return address


def versions(text: str) -> list[str]:
    found = text.split(",")
    if not all(re.fullmatch(r"\d+\.\d+", version) for version in found):
        raise argparse.ArgumentTypeError(f"{text} is no list of versions such as 1.0,1.1")
    return found


def setting(text: str) -> tuple[str, Any]:
    """A setting of the control plane and its value, which is JSON."""
    name, _equals, value = text.partition("=")
    contract = load_control()
    change = contract.match("POST", "/_simulator/settings")
    assert change is not None
    try:
        given = json.loads(value)
        contract.read_request(change, {}, json.dumps({name: given}).encode(), "application/json")
    except (InvalidRequest, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text} is no setting such as list_lag_seconds=30: {error}") from error
    return name, given


def positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def days(text: str) -> float:
    value = float(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must be 0 or above")
    return value


def warm_up(settings: Settings) -> None:
    """Parse the contracts before the first call has to wait for it."""
    load_control()
    load_newest()
    load_resource_manager()
    for version in settings.versions:
        load_api(version)


def announce(ready: dict[str, str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(ready), flush=True)
        return
    print(f"The SCP MariaDB simulator listens on {ready['endpoint']}. In another shell:\n")
    for name, value in ready.items():
        print(f"export SCP_{name.upper()}={value}")
    print(flush=True)


def log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
