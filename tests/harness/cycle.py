# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every task owes: a dry run tells the truth, and a second run has nothing left to do."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, NamedTuple

from ansible_collections.samsungcloud.scp.plugins.module_utils import _moments
from harness.play import Play, Ran
from harness.simulator import Json
from harness.tasks import cluster

# Tags are changed at once, everything else is only begun.
ACCEPTED = (200, 202, 204)


class Request(NamedTuple):
    """One write, as a task tells of it or as the simulator recorded it."""

    operation: str
    method: str
    path: str
    body: Any


class Cycle(NamedTuple):
    """The four runs of a task: {check, real, check again, real again}."""

    predicted: Ran
    real: Ran
    check_again: Ran
    real_again: Ran


def promised(ran: Ran) -> list[Request]:
    """The writes that a task says it made or, as a dry run, would make."""
    return [Request(one["operation"], one["method"], one["path"], one.get("body")) for one in ran.result["operations"]]


def sent(ran: Ran) -> list[Request]:
    """The writes that the simulator recorded meanwhile."""
    return [Request(call["operation"], call["method"], call["path"], call["body"]) for call in ran.writes]


def run_cycle(play: Play, options: Json) -> Cycle:
    """Run a task four times and assert what all four owe."""
    (ran,) = run_cycles(play, [options])
    assert_owed(ran)
    return ran


def run_cycles(play: Play, tasks: Iterable[Json]) -> list[Cycle]:
    """Run each task four times, all in one play; what they owe is for the caller to assert."""
    ran = play(*(cluster(**options, check=check) for options in tasks for check in (True, False, True, False)))
    return [Cycle(*ran[start : start + 4]) for start in range(0, len(ran), 4)]


def assert_owed(ran: Cycle, *, acts_again: bool = False) -> None:
    """Assert what the four runs of a task owe; ``acts_again`` is for states that act on every run."""
    for one in ran:
        assert not one.failed, one.result
    assert ran.predicted.changed
    assert_truth(ran.predicted, ran.real)
    assert ran.check_again.changed is acts_again, ran.check_again.result
    assert_truth(ran.check_again, ran.real_again)
    if ran.real.result["diff"]["before"]:
        reached = ran.check_again.result["diff"]["before"]
        assert without_volume_ids(reached) == without_volume_ids(ran.real.result["diff"]["after"])


def play_until_it_waits(play: Play, *tasks: Json, looks: int) -> list[Ran]:
    """Run tasks while the cloud's time stands still; let it fly once the clusters were looked at so often."""
    play.both_ways = False
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play, *tasks)
        while not playing.done() and shows(play) < looks:
            wait([playing], timeout=0.05)
        play.simulator.control("POST", "settings", {"time_scale": 3000})
        play.simulator.control("POST", "clock", {"advance": 3600})
        return playing.result()


def shows(play: Play) -> int:
    return sum(call["operation"] == "Show Cluster" for call in play.simulator.calls())


def assert_truth(predicted: Ran, real: Ran) -> None:
    """Assert that a dry run sent no write, and that the real run did what it told, call by call."""
    assert predicted.writes == []
    assert promised(predicted) == promised(real) == sent(real)
    assert all(call["status"] in ACCEPTED for call in real.writes), real.writes
    assert predicted.changed is real.changed is bool(real.writes)
    assert predicted.result["diff"] == real.result["diff"]


def without_volume_ids(view: Json) -> Json:
    """One side of a diff without what nobody can know before: the ids of volumes to come."""
    view = copy.deepcopy(view)
    for group in view.get("instance_groups", []):
        for volume in group["block_storage_groups"]:
            volume.pop("id", None)
    return view


def assert_holds(shown: Any, expected: Any, where: str = "") -> None:
    """Assert that everything expected is there; mappings may hold more, and times be written otherwise."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert_holds(shown[key], value, f"{where}.{key}".lstrip("."))
    elif isinstance(expected, list):
        assert len(shown) == len(expected), f"{where} is {shown!r}, not {expected!r}"
        for index, (item, value) in enumerate(zip(shown, expected, strict=True)):
            assert_holds(item, value, f"{where}[{index}]")
    else:
        is_same = shown == expected or (where.endswith("_at") and _moments.parse(shown) == _moments.parse(expected))
        assert is_same, f"{where} is {shown!r}, not {expected!r}"


def paths(options: Any, where: str = "") -> Iterable[str]:
    """The paths of all options that are set, such as ``instance_groups[].role_type``."""
    if isinstance(options, list):
        for item in options:
            yield from paths(item, f"{where}[]")
    elif isinstance(options, dict):
        for key, value in options.items():
            path = f"{where}.{key}".lstrip(".")
            yield path
            yield from paths(value, path)


def spec_paths(spec: Json, where: str = "") -> Iterable[str]:
    """The paths of all options of an argument spec."""
    for key, entry in spec.items():
        path = f"{where}.{key}".lstrip(".")
        yield path
        yield from spec_paths(entry.get("options", {}), path + ("[]" if entry["type"] == "list" else ""))
