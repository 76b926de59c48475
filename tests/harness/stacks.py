# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands on a cluster: replicas, backups and restored clusters; their tasks, and what these owe."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from harness.cycle import Cycle, assert_owed, assert_truth
from harness.play import Play, Ran
from harness.seeds import all_clusters
from harness.simulator import Json, Simulator


class Wrong(NamedTuple):
    """Options that are wrong, alone or together, and the words that the message owes."""

    options: Json
    words: tuple[str, ...]


def task(module: str, **options: Any) -> Json:
    """A task of ``mariadb_{module}``; ``check`` makes it a dry run."""
    check = options.pop("check", None)
    described: Json = {f"samsungcloud.scp.mariadb_{module}": options}
    return described if check is None else {**described, "check_mode": check, "diff": True}


def run_cycles(play: Play, module: str, tasks: Iterable[Json]) -> list[Cycle]:
    """Run each task as {check, real, check again, real again}, all in one play."""
    ran = play(*(task(module, **options, check=check) for options in tasks for check in (True, False, True, False)))
    return [Cycle(*ran[start : start + 4]) for start in range(0, len(ran), 4)]


def run_pairs(play: Play, module: str, tasks: Iterable[Json]) -> list[tuple[Ran, Ran]]:
    """Run each task as {check, real}, all in one play."""
    ran = play(*(task(module, **options, check=check) for options in tasks for check in (True, False)))
    return list(zip(ran[::2], ran[1::2], strict=True))


def run_cases(play: Play, module: str, cases: Mapping[str, Json], whole: Collection[str]) -> dict[str, Cycle]:
    """Run all cases in one play, each as {check, real}; those in ``whole`` with {check again, real again}.

    Of the others the first two runs stand in for the last two.
    """
    lengths = {case: 4 if case in whole else 2 for case in cases}
    ran = iter(
        play(
            *(
                task(module, **options, check=check)
                for case, options in cases.items()
                for check in (True, False, True, False)[: lengths[case]]
            )
        )
    )
    runs = {case: list(islice(ran, length)) for case, length in lengths.items()}
    return {case: Cycle(*(those * 2)[:4]) for case, those in runs.items()}


def assert_pair(ran: Cycle) -> None:
    """Assert what the first two runs of a task owe."""
    assert not ran.real.failed, ran.real.result
    assert ran.predicted.changed
    assert_truth(ran.predicted, ran.real)


def assert_made(ran: Cycle) -> None:
    """Assert what the four runs of a task owe that makes something, whose details nobody can know before."""
    for one in ran:
        assert not one.failed, one.result
    assert ran.predicted.changed
    assert_truth(ran.predicted, ran.real)
    assert (ran.check_again.changed, ran.real_again.changed) == (False, False), ran.check_again.result
    assert_truth(ran.check_again, ran.real_again)


def assert_changed(ran: Cycle) -> None:
    """Assert what the four runs of a task owe that changes what is there."""
    assert_owed(Cycle(*(with_groups_above(one) for one in ran)))


def with_groups_above(ran: Ran) -> Ran:
    """The run with a diff in which the ids of volumes to come do not count, as deep as replicas are in it."""
    result = copy.deepcopy(ran.result)
    for side in result.get("diff", {}).values():
        for replica in side.get("replicas", {}).values():
            for group in replica.get("instance_groups", []):
                for volume in group["block_storage_groups"]:
                    volume.pop("id", None)
    return Ran(ran.task, ran.failed, result, ran.calls)


def assert_promises_kept(pairs: Sequence[tuple[Ran, Ran]], cases: Iterable[str]) -> None:
    """Assert that each real run can do what its dry run promised, or that both refuse in the same words."""
    broken = [
        f"{case}: promised {predicted.operations}, but {real.result['msg']}"
        for case, (predicted, real) in zip(cases, pairs, strict=True)
        if real.failed and not predicted.failed
    ]
    assert not broken, "\n".join(broken)
    for predicted, real in pairs:
        if real.failed:
            assert (predicted.result["msg"], real.writes) == (real.result["msg"], [])
        else:
            assert_truth(predicted, real)


def assert_refused_unsent(play: Play, module: str, cases: Sequence[Wrong]) -> None:
    """Run a task for each case, and assert that it says what is wrong and sends nothing at all."""
    for case, ran in zip(cases, play(*(task(module, **case.options) for case in cases)), strict=True):
        assert ran.failed, (case, ran.result)
        missing = [word for word in case.words if word not in ran.result["msg"]]
        assert not missing, ran.result["msg"]
        assert (ran.calls, ran.changed) == ([], False), case


def by_name(simulator: Simulator) -> dict[str, Json]:
    """Every cluster as it really is, by its name."""
    return {shown["name"]: shown for shown in all_clusters(simulator)}


def reads(ran: Ran) -> list[str]:
    """The titles of the reads that a task made, in their order."""
    return [call["operation"] for call in ran.calls if call["method"] == "GET"]


def put(options: Json, path: str, value: Any) -> Json:
    """The options with the value at that path; in a list it takes the place of the last item's."""
    options = copy.deepcopy(options)
    *above, last = path.replace("[]", ".[]").split(".")
    parent: Any = options
    for key in above:
        parent = parent[-1] if key == "[]" else parent[key]
    parent[-1 if last == "[]" else last] = value
    return options


def broken_rules(valid: Json, broken: dict[str, tuple[str, list[Any]]]) -> list[Wrong]:
    """Every value that breaks a rule, in as few tasks as go: one value of each option in each.

    ``broken`` holds for each option how the rule is told, and values that break it. The message owes all three.
    """
    cases = []
    for index in range(max(len(values) for _rule, values in broken.values())):
        options, words = valid, ["Nothing was changed"]
        for path, (rule, values) in broken.items():
            if index < len(values):
                options = put(options, path, values[index])
                words.append(f"{path} is {values[index]!r}, but {rule}")
        cases.append(Wrong(options, tuple(words)))
    return cases


def declaring(valid: Json, cases: Iterable[Wrong]) -> list[Wrong]:
    """The cases with what is valid around them; None leaves an option out."""
    return [
        Wrong({key: value for key, value in {**valid, **options}.items() if value is not None}, words)
        for options, words in cases
    ]


def together(cases: Iterable[Wrong]) -> list[Wrong]:
    """The cases in as few tasks as go, for one message tells everything that is wrong; no option can be in two."""
    merged: list[Wrong] = []
    for case in cases:
        fitting = next((one for one in merged if not set(one.options) & set(case.options)), None)
        if fitting is None:
            merged.append(case)
        else:
            merged[merged.index(fitting)] = Wrong({**fitting.options, **case.options}, fitting.words + case.words)
    return merged
