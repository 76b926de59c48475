# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of clusters: what the Resource Manager shows, the way from there to what is declared, and going it.

It is another service than the one that has the clusters, with permissions of its own, and it knows a new cluster late
(facts: section 12). Tags are not part of a cluster's state: they change at once, whatever the cluster is busy with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _paging, _resource_manager, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import extended
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call, Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome, account_for
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    OperationFailed,
    Refused,
    ScpError,
    WaitTimeout,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import is_gone
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._progress import Progress
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.plugins.module_utils._wait import TRACE_SECONDS

# Keys with their values; a tag without a value has an empty one.
Tags = dict[str, str]
# The part of one side of a diff that is a cluster's, by its name.
Part = Callable[[Json, str], Json]

PAGE_SIZE = 100
# For so many seconds the tags of a new cluster are looked for; official code does so too (facts: section 12).
APPEAR_SECONDS = 300.0
# The user may not do this. 401 is something else: a signature or a clock that is wrong.
NOT_PERMITTED = 403
NOT_NEEDED = "Without tags the task does not need the Resource Manager (resource_manager_endpoint)."
# Whatever sends a path takes these for steps in it.
NO_SEGMENTS = (".", "..")
# No task declares what a cluster was restored from, so that such a tag is neither compared nor removed.
KEPT = (_resource_manager.RESTORED_FROM,)


@dataclass(frozen=True)
class Change:
    """One call, the options that it serves, and what tags show that it was made."""

    call: Call
    options: tuple[str, ...]
    is_made: Callable[[Tags], bool]

    def describe(self) -> Json:
        return {**self.call.describe(), "options": list(self.options)}


@dataclass(frozen=True)
class TagPlan:
    """The tags of one cluster before and after, and those that stay whatever is declared."""

    before: Tags
    after: Tags
    kept: Tags

    def changes(self, srn: str) -> list[Change]:
        """Return the changes in their order, which do not depend on whether setting tags leaves the others there."""
        changes = [
            Change(_resource_manager.delete_tag(srn, key), ("tags", "purge_tags"), partial(_lacks, key))
            for key in self.before
            if key not in self.after
        ]
        if not _has(self.after, self.before):
            set_tags = _resource_manager.set_tags(srn, {**self.after, **self.kept})
            changes.append(Change(set_tags, ("tags",), partial(_has, self.after)))
        return changes


def _has(wanted: Tags, shown: Tags) -> bool:
    return wanted.items() <= shown.items()


def _lacks(key: str, shown: Tags) -> bool:
    return key not in shown


def plan(present: Tags, declared: Mapping[str, Any], purge: bool) -> TagPlan:
    """Plan the way to the declared tags; without ``purge`` the others stay.

    Raises :class:`Refused` for a tag that can't be deleted.
    """
    wanted = as_tags(declared)
    before = _declarable(present)
    after = wanted if purge else dict(sorted({**before, **wanted}.items()))
    for key in NO_SEGMENTS:
        if key in before and key not in after:
            raise Refused(
                f"The tag with the key {key!r} can't be deleted, because that key can't stand in a URL.",
                todo="Delete it in the console, declare it too, or set purge_tags to false.",
            )
    return TagPlan(before, after, {key: present[key] for key in KEPT if key in present})


def _declarable(tags: Tags) -> Tags:
    """Return the tags that a task can declare."""
    return {key: value for key, value in tags.items() if key not in KEPT}


def as_tags(declared: Mapping[str, Any]) -> Tags:
    """Return declared tags as the API would show them."""
    return _of_list(_api.tag_list(declared))


def _of_list(items: Iterable[Json]) -> Tags:
    return {item["key"]: (item["value"] or "").strip() for item in sorted(items, key=lambda item: str(item["key"]))}


def srn_of(config: Config, cluster: Json) -> str:
    """Return the name that a cluster, in full or in brief, has at the Resource Manager."""
    account_id = cluster.get("account_id")
    if not account_id:
        raise Refused(
            f"SCP does not show the account of the cluster {cluster['name']}, by which its tags are looked up.",
            todo="Leave tags out.",
        )
    return _resource_manager.srn(config.environment, account_id, config.region, cluster["id"])


def read(source: Source, srn: str) -> Tags:
    """Return the tags of a resource; none where the service does not know it, as it may be of a new one."""
    return find(source, srn) or {}


def find(source: Source, srn: str) -> Tags | None:
    """Return the tags of a resource; None where the service does not know it."""

    def read_page(page: int) -> Json:
        answer = source.read(_resource_manager.list_tags(srn, PAGE_SIZE, page))
        tags = answer["content"]["tags"]
        return {"contents": tags, "count": answer["count"] or len(tags), "size": answer["size"]}

    try:
        return _of_list(_paging.read_all(read_page, PAGE_SIZE, "key", "count"))
    except ScpError as error:
        if is_gone(error):
            return None
        raise


def read_one(task: Task, cluster: Json) -> Tags:
    """Return the tags of a cluster of the task's region; none where the service does not know it yet."""
    return read(task.resource_manager, srn_of(task.resource_manager.config, cluster))


def await_some(task: Task, cluster: Json, seconds: float) -> Tags:
    """Return the tags of a new cluster once it has some; none where none show within so many seconds."""
    teller = task.waiter.teller()

    def look() -> Tags:
        shown = read_one(task, cluster)
        if not shown:
            teller.see(Progress("List Tags", cluster["name"], cluster["id"], "without tags yet"))
        return shown

    return task.waiter.finds(look, seconds) or {}


def kept(cluster: Json, detail: Json) -> Json:
    """Return a cluster's detail with the tags that the cluster in brief was shown with, if it was."""
    return extended(detail, tags=cluster["tags"]) if "tags" in cluster else detail


class Filter:
    """Tags that clusters must have. One that is wanted without a value may have any; none at all lets all pass."""

    def __init__(self, wanted: Mapping[str, Any], source: Source, config: Config) -> None:
        """``config`` is that of the Resource Manager, which ``source`` reads, for the region of the clusters."""
        self._wanted = {item["key"]: item["value"] for item in _api.tag_list(wanted)}
        self._source = source
        self._config = config
        self._looks = 0
        self._is_known = False

    def passed(self, cluster: Json) -> Json | None:
        """Return a cluster with its tags; None where it does not pass."""
        found = find(self._source, srn_of(self._config, cluster))
        self._looks += 1
        self._is_known = self._is_known or found is not None
        tags = found or {}
        passes = all(key in tags and value in (None, tags[key]) for key, value in self._wanted.items())
        return extended(cluster, tags=tags) if passes else None

    def warnings(self) -> Iterator[str]:
        """Yield what a person should know of the look-ups so far."""
        if self._looks and not self._is_known:
            yield (
                f"{self._config.endpoint} knows none of the clusters whose tags were looked up in region "
                f"{self._config.region}, environment {self._config.environment}, so that they count as without tags. "
                "Check region and environment."
            )


class Tagging:
    """The tags of one task's clusters: looked at before anything is changed, and changed after everything else."""

    def __init__(self, task: Task, declared: Mapping[str, Any] | None) -> None:
        """``declared`` is None where tags do not matter, and then nothing is sent.

        Raises :class:`ConfigurationError` where it is not known how to look them up.
        """
        self._task = task
        self._declared = declared
        self._clusters: dict[str, Json] = {}
        self._existing: frozenset[str] = frozenset()
        self._settled: list[str] = []
        self._plans: dict[str, TagPlan] = {}
        self._shown: dict[str, Tags] = {}
        if declared is not None:
            self._http = task.resource_manager

    def look(self, clusters: Iterable[Json]) -> None:
        """Read the tags of the clusters that are there, and plan their change.

        Where the user may not see them there is a warning, and they are left alone. Those of a cluster whose creation
        was under way need not show yet, so that they are waited for first.
        """
        if self._declared is None:
            return
        self._clusters = {cluster["name"]: cluster for cluster in clusters}
        self._existing = frozenset(self._clusters)
        self._settled = [name for name, its in self._clusters.items() if not self._task.found(its, _states.CREATING)]
        # Those of a cluster that is being created are compared after a wait; a dry run compares what shows already.
        foreseen = self._clusters if self._task.check_mode and self._task.params["wait"] else ()
        for name in dict.fromkeys([*self._settled, *foreseen]):
            try:
                present = read(self._http, self._srn(self._clusters[name]))
            except ScpError as error:
                if self._is_refused(error, name):
                    continue
                error.todo = f"{error.todo} {NOT_NEEDED}".strip()
                raise
            if present or name in self._settled:
                self._plan(name, present)

    def complete(self, outcome: Outcome, clusters: Iterable[Json], names: Iterable[str], part: Part) -> Outcome:
        """Make the tags of the named clusters what is declared, behind all that the outcome tells of; or tell of it.

        ``clusters`` are those of them that are there now. New ones have got their tags with their creation.
        """
        if self._declared is None:
            return outcome
        if self._task.check_mode:
            told = [change.describe() for name in self._plans for change in self._changes(name)]
            outcome.operations = [*(outcome.operations or []), *told]
            outcome.changed = outcome.changed or bool(told)
        else:
            self._fulfil(outcome, clusters)
        self._show(outcome, names, part)
        return outcome

    def complete_one(self, outcome: Outcome, subject: Json) -> Outcome:
        """Do so for an outcome that is about one cluster, which is there or declared."""
        if self._declared is None:
            return outcome
        cluster = outcome.values["cluster"]
        self.complete(outcome, [cluster] if cluster else [], [subject["name"]], lambda side, _name: side)
        outcome.values["cluster"] = self.with_tags(cluster) if cluster else None
        return outcome

    def with_tags(self, cluster: Json) -> Json:
        """Return a cluster with the tags that it was last seen with, where they were looked at."""
        if cluster["name"] not in self._shown:
            return cluster
        return extended(cluster, tags=_declarable(self._shown[cluster["name"]]))

    def _srn(self, cluster: Json) -> str:
        return srn_of(self._http.config, cluster)

    def _is_refused(self, error: ScpError, name: str) -> bool:
        """Tell whether the user may not see the tags of a cluster, and warn then."""
        if not isinstance(error, ApiError) or error.status != NOT_PERMITTED:
            return False
        self._task.warn(
            f"The tags of the cluster {name} are neither compared nor changed, because this user may not see them in "
            f"SCP's Resource Manager. {error.what} Ask for an IAM policy that allows to list and change tags there, or "
            "leave tags out."
        )
        return True

    def _show(self, outcome: Outcome, names: Iterable[str], part: Part) -> None:
        """Add the tags to the diff, but for those that the user may not see."""
        before, after = (outcome.diff or {})["before"], (outcome.diff or {})["after"]
        for name in names:
            if name in self._plans:
                part(before, name)["tags"] = self._plans[name].before
                part(after, name)["tags"] = self._plans[name].after
            elif name not in self._existing:
                part(after, name)["tags"] = as_tags(self._declared or {})

    def _changes(self, name: str) -> list[Change]:
        return self._plans[name].changes(self._srn(self._clusters[name]))

    def _fulfil(self, outcome: Outcome, clusters: Iterable[Json]) -> None:
        try:
            for name in self._plans:
                self._change(name)
            for cluster in clusters if self._task.params["wait"] else ():
                if cluster["name"] not in self._settled:
                    self._await(cluster)
        except ScpError as error:
            account_for(error, self._task.operations, outcome.values)
            raise
        outcome.operations = self._task.operations
        outcome.changed = bool(self._task.operations)

    def _change(self, name: str) -> None:
        """Change the tags of a cluster by a new look, because the first may be hours old and setting names all tags."""
        if not self._changes(name):
            return
        self._plan(name, read(self._http, self._srn(self._clusters[name])))
        changes = self._changes(name)
        for change in changes:
            if self._send(name, change):
                self._task.operations.append(change.describe())
        if changes:
            self._verify(name)

    def _plan(self, name: str, present: Tags) -> None:
        self._plans[name] = plan(present, self._declared or {}, self._task.params["purge_tags"])
        self._shown[name] = present

    def _send(self, name: str, change: Change) -> bool:
        """Send a change, and look for one whose answer was lost. False when the tag to delete was gone already."""
        try:
            self._http.write(change.call)
        except AnswerLost:
            if not self._finds(name, change.is_made, TRACE_SECONDS):
                raise
        except ApiError as error:
            if change.call.method == "DELETE" and is_gone(error):
                return False
            raise
        return True

    def _verify(self, name: str) -> None:
        """Read the tags back, because it is not documented what a change does to the others."""
        if not self._finds(name, self._test_of(self._plans[name].after), TRACE_SECONDS):
            raise OperationFailed(
                f"The tags of the cluster {name} were changed, but they are not as declared.",
                now=f"They are {self._shown[name]}.",
                todo="Look at them in the console, then run the task again.",
            )

    def _test_of(self, wanted: Tags) -> Callable[[Tags], bool]:
        """Return what tells whether tags that show are the wanted ones."""
        if self._task.params["purge_tags"]:
            return lambda shown: _declarable(shown) == wanted
        return partial(_has, wanted)

    def _await(self, cluster: Json) -> None:
        """Wait for the tags of a new cluster to show.

        Another run may have created it with others than are declared, which are changed then.
        """
        name, wanted = cluster["name"], as_tags(self._declared or {})
        is_ours = name not in self._existing
        if is_ours and not wanted:
            return
        self._clusters[name] = cluster
        is_reached = partial(_has, wanted) if is_ours else self._test_of(wanted)
        try:
            # First of all, so that a service that can't be reached is not waited for.
            self._shown[name] = read(self._http, self._srn(cluster))
            appeared = is_reached(self._shown[name]) or self._finds(name, is_reached, APPEAR_SECONDS)
        except ScpError as error:
            if not self._is_refused(error, name):
                self._task.warn(
                    f"The tags of the new cluster {name} could not be looked up. {error.msg} If the task created it, "
                    f"it has them from that. {NOT_NEEDED}"
                )
            return
        if not appeared and is_ours:
            raise WaitTimeout(
                f"The cluster {name} is there, but the tags that it was created with did not show in time.",
                now=f"Its tags are {self._shown[name]}.",
                todo="Run the task again, which sets those that are missing then.",
            )
        if not appeared:
            self._plan(name, self._shown[name])
            self._change(name)

    def _finds(self, name: str, is_reached: Callable[[Tags], bool], seconds: float) -> bool:
        """Read the tags of a cluster until they are right, for so many seconds at most.

        Raises the failure of the last look, if that was one.
        """
        cluster = self._clusters[name]
        teller = self._task.waiter.teller()
        failure: list[ScpError] = []

        def look() -> bool:
            failure.clear()
            try:
                shown = read(self._http, self._srn(cluster))
            except ScpError as error:
                failure.append(error)
                raise
            self._shown[name] = shown
            if not is_reached(shown):
                teller.see(Progress("List Tags", name, cluster["id"], "not tagged as declared yet"))
                return False
            return True

        found = self._task.waiter.finds(look, seconds)
        if failure:
            raise failure[0]
        return bool(found)
