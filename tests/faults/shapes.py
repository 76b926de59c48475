# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape matrix: every field of every answer in other forms than the simulator gives it.

One cell is a scenario, one field of one operation's answer as the contract has it, one mutation of its value, and how
long that lasts. The task runs twice with it and once without. A value that the contract allows as well is a true one of
another cluster, so that the task may act on it; any other has to come to the same as without it, or to a failure that
names the field.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from jsonschema import Draft202012Validator

from faults.matrix import Clean, accepted, clean, difference, leak, settled, untold
from faults.scenarios import SCENARIOS
from faults.world import Json, Reply, Run, World
from simulator.contract import load_newest, load_resource_manager

MISSING = object()
ITEM = "[]"
# Seconds beyond those of the clean run that a task may take: for readings that are not understood or do not agree, for
# what SCP does not show at once, and for the repetitions of reads.
PATIENCE = 240.0
# Where a form says something else, the task also waits for the tags of a new cluster, which are seen to show late.
PATIENCE_FOR_OTHERS = 420.0
LASTING, AFTER_WRITE, ONCE = "always", "after the first write", "once"
UNEXPECTED = "unexpected error"
PROBLEMS = ("traceback", "surprise", "wait", "untrue", "untold", "leaked")
WORD = "ZORK"
OBJECT = "object"


@dataclass(frozen=True)
class Mutation:
    """``change`` returns another form of a value, or the value itself where there is none."""

    name: str
    change: Callable[[Any, str], Any]


def other_type(value: Any, _name: str) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value


def other_case(value: Any, _name: str) -> Any:
    return value.capitalize() if isinstance(value, str) and value.isupper() else value


def padded(value: Any, name: str) -> Any:
    if name == "software_version":
        return f"MariaDB {value}"
    if name == "starting_time" and isinstance(value, str) and len(value) == 4:
        return f"{value[:2]}:{value[2:]}"
    units = {"size_gb": "GB", "retention_period_day": " days", "archive_frequency_minute": " minutes"}
    if name in units and value is not None:
        return f"{value}{units[name]}"
    return f" {value} " if isinstance(value, str) and value else value


def other_address(value: Any, name: str) -> Any:
    if name == "allowable_ip_addresses" and isinstance(value, list):
        return [text.replace("/24", "/255.255.255.0").replace("/32", "") for text in value]
    return value


def reordered(value: Any, _name: str) -> Any:
    return value[::-1] if isinstance(value, list) else value


def with_extra_key(value: Any, _name: str) -> Any:
    return {**value, "later": {"more": [1]}} if isinstance(value, dict) else value


def only(kinds: type | tuple[type, ...], form: Any) -> Callable[[Any, str], Any]:
    """Put something in the place of values of these types."""
    return lambda value, name: form if isinstance(value, kinds) else value


MUTATIONS = {
    mutation.name: mutation
    for mutation in (
        Mutation("missing", lambda value, name: MISSING),
        Mutation("null", lambda value, name: None),
        Mutation("empty text", only((str, int, float, bool, list, dict), "")),
        Mutation("other type", other_type),
        Mutation(OBJECT, lambda value, name: {"value": value}),
        Mutation("list", only((str, int, float, bool, dict), [None])),
        Mutation("other case", other_case),
        Mutation("unknown word", only(str, WORD)),
        Mutation("padded", padded),
        Mutation("other spelling", other_address),
        Mutation("other order", reordered),
        Mutation("extra key", with_extra_key),
        Mutation("not a number", lambda value, name: float("nan") if name in ("count", "total_count") else value),
        Mutation("zero", lambda value, name: 0 if name in ("count", "total_count") else value),
        Mutation("too many", lambda value, name: value + 1000 if name in ("count", "total_count") else value),
    )
}
ERRORS_IN_SUCCESS = "errors with a status of success"
PAGING_IGNORED = "paging ignored"
FILTER_IGNORED = "filters ignored"
PAGING = ("page", "size", "limit")
OF_ANSWERS = (ERRORS_IN_SUCCESS, PAGING_IGNORED, FILTER_IGNORED)
# These change the form of a value and not what it says.
OF_FORM = ("other type", "other case", "padded", "other spelling", "other order", "extra key", *OF_ANSWERS[1:])


@dataclass(frozen=True)
class Field:
    """One field of an answer. ``path`` leads to it, through all items of lists."""

    path: tuple[str, ...]
    is_required: bool
    document: int
    schema: Json = field(hash=False, compare=False)

    @property
    def name(self) -> str:
        return next((part for part in reversed(self.path) if part != ITEM), "")

    def __str__(self) -> str:
        return ".".join(self.path).replace(f".{ITEM}", ITEM)


@dataclass(frozen=True)
class Cell:
    scenario: str
    operation: str
    field: Field | None
    mutation: str
    lasts: str
    position: int = -1

    def __str__(self) -> str:
        return f"{self.scenario} | {self.operation} | {self.field or 'answer'} | {self.mutation} | {self.lasts}"


@dataclass
class Verdict:
    """``problems`` holds what is wrong by its class: traceback, surprise, wait, untrue, untold or leaked."""

    cell: Cell
    told: bool = False
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """One answer of a clean run."""

    position: int
    operation: str
    method: str
    query: str
    status: int
    body: Any


class Documents:
    """The contracts with which calls are told apart."""

    def __init__(self) -> None:
        self._contracts = [load_newest(), load_resource_manager()]

    def title_of(self, request: requests.PreparedRequest) -> str:
        for contract in self._contracts:
            match = contract.match(str(request.method), urlsplit(str(request.url)).path)
            if match:
                return match.operation.title
        return ""

    def fields_of(self, title: str) -> list[Field]:
        """Return every field of an operation's answer."""
        for number, contract in enumerate(self._contracts):
            for operation in contract.operations.values():
                if operation.title == title:
                    return list(self._fields(number, contract.schema_of_answer(operation)))
        return []

    def validator(self, where: Field) -> Draft202012Validator:
        return Draft202012Validator({**where.schema, "components": self._contracts[where.document].components})

    def _fields(self, number: int, schema: Json, path: tuple[str, ...] = ()) -> Iterator[Field]:
        schema = self._contracts[number].resolved(schema)
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            yield Field((*path, name), name in required, number, inner)
            yield from self._fields(number, inner, (*path, name))
        if "items" in schema:
            inner = self._contracts[number].resolved(schema["items"])
            if inner.get("type") == "object":
                yield Field((*path, ITEM), is_required=True, document=number, schema=schema["items"])
            yield from self._fields(number, inner, (*path, ITEM))


@cache
def documents() -> Documents:
    return Documents()


@cache
def fields_of(operation: str) -> tuple[Field, ...]:
    return tuple(documents().fields_of(operation))


def mutated(answer: Any, where: Field, mutation: Mutation) -> tuple[Any, list[Any]]:
    """Return an answer with a field in another form, and those values; none where the form is the same."""
    changed = copy.deepcopy(answer)
    forms: list[Any] = []
    change(changed, where.path, mutation, forms)
    return changed, forms


def change(value: Any, path: tuple[str, ...], mutation: Mutation, forms: list[Any]) -> None:
    head, *rest = path
    places: list[Any] = list(range(len(value))) if head == ITEM and isinstance(value, list) else [head]
    name = head
    for place in places:
        if not isinstance(value, (dict, list)) or (isinstance(value, dict) and place not in value):
            continue
        if rest:
            change(value[place], tuple(rest), mutation, forms)
            continue
        form = mutation.change(value[place], name)
        if form is not MISSING and same(form, value[place]):
            continue
        forms.append(form)
        if form is MISSING and isinstance(value, dict):
            del value[place]
        else:
            value[place] = None if form is MISSING else form


def same(form: Any, value: Any) -> bool:
    return type(form) is type(value) and bool(form == value)


def is_legal(where: Field, forms: list[Any]) -> bool:
    """Tell whether the contract allows these values too."""
    validator = documents().validator(where)
    return all(not where.is_required if form is MISSING else validator.is_valid(form) for form in forms)


@cache
def examples(scenario: str) -> tuple[list[Example], float]:
    """Return the answers of a clean run, and the seconds that it took."""
    found: list[Example] = []
    world = SCENARIOS[scenario].world()

    def service(request: requests.PreparedRequest) -> Reply:
        status, headers, body = world.act(request)
        position = world.position - 1
        decoded = json.loads(body) if body else None
        query = urlsplit(str(request.url)).query
        title = documents().title_of(request)
        found.append(Example(position, title, str(request.method), query, status, decoded))
        return status, headers, body

    world.service = service
    before = world.time.passed
    world.run(SCENARIOS[scenario].module, SCENARIOS[scenario].options)
    return found, world.time.passed - before


def cells(names: list[str] | None = None) -> Iterator[Cell]:
    """Every form of every field in these scenarios, or in all, for good."""
    for name in names or SCENARIOS:
        answers = [one for one in examples(name)[0] if 200 <= one.status < 300 and one.operation]
        for operation in dict.fromkeys(one.operation for one in answers):
            of_operation = [one for one in answers if one.operation == operation]
            yield from (Cell(name, operation, where, mutation, LASTING) for where, mutation in forms_of(of_operation))


def forms_of(answers: list[Example]) -> Iterator[tuple[Field | None, str]]:
    yield None, ERRORS_IN_SUCCESS
    queries = {key for one in answers for key, _value in parse_qsl(one.query)}
    if queries.intersection(PAGING):
        yield None, PAGING_IGNORED
    if queries.difference(PAGING):
        yield None, FILTER_IGNORED
    for where in fields_of(answers[0].operation):
        for mutation in MUTATIONS.values():
            if any(mutated(one.body, where, mutation)[1] for one in answers):
                yield where, mutation.name


def judge_all(scenario: str) -> Iterator[Verdict]:
    """Judge every form of every field, for good; of those that the task reads also later on, and once.

    Nobody understands an object in the place of anything else. A task that does not mind one does not read the field.
    """
    unread: set[tuple[str, Field | None]] = set()
    for cell in sorted(cells([scenario]), key=lambda cell: cell.mutation != OBJECT):
        verdict = judge(cell)
        yield verdict
        if cell.mutation == OBJECT and not verdict.told and not verdict.problems:
            unread.add((cell.operation, cell.field))
        if (cell.operation, cell.field) not in unread:
            yield from map(judge, later(cell))


def later(cell: Cell) -> Iterator[Cell]:
    """Yield the form of a cell from the first write on, and at the next answer alone.

    What a form says does not depend on when it comes, and of a narrow scenario there are others of the kind.
    """
    answers = examples(cell.scenario)[0]
    first_write = next((one.position for one in answers if one.method != "GET"), len(answers))
    behind = [one for one in answers if one.position > first_write and one.operation == cell.operation]
    if cell.mutation in OF_FORM or SCENARIOS[cell.scenario].narrow or not behind or behind[0].method != "GET":
        return
    yield replace(cell, lasts=AFTER_WRITE)
    yield replace(cell, lasts=ONCE, position=behind[0].position)


@dataclass
class Shaper:
    """Gives the answers of a service another shape while a cell lasts."""

    world: World
    cell: Cell
    is_after_write: bool = False
    is_legal: bool = True

    def __call__(self, request: requests.PreparedRequest) -> Reply:
        applies = self._applies(request)
        if applies and self.cell.mutation in (PAGING_IGNORED, FILTER_IGNORED):
            request = without_query(request, self.cell.mutation)
        status, headers, body = self.world.act(request)
        if request.method != "GET" and 200 <= status < 300:
            self.is_after_write = True
        if applies and 200 <= status < 300 and body:
            body = self._changed(body)
            headers = {**headers, "content-length": str(len(body))}
        return status, headers, body

    def _applies(self, request: requests.PreparedRequest) -> bool:
        if documents().title_of(request) != self.cell.operation:
            return False
        if self.cell.lasts == ONCE:
            return self.world.position - 1 == self.cell.position
        return self.cell.lasts == LASTING or self.is_after_write

    def _changed(self, body: bytes) -> bytes:
        if self.cell.mutation == ERRORS_IN_SUCCESS:
            self.is_legal = False
            problem = {"code": "Dbaas.Odd", "detail": "Something is odd", "request_id": "req-odd"}
            return json.dumps({"errors": [problem]}).encode()
        if self.cell.field is None:
            self.is_legal = False
            return body
        answer, forms = mutated(json.loads(body), self.cell.field, MUTATIONS[self.cell.mutation])
        self.is_legal = self.is_legal and is_legal(self.cell.field, forms)
        return json.dumps(answer).encode()


def without_query(request: requests.PreparedRequest, mutation: str) -> requests.PreparedRequest:
    parts = urlsplit(str(request.url))
    kept = [
        (key, value) for key, value in parse_qsl(parts.query) if (key in PAGING) is not (mutation == PAGING_IGNORED)
    ]
    changed = request.copy()
    changed.url = urlunsplit(parts._replace(query=urlencode(kept)))
    return changed


def judge(cell: Cell) -> Verdict:
    """Run a cell and return what it came to."""
    scenario, expected = SCENARIOS[cell.scenario], clean(cell.scenario)
    world = scenario.world()
    shaper = Shaper(world, cell)
    world.service = shaper
    before = world.time.passed
    first = world.run(scenario.module, scenario.options)
    seconds = world.time.passed - before
    if cell.lasts == ONCE:
        world.service = world.act
    again = world.run(scenario.module, scenario.options)
    world.service = world.act
    verdict = Verdict(cell, told=first.failed or again.failed)
    runs = (first, again)
    found = {
        "traceback": next(filter(None, map(traceback, runs)), ""),
        "wait": slowness(cell, seconds, shaper.is_legal),
        "surprise": "" if shaper.is_legal else surprise(expected, first, again),
        "untrue": "" if shaper.is_legal or expected.rejected else untruth(world, expected, first, again),
        "untold": next(filter(None, map(untold, runs)), "") or unnamed(cell, shaper, runs, expected),
        "leaked": leak(world, *runs),
    }
    verdict.problems = {name: text for name, text in found.items() if text}
    return verdict


def traceback(run: Run) -> str:
    if run.crash:
        return run.crash
    message = str(run.result and run.result.get("msg"))
    return message if UNEXPECTED in message else ""


def slowness(cell: Cell, seconds: float, is_legal: bool) -> str:
    usual, patience = examples(cell.scenario)[1], PATIENCE_FOR_OTHERS if is_legal else PATIENCE
    return f"{seconds:.0f} s, and {usual:.0f} s in a clean run" if seconds > usual + patience else ""


def surprise(expected: Clean, first: Run, again: Run) -> str:
    """Return what a run sent that a clean one does not."""
    more = accepted(first) + accepted(again) - expected.allowed
    if not more and not first.failed:
        more = accepted(again) - expected.again
    return ", ".join(f"{name} ({count})" for name, count in more.items())


def untruth(world: World, expected: Clean, first: Run, again: Run) -> str:
    """Return how the state differs from what a successful run says."""
    if again.failed and first.failed:
        return ""
    state = settled(world)
    return "" if state == expected.state else difference(expected.state, state)


def unnamed(cell: Cell, shaper: Shaper, runs: tuple[Run, ...], expected: Clean) -> str:
    """Return a failure that does not name what is wrong with the answer."""
    if shaper.is_legal or expected.rejected:
        return ""
    names = {cell.operation, "Something is odd", WORD}
    if cell.field is not None:
        names.add(cell.field.name)
    failed = [str(run.result["msg"]) for run in runs if run.failed and run.result]
    return next(
        (f"a failure that names no field: {msg}" for msg in failed if not any(name in msg for name in names)), ""
    )
