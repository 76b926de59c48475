# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that only read: filters, order, pages, and waiting for many requests at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from string import ascii_lowercase

import pytest

from harness.failures import error_of, told
from harness.play import Play, Ran
from harness.processes import wait_until
from harness.seeds import as_shown, seed, settings_of_database
from harness.simulator import Json, Simulator
from harness.tasks import ORDERS, cluster, info
from harness.trouble import ALWAYS, advance, fault, outcome, refusal, settings

FLEET = 250
STATES = ("RUNNING", "STOPPED", "CREATING")
DATABASES = ("orders", "ordersold")
ENDLESS = 1_000_000
EOS_VERSIONS = ["10.6.18", "10.6.21"]
VERSIONS = ["10.11.8", "10.11.9", "10.11.15", "11.4.7", "11.4.10"]
ENGINE_10_11_9 = "1cd2c28ba72447daaaf7e4d7e8dd720b"


def fleet(simulator: Simulator) -> list[Json]:
    """Put many clusters there, in the order of their names, of which the first is part of all others."""
    names = ["db", *("db" + "".join(letters) for letters in product(ascii_lowercase, repeat=2))][:FLEET]
    return [
        seed(
            simulator,
            name=name,
            service_state=STATES[number % len(STATES)],
            init_config_option=settings_of_database(database_name=DATABASES[number % len(DATABASES)]),
        )
        for number, name in enumerate(names)
    ]


def names_of(clusters: list[Json]) -> list[str]:
    return [shown["name"] for shown in clusters]


def pages_of(ran: Ran) -> list[tuple[str, str]]:
    return [(call["query"]["page"], call["query"]["size"]) for call in ran.calls]


def test_clusters(play: Play) -> None:
    seeded = fleet(play.simulator)
    stopped = [shown for shown in seeded if shown["service_state"] == "STOPPED"]

    everything, by_state, by_name, backwards, in_full, one, nothing, no_such = play(
        info("cluster"),
        info("cluster", service_state="STOPPED"),
        info("cluster", name="db"),
        info("cluster", sort="name:desc"),
        info("cluster", name="dbaa", service_state="STOPPED", database_name="ordersold", sort="id:asc", details=True),
        info("cluster", cluster_id=seeded[3]["id"]),
        info("cluster", service_state="MIGRATING"),
        info("cluster", cluster_id="0" * 32),
    )

    for ran in (everything, by_state, by_name, backwards, in_full, one, nothing, no_such):
        assert not ran.failed, ran.result["msg"]
        assert not ran.changed
    assert names_of(everything.result["clusters"]) == names_of(seeded)
    pages = pages_of(everything)
    assert [sorted(pages[:3]), sorted(pages[3:])] == [[("0", "100"), ("1", "100"), ("2", "100")]] * 2
    assert "instance_groups" not in everything.result["clusters"][0]
    assert names_of(by_state.result["clusters"]) == names_of(stopped)
    assert names_of(by_name.result["clusters"]) == ["db"]
    assert names_of(backwards.result["clusters"]) == names_of(seeded)[::-1]
    assert in_full.result["clusters"] == [as_shown(seeded[1])]
    assert len(in_full.calls) == 2
    assert one.result["clusters"] == [as_shown(seeded[3])]
    assert len(one.calls) == 1
    assert nothing.result["clusters"] == []
    assert no_such.result["clusters"] == []


def test_clusters_of_a_database(play: Play) -> None:
    """The service finds parts of names, the module whole ones."""
    for name, database in (("invoices", "orders"), ("archive", "ordersold")):
        seed(play.simulator, name=name, init_config_option=settings_of_database(database_name=database))

    [ran] = play(info("cluster", database_name="orders"))

    assert names_of(ran.result["clusters"]) == ["invoices"]


def test_clusters_in_pages_smaller_than_asked_for(play: Play) -> None:
    seeded = fleet(play.simulator)
    settings(play.simulator, page_size_cap=30)

    everything, stopped = play(info("cluster"), info("cluster", service_state="STOPPED", sort="name:desc"))

    assert names_of(everything.result["clusters"]) == names_of(seeded)
    assert len(everything.calls) == 9 * 2
    assert names_of(stopped.result["clusters"]) == names_of(seeded)[1::3][::-1]
    assert len(stopped.calls) == 3 * 2


def most_at_once(ran: Ran, operation: str) -> int:
    """Return how many calls of an operation were under way at the same time."""
    calls = [call for call in ran.calls if call["operation"] == operation]
    return max(sum(other["started_at"] <= call["started_at"] < other["ended_at"] for other in calls) for call in calls)


# As the examples in the documentation have it.
START_MANY: Json = {
    "samsungcloud.scp.mariadb_cluster": {"name": "{{ item }}", "state": "stopped", "wait": False},
    "loop": ["orders", "invoices", "billing"],
    "register": "begun",
}
BEGUN = "{{ begun.results | map(attribute='request_id') | select | list }}"

CONCURRENT = {
    "cluster": ("Show Cluster", {"details": True}, "id"),
    "engine_version": ("List Engine Version Properties", {"properties": True, "eos_included": True}, "id"),
    "request": ("Show Request", {"request_ids": BEGUN}, "request_id"),
}


@pytest.mark.parametrize("module", CONCURRENT)
def test_concurrency(play: Play, module: str) -> None:
    """Calls overlap as far as the option allows, and the order of the answer stays the same."""
    operation, options, key = CONCURRENT[module]
    for name in START_MANY["loop"]:
        seed(play.simulator, name=name)
    settings(play.simulator, durations={"Stop Cluster": ENDLESS})
    fault(play.simulator, operation, "slow", seconds=0.5, times=ALWAYS)

    _begun, one, two, usual, none, too_many = play(
        START_MANY,
        info(module, **options, concurrency=1),
        info(module, **options, concurrency=2),
        info(module, **options),
        info(module, **options, concurrency=0),
        info(module, **options, concurrency=33),
    )

    for ran, limit in ((one, 1), (two, 2), (usual, 8)):
        assert not ran.failed, ran.result["msg"]
        assert min(limit, 2) <= most_at_once(ran, operation) <= limit
        assert [item[key] for item in ran.result[f"{module}s"]] == [item[key] for item in one.result[f"{module}s"]]
    for ran, limit in ((none, 0), (too_many, 33)):
        told(ran, f"concurrency is {limit}, but must be from 1 to 32")
        assert ran.calls == []


def test_details_wait_together_when_one_is_told_to(play: Play) -> None:
    """One more call than there are clusters: nobody else runs into the limit while it lasts."""
    # Which of the clusters meets the limit is chance.
    play.both_ways = False
    for letter in ascii_lowercase[:12]:
        seed(play.simulator, name="db" + letter)
    refusal(play.simulator, "Show Cluster", 429, "TooManyRequests", "Slow down", retry_after="3", skip=1)

    [ran] = play(info("cluster", details=True, concurrency=2))

    assert len(ran.result["clusters"]) == 12
    shown = [call for call in ran.calls if call["operation"] == "Show Cluster"]
    assert len(shown) == 12 + 1
    [throttled] = [call for call in shown if call["status"] == 429]
    # What was sent until the refusal had arrived, which takes its time on a busy machine, does not count.
    early = [call for call in shown if throttled["ended_at"] + 1 < call["started_at"] < throttled["ended_at"] + 3]
    assert early == []


def test_details_that_can_not_be_read(play: Play) -> None:
    names = {seed(play.simulator, name="db" + letter)["id"]: "db" + letter for letter in ascii_lowercase[:12]}
    refusal(play.simulator, "Show Cluster", 403, "Forbidden", "No such right", skip=2, times=ALWAYS)

    [ran] = play(info("cluster", details=True, concurrency=1))

    third = list(names)[2]
    told(ran, f"Cluster {names[third]} ({third}): Show Cluster failed: 403 Forbidden (Forbidden): No such right.")
    assert error_of(ran)["path"] == f"/v1/clusters/{third}"
    assert "clusters" not in ran.result
    assert len(ran.calls) == 1 + 3


def test_options_of_clusters_that_do_not_fit(play: Play) -> None:
    seed(play.simulator)

    no_order, no_field, no_id, both, no_state = play(
        info("cluster", sort="name"),
        info("cluster", sort="colour:asc"),
        info("cluster", cluster_id="a/b"),
        info("cluster", cluster_id="1", name="orders"),
        info("cluster", service_state="TIRED"),
    )

    told(no_order, "sort is 'name', but must be field:asc or field:desc")
    told(no_field, "List Clusters failed: 400 Bad Request (ValidationError): value_error")
    assert error_of(no_field)["status"] == 400
    told(no_id, "cluster_id is 'a/b', but must be an id")
    for one in (both, no_state):
        assert one.failed
    for one in (no_order, no_id, both, no_state):
        assert one.calls == []


def test_engine_versions(play: Play) -> None:
    offered, with_old, one, in_full, old, no_such = play(
        info("engine_version"),
        info("engine_version", eos_included=True),
        info("engine_version", dbaas_engine_version_id=ENGINE_10_11_9),
        info("engine_version", dbaas_engine_version_id=ENGINE_10_11_9, properties=True),
        info("engine_version", eos_included=True, properties=True),
        info("engine_version", dbaas_engine_version_id="0" * 32),
    )

    assert versions_of(offered) == VERSIONS
    assert versions_of(with_old) == EOS_VERSIONS + VERSIONS
    assert versions_of(one) == ["10.11.9"]
    assert "properties" not in one.result["engine_versions"][0]
    assert {"name": "database_character_set", "value": "utf8"} in in_full.result["engine_versions"][0]["properties"]
    assert len(in_full.calls) == 2
    assert all(version["properties"] for version in old.result["engine_versions"])
    assert len(old.calls) == 1 + len(EOS_VERSIONS + VERSIONS)
    assert no_such.result["engine_versions"] == []
    for ran in (offered, with_old, one, in_full, old, no_such):
        assert not ran.changed


def versions_of(ran: Ran) -> list[str]:
    return [version["software_version"] for version in ran.result["engine_versions"]]


def test_server_types(play: Play) -> None:
    everything, one, no_such = play(
        info("server_type"), info("server_type", name="db1v2m4"), info("server_type", name="db9v9m9")
    )

    names = [kind["name"] for kind in everything.result["server_types"]]
    assert len(names) == len(set(names)) > 10
    # Another product has server types of the same names.
    assert {kind["product_image_type"] for kind in everything.result["server_types"]} == {"MariaDB Community"}
    assert [kind["name"] for kind in one.result["server_types"]] == ["db1v2m4"]
    assert no_such.result["server_types"] == []


def test_wait_for_many_requests_at_once(play: Play) -> None:
    for name in START_MANY["loop"]:
        seed(play.simulator, name=name)
    settings(play.simulator, durations={"Stop Cluster": 1800})
    # Which of several looks at a time a fault meets is chance, so that the two ways need not meet the same.
    play.both_ways = False
    # The first look at each goes well, some of those after it do not.
    fault(play.simulator, "Show Request", "status", status=503, skip=len(START_MANY["loop"]), times=2)
    fault(play.simulator, "Show Request", "truncated", skip=len(START_MANY["loop"]))

    begun, waited = play(START_MANY, info("request", request_ids=BEGUN, wait=True, wait_timeout=60, api_retries=0))

    ids = [result["request_id"] for result in begun.result["results"]]
    assert len(set(ids)) == len(START_MANY["loop"])
    assert not waited.failed, waited.result["msg"]
    assert waited.result["requests"] == [{"request_id": key, "state": "COMPLETED"} for key in ids]
    assert not waited.changed


FIFTY = [f"db{first}{second}" for first in "abcde" for second in "abcdefghij"]


def creating(names: list[str]) -> Json:
    return {**cluster(**{**ORDERS, "name": "{{ item }}"}, wait=False), "loop": names}


def test_fifty_creations_and_one_wait(play: Play) -> None:
    """A round of polls asks once for each request that has not ended, and for no other."""
    play.both_ways = False
    [early] = play(creating(FIFTY[:20]))
    advance(play.simulator, 24 * 3600)
    settings(play.simulator, durations={"Create Cluster": ENDLESS})
    [late] = play(creating(FIFTY[20:]))
    ids = [result["request_id"] for ran in (early, late) for result in ran.result["results"]]
    assert len(set(ids)) == 50

    def asked() -> list[str]:
        calls = play.simulator.calls()
        return [call["path"].rpartition("/")[2] for call in calls if call["operation"] == "Show Request"]

    with ThreadPoolExecutor() as executor:
        waiting = executor.submit(play, info("request", request_ids=ids, wait=True, wait_timeout=300))
        assert wait_until(lambda: len(asked()) >= 50 + 2 * 30 or waiting.done(), 300)
        advance(play.simulator, ENDLESS)
        [waited] = waiting.result()

    assert not waited.failed, waited.result["msg"]
    assert waited.result["requests"] == [{"request_id": key, "state": "COMPLETED"} for key in ids]
    calls = asked()
    assert sorted(calls[:50]) == sorted(ids)
    rounds = [calls[start : start + 30] for start in range(50, len(calls), 30)]
    assert len(rounds) >= 2
    for polled in rounds[:-1]:
        assert sorted(polled) == sorted(ids[20:])
    assert len(set(rounds[-1])) == len(rounds[-1])


def test_request_that_fails_is_told_at_once(play: Play) -> None:
    for name in START_MANY["loop"]:
        seed(play.simulator, name=name)
    settings(play.simulator, request_words={"failed": "REJECTED_BY_QUOTA"}, durations={"Stop Cluster": 1})
    outcome(play.simulator, "Stop Cluster", service_state="UNKNOWN", skip=1)

    begun, ran = play(START_MANY, info("request", request_ids=BEGUN, wait=True))

    ids = [result["request_id"] for result in begun.result["results"]]
    told(ran, f"Operations failed in SCP: {ids[1]} is REJECTED_BY_QUOTA.", "mariadb_cluster_info")
    assert error_of(ran)["request_id"] == ids[1]
    assert [request["request_id"] for request in ran.result["requests"]] == ids
    assert ran.result["requests"][1]["state"] == "REJECTED_BY_QUOTA"


def test_requests_that_do_not_end(play: Play) -> None:
    seed(play.simulator, name="orders")
    settings(play.simulator, durations={"Stop Cluster": ENDLESS}, request_words={"in_progress": "QUEUED"})

    begun, looked, dry, waited, unknown, none, no_id, no_time = play(
        {**cluster(name="orders", state="stopped", wait=False), "register": "begun"},
        info("request", request_ids=["{{ begun.request_id }}"]),
        {**info("request", request_ids=["{{ begun.request_id }}"]), "check_mode": True},
        info("request", request_ids=["{{ begun.request_id }}"], wait=True, wait_timeout=1),
        info("request", request_ids=["{{ begun.request_id }}", "req-unknown"], wait=True),
        info("request", request_ids=[]),
        info("request", request_ids=["a/b"]),
        info("request", request_ids=["{{ begun.request_id }}"], wait=True, wait_timeout=0),
    )

    request_id = begun.result["request_id"]
    told(waited, "Waited 1 seconds (wait_timeout)", f"{request_id} is QUEUED", "go on in the cloud")
    for ran in (looked, dry, waited):
        assert ran.result["requests"] == [{"request_id": request_id, "state": "QUEUED"}]
    assert error_of(waited)["request_id"] == request_id
    told(unknown, "There is no request with the id req-unknown.")
    assert error_of(unknown)["status"] == 400
    assert (none.failed, none.result["requests"], none.calls) == (False, [], [])
    told(no_id, "request_ids[] is 'a/b', but must be an id")
    told(no_time, "wait_timeout is 0, but must be from 1")


def test_what_the_api_says_is_no_template(play: Play) -> None:
    """Nor in a task that goes on with it."""
    hostile = "{{ lookup('ansible.builtin.pipe', 'touch hit') }}{% for x in y %}"
    shown = seed(play.simulator, name=hostile, parameters={"time_zone": hostile})
    found, values, named, valued = play(
        {**info("cluster"), "register": "found"},
        {**info("parameters", cluster_id=shown["id"]), "register": "values"},
        {"ansible.builtin.debug": {"msg": "{{ found.clusters[0].name }}"}},
        {"ansible.builtin.debug": {"msg": "{{ values.parameters | selectattr('name', 'eq', 'time_zone') | first }}"}},
    )

    for ran in (found, values, named, valued):
        assert not ran.failed, ran.result
    assert named.result["msg"] == hostile
    assert valued.result["msg"]["applied_value"] == hostile
    assert not list(play.folder.rglob("hit"))
