# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS: only a certificate that is valid, of the right name and of a trusted authority is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from harness.failures import error_of, told
from harness.play import Play
from harness.simulator import VERSIONS, Simulator, running_simulator
from harness.tasks import info

HERE = "127.0.0.1"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


class Tls(NamedTuple):
    """Simulators by the kind of their certificate, and the file of the authority that signed all of these."""

    simulators: dict[str, Simulator]
    authority: Path


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[Tls]:
    authority = trustme.CA()
    certificates = {
        "good": authority.issue_cert(HERE),
        "expired": authority.issue_cert(HERE, not_before=YESTERDAY - timedelta(days=1), not_after=YESTERDAY),
        "misnamed": authority.issue_cert("elsewhere.example"),
    }
    authority_file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(authority_file))
    with ExitStack() as stack:
        simulators = {}
        for kind, certificate in certificates.items():
            chain, key = tmp_path / f"{kind}.pem", tmp_path / f"{kind}.key"
            certificate.cert_chain_pems[0].write_to_path(str(chain))
            certificate.private_key_pem.write_to_path(str(key))
            options = ("--tls-cert", str(chain), "--tls-key", str(key))
            simulators[kind] = stack.enter_context(running_simulator(*options, "--versions", VERSIONS))
        yield Tls(simulators, authority_file)


def test_certificates(play: Play, tls: Tls) -> None:
    trusted = {"ca_path": str(tls.authority)}
    endpoints = {kind: simulator.endpoint for kind, simulator in tls.simulators.items()}
    assert all(endpoint.startswith("https://") for endpoint in endpoints.values())

    accepted = [
        info("server_type", endpoint=endpoints["good"], **trusted),
        {
            **info("server_type", endpoint=endpoints["good"]),
            "environment": {"SSL_CERT_FILE": str(tls.authority)},
        },
        {
            **info("server_type", endpoint=endpoints["good"]),
            "environment": {"REQUESTS_CA_BUNDLE": str(tls.authority), "SSL_CERT_FILE": ""},
        },
        *[info("server_type", endpoint=endpoint, validate_certs=False) for endpoint in endpoints.values()],
    ]
    refused = {
        "self-signed certificate in certificate chain|unable to get local issuer": info(
            "server_type", endpoint=endpoints["good"]
        ),
        "certificate has expired": info("server_type", endpoint=endpoints["expired"], **trusted),
        "127.0.0.1": info("server_type", endpoint=endpoints["misnamed"], **trusted),
    }

    ran = play(*accepted, *refused.values())

    for one in ran[: len(accepted)]:
        assert not one.failed, play.output
        assert one.result["server_types"]
    for reasons, one in zip(refused, ran[len(accepted) :], strict=True):
        told(one, "The TLS certificate of https://127.0.0.1:", "was not accepted", "Nothing was sent.", "set ca_path")
        assert any(reason in error_of(one)["detail"] for reason in reasons.split("|")), error_of(one)
        assert error_of(one)["status"] is None
