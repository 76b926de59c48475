# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control plane: what tests tell the simulator, and ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .clock import timestamp
from .cluster import Cluster, Json
from .contract import InvalidRequest, Match, load_control
from .faults import Fault
from .outcomes import Outcome
from .problems import Problem
from .seeding import BadSeed, Seeds
from .simulation import Simulation


class ControlError(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Control:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._contract = load_control()
        self._handlers: dict[str, Callable[[Match, Any], Json]] = {
            "add_backup": lambda match, body: self._add_backup(match.path_parameters["cluster_id"], body),
            "add_fault": lambda match, body: self._add_fault(body),
            "add_outcome": lambda match, body: self._add_outcome(body),
            "advance_clock": lambda match, body: self._advance_clock(body["advance"]),
            "change_cluster": lambda match, body: self._change_cluster(match.path_parameters["cluster_id"], body),
            "change_settings": lambda match, body: self._change_settings(body),
            "clear_faults": lambda match, body: self._clear_faults(),
            "clear_outcomes": lambda match, body: self._clear_outcomes(),
            "drain_calls": lambda match, body: {"calls": simulation.journal.drain()},
            "list_all_clusters": lambda match, body: self._clusters(),
            "list_all_tags": lambda match, body: self._tags(),
            "list_calls": lambda match, body: {"calls": simulation.journal.as_json()},
            "list_faults": lambda match, body: self._faults(),
            "list_outcomes": lambda match, body: self._outcomes(),
            "reset": lambda match, body: self._reset(),
            "restore": lambda match, body: self._restore(),
            "seed_cluster": lambda match, body: self._seeds().add(body).detail,
            "show_settings": lambda match, body: simulation.settings.as_json(),
            "snapshot": lambda match, body: self._snapshot(),
        }

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        match = self._contract.match(request.method, request.url.path)
        if match is None:
            return Response('{"error": "no such control call"}', 404, media_type="application/json")
        try:
            status, body = 200, self._answer(match, raw)
        except (BadSeed, ControlError, InvalidRequest) as error:
            status, body = getattr(error, "status", 400), {"error": str(error)}
        data = self._contract.check_answer(match.operation, status, body)
        return Response(data, status, media_type="application/json")

    def _answer(self, match: Match, raw: bytes) -> Json:
        body = self._contract.read_request(match, {}, raw, "application/json")[1]
        self._simulation.cloud.advance()
        return self._handlers[match.operation.id](match, body)

    def _faults(self) -> Json:
        return {"faults": self._simulation.faults.as_json()}

    def _add_fault(self, body: Json) -> Json:
        self._simulation.faults.add(Fault(**body))
        return self._faults()

    def _clear_faults(self) -> Json:
        self._simulation.faults.clear()
        return self._faults()

    def _outcomes(self) -> Json:
        return {"outcomes": self._simulation.cloud.outcomes.as_json()}

    def _add_outcome(self, body: Json) -> Json:
        self._simulation.cloud.outcomes.add(Outcome(**body))
        return self._outcomes()

    def _clear_outcomes(self) -> Json:
        self._simulation.cloud.outcomes.clear()
        return self._outcomes()

    def _clusters(self) -> Json:
        return {"clusters": [cluster.detail for cluster in self._simulation.cloud.listed()]}

    def _tags(self) -> Json:
        return {"tags": {cluster.id: cluster.tags for cluster in self._simulation.cloud.listed()}}

    def _change_cluster(self, cluster_id: str, body: Json) -> Json:
        cluster = self._cluster(cluster_id)
        self._seeds().change(cluster, body)
        return cluster.detail

    def _add_backup(self, cluster_id: str, body: Json) -> Json:
        return self._seeds().add_backup(self._cluster(cluster_id), body)

    def _seeds(self) -> Seeds:
        return Seeds(self._simulation.cloud)

    def _cluster(self, cluster_id: str) -> Cluster:
        try:
            return self._simulation.cloud.find(cluster_id)
        except Problem as problem:
            raise ControlError(404, "no such cluster") from problem

    def _change_settings(self, body: Json) -> Json:
        self._simulation.change_settings(body)
        return self._simulation.settings.as_json()

    def _advance_clock(self, cloud_seconds: float) -> Json:
        self._simulation.clock.advance(cloud_seconds)
        self._simulation.cloud.advance()
        return {"now": timestamp(self._simulation.clock.now())}

    def _snapshot(self) -> Json:
        self._simulation.snapshot()
        return self._simulation.settings.as_json()

    def _restore(self) -> Json:
        if not self._simulation.restore():
            raise ControlError(404, "there is no snapshot")
        return self._simulation.settings.as_json()

    def _reset(self) -> Json:
        self._simulation.reset()
        return self._simulation.settings.as_json()
