# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares what came of a task as a module and inside Ansible's worker."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from harness.simulator import Json

# The number of a backup is made of the minute in which it was taken.
ID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|(?<![0-9a-f])20\d{10}(?![0-9a-f])"
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
# The name of a resource in a path.
SRN = re.compile(r"(?<=/v1/tags/)c3Ju[A-Za-z0-9]+=*")
# What Ansible itself adds to a result.
OF_ANSIBLE = re.compile(r"_ansible_.*|exception")
# What passes with time.
PASSING = ("latest_age_hours",)
TOLD_OF_CALLS = ("operation", "method", "path", "query", "body", "version", "status", "fault")


def differences(record: Path) -> list[str]:
    """Tell of each task of which the two ways did not come to the same."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    told = (difference(json.loads(line)) for line in lines)
    return [difference for difference in told if difference]


def difference(both: Json) -> str:
    module, in_process = comparable(both["module"]), comparable(both["in_process"])
    if module == in_process:
        return ""
    return f"{both['task']}\n  as a module: {module}\n  in process:  {in_process}"


def comparable(way: Json) -> str:
    """Return a result and its calls as a text in which the two ways have to agree."""
    result = {key: value for key, value in way["result"].items() if not OF_ANSIBLE.fullmatch(key)}
    told = readable(json.dumps(without_passing(result), sort_keys=True))
    writes = json.dumps([call["body"] for call in way["calls"]])
    # What is created, and what was put there for the test, has another id each time.
    names: dict[str, str] = {}
    for found in ID.findall(told + writes):
        names.setdefault(found, f"id {len(names) + 1}")
    text = "\n".join([told, *steps(way["calls"], names)])
    return TIME.sub("a time", named(text, names))


def steps(calls: list[Json], names: dict[str, str]) -> Iterator[str]:
    """Yield the writes, and the reads between them in no order: several go out at a time.

    How often a wait looks, and at what, depends on time. So equal reads are told once, and of those behind a write only
    what they are for, without those of the request.
    """
    has_written = False
    for is_read, group in groupby(calls, key=lambda call: call["method"] == "GET"):
        looked = [call for call in group if not has_written or call["operation"] != "Show Request"]
        keys = ("operation", "path") if is_read and has_written else TOLD_OF_CALLS
        told = [json.dumps({key: call[key] for key in keys}, sort_keys=True) for call in looked]
        yield from sorted({named(call, names) for call in told}) if is_read else told
        has_written = has_written or not is_read


def readable(text: str) -> str:
    """The text with the ids that are hidden in names of resources."""
    return SRN.sub(lambda found: base64.b64decode(found[0]).decode(), text)


def named(text: str, names: dict[str, str]) -> str:
    return ID.sub(lambda found: names.get(found[0], "an id"), readable(text))


def without_passing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_passing(item) for key, item in value.items() if key not in PASSING}
    return [without_passing(item) for item in value] if isinstance(value, list) else value
