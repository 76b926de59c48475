# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests: what became of operations that the API accepted."""

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _rules, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    ApiError,
    OperationFailed,
    Refused,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import is_passing
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

RULES: dict[str, _rules.Rule] = {
    "concurrency": _rules.CONCURRENCY,
    "request_ids[]": _rules.IDENTIFIER,
    "wait_timeout": _rules.WAIT_TIMEOUT,
}


def info(task: Task) -> Outcome:
    """Return the state of each request, in the order asked for; with ``wait`` once all have ended."""
    _rules.check(task.params, RULES)
    pool = Pool(task.params["concurrency"])
    source = pool.reader(task.http)
    request_ids = list(dict.fromkeys(task.params["request_ids"]))
    requests = dict(zip(request_ids, pool.map(lambda request_id: _show(source, request_id), request_ids)))
    if task.params["wait"]:
        _wait_for_all(task, requests, source, pool)
    return Outcome(values={"requests": list(requests.values())})


def _wait_for_all(task: Task, requests: dict[str, Json], source: Source, pool: Pool) -> None:
    unfinished: list[str] = []
    teller = task.waiter.teller()
    for _pause in task.waiter.pauses():
        requests.update(zip(unfinished, pool.map(lambda key: _refreshed(source, key, requests[key]), unfinished)))
        failed = [request for request in requests.values() if _states.request_failed(request["state"])]
        if failed:
            raise _with(requests, _failure(failed))
        unfinished = [key for key, request in requests.items() if not _states.request_done(request["state"])]
        if not unfinished:
            return
        teller.see(Progress("Requests", unfinished=len(unfinished), requests=len(requests)))
    raise _with(requests, _timeout(task, [requests[key] for key in unfinished]))


def _refreshed(source: Source, request_id: str, before: Json) -> Json:
    try:
        return _show(source, request_id)
    except ScpError as error:
        if not is_passing(error):
            raise
        return before


def _show(source: Source, request_id: str) -> Json:
    try:
        answer = source.read(_api.show_request(request_id))
    except ApiError as error:
        # An unknown request answers 400, not 404 (facts: section 3).
        if error.status not in (400, 404) or not error.from_service:
            raise
        raise Refused(
            f"There is no request with the id {request_id}.",
            now=NOTHING_CHANGED,
            todo="Check the id, and that region and environment are those where the operation was asked for.",
            status=error.status,
            code=error.code,
            detail=error.detail,
            request_id=request_id,
            method=error.method,
            path=error.path,
        ) from None
    return {"request_id": answer["request_id"] or request_id, "state": answer["state"]}


def _timeout(task: Task, unfinished: list[Json]) -> WaitTimeout:
    return WaitTimeout(
        f"Waited {task.params['wait_timeout']} seconds (wait_timeout) for requests that have not ended: "
        f"{_told(unfinished)}.",
        now="The operations go on in the cloud.",
        todo="Run the task again to go on waiting.",
        request_id=unfinished[0]["request_id"],
    )


def _failure(failed: list[Json]) -> OperationFailed:
    return OperationFailed(
        f"Operations failed in SCP: {_told(failed)}.",
        now="Others may still be under way.",
        todo="Look at the clusters with mariadb_cluster_info, then run the failed tasks again.",
        request_id=failed[0]["request_id"],
    )


def _told(requests: list[Json]) -> str:
    return ", ".join(f"{request['request_id']} is {request['state']}" for request in requests)


def _with(requests: dict[str, Json], error: ScpError) -> ScpError:
    error.facts["requests"] = list(requests.values())
    return error
