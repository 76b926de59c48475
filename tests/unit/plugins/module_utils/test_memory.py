# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _memory
from ansible_collections.samsungcloud.scp.plugins.module_utils._memory import RememberedEndpoint

HERE, THERE = "https://here.example", "https://there.example"
VERSIONS = ("1.1", "1.3")
KEY = "access-key"


def ask(folder: Path, url: str, served: tuple[str, ...], asked: Path, together: Any = None) -> None:
    """Do what a task does that has to know what an endpoint serves."""
    endpoint = RememberedEndpoint(url, folder, KEY)
    if together:
        together.wait(timeout=30)
    with endpoint.negotiation():
        if not endpoint.served:
            with asked.open("a", encoding="utf-8") as file:
                file.write(f"{url}\n")
            endpoint.served = served


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    endpoint = RememberedEndpoint(HERE, tmp_path, KEY)
    assert endpoint.served == ()
    assert endpoint.records.of("creations") == {}


def test_later_tasks_know_what_one_has_asked_for(tmp_path: Path) -> None:
    for url, served in ((HERE, VERSIONS), (THERE, ("1.0",)), (HERE, ("1.0",))):
        ask(tmp_path, url, served, tmp_path / "asked")
    assert RememberedEndpoint(HERE, tmp_path, KEY).served == VERSIONS
    assert RememberedEndpoint(THERE, tmp_path, KEY).served == ("1.0",)
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines() == [HERE, THERE]


def test_tasks_at_the_same_time_ask_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    together = context.Barrier(8)
    given = (tmp_path, HERE, VERSIONS, tmp_path / "asked", together)
    tasks = [context.Process(target=ask, args=given) for _task in range(8)]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join(timeout=60)
    assert [task.exitcode for task in tasks] == [0] * 8
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines() == [HERE]


def test_question_that_fails_leaves_nothing(tmp_path: Path) -> None:
    endpoint = RememberedEndpoint(HERE, tmp_path, KEY)

    def fail() -> None:
        with endpoint.negotiation():
            endpoint.served = VERSIONS
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert RememberedEndpoint(HERE, tmp_path, KEY).served == ()


def test_folder_of_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ask(tmp_path, HERE, VERSIONS, tmp_path / "asked")
    monkeypatch.setenv(_memory.FOLDER, str(tmp_path))
    assert _memory.endpoint_at(HERE, KEY).served == VERSIONS
    assert _memory.endpoint_at(THERE, KEY).served == ()


@pytest.mark.parametrize("folder", ["", "/nowhere/at/all"])
def test_module_on_another_machine_knows_nothing(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv(_memory.FOLDER, folder)
    assert not isinstance(_memory.endpoint_at(HERE, KEY), RememberedEndpoint)


def test_records_are_shared_by_all_tasks_of_the_run(tmp_path: Path) -> None:
    endpoint = RememberedEndpoint(HERE, tmp_path, KEY)
    for name in ("orders", "shop"):
        endpoint.records.put("creations", name, {"cluster_id": f"c-{name}"})
    endpoint.records.put("operations", "orders", {"request_id": "req-1"})
    endpoint.records.put("creations", "orders", None)
    later = RememberedEndpoint(HERE, tmp_path, KEY).records
    assert later.of("creations") == {"shop": {"cluster_id": "c-shop"}}
    assert later.of("operations") == {"orders": {"request_id": "req-1"}}
    assert RememberedEndpoint(THERE, tmp_path, KEY).records.of("creations") == {}


def test_records_are_not_those_of_another_account(tmp_path: Path) -> None:
    RememberedEndpoint(HERE, tmp_path, KEY).records.put("creations", "orders", {"cluster_id": "c1"})
    other = RememberedEndpoint(HERE, tmp_path, "another-key").records
    assert other.of("creations") == {}
    other.put("creations", "orders", None)
    assert RememberedEndpoint(HERE, tmp_path, KEY).records.of("creations") == {"orders": {"cluster_id": "c1"}}
    assert KEY not in "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())


def put_many(folder: Path, name: str) -> None:
    for number in range(20):
        RememberedEndpoint(HERE, folder, KEY).records.put("creations", f"{name}{number}", {})


def test_records_of_tasks_at_the_same_time_are_all_there(tmp_path: Path) -> None:
    tasks = [multiprocessing.get_context("fork").Process(target=put_many, args=(tmp_path, name)) for name in "abcd"]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join(timeout=60)
    assert len(RememberedEndpoint(HERE, tmp_path, KEY).records.of("creations")) == 80
