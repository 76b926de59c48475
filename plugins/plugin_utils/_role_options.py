# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of a role, converted and validated against the role's argument specification.

Ansible's own validation checks types, but converts nothing: a boolean that comes from a survey, from an ini inventory
or from ``-e name=value`` stays a text, and any text counts as true. It also rejects a blank text for every type but
texts, so that options for which a blank counts as left out have the type ``raw`` there. Their real type is that of
their default.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import ModuleType
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _backup,
    _cluster_plan,
    _log_export,
    _parameters,
    _replica,
    _rules,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput
from ansible_collections.samsungcloud.scp.plugins.modules import (
    mariadb_backup,
    mariadb_cluster,
    mariadb_log_export,
    mariadb_parameters,
    mariadb_replica,
)

Json = dict[str, Any]

TRUE = ("true", "yes", "on", "1")
FALSE = ("false", "no", "off", "0")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
LONGEST_SHOWN = 80
TYPES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (list, "list"),
    (dict, "dict"),
)
RULES = {
    "bool": "valid values are true and false",
    "int": "must be a whole number of 0 or more",
    "float": "must be a number of 0 or more",
    "list": "must be a list",
    "dict": "must be a dictionary",
    "str": "must be a text, in quotes if YAML reads it as something else",
}


# The modules that the parts of a stack go to, and what each of them refuses before it sends anything.
PARTS: dict[str, tuple[ModuleType, Callable[..., None]]] = {
    "cluster": (mariadb_cluster, _cluster_plan.check),
    "backup": (mariadb_backup, _backup.check),
    "parameters": (mariadb_parameters, _parameters.check),
    "log_exports": (mariadb_log_export, _log_export.check),
    "replicas": (mariadb_replica, _replica.check),
}
# The modules' rules for other options that roles hand on.
HANDED_ON: dict[str, Mapping[str, _rules.Rule]] = {
    "mariadb_failover": _rules.ADDRESSED,
    "mariadb_restore_drill": {**_rules.RESTORE, "terminate_timeout": _rules.WAIT_TIMEOUT},
    "mariadb_upgrade": _rules.ADDRESSED,
}


class Rejected(Exception):
    """A value that breaks a rule; the text names option, value and rule."""


def read(specs: Mapping[str, Json], given: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[Json, list[str]]:
    """Return a value for each option, and what is wrong with the given ones.

    An option that is left out, blank, null or wrong has its default, or else None.
    """
    values: Json = {}
    errors: list[str] = []
    for name, spec in specs.items():
        values[name] = defaults.get(name, spec.get("default"))
        value = given.get(name)
        if not is_blank(value):
            try:
                values[name] = convert(name, value, spec)
            except Rejected as error:
                errors.append(str(error))
        elif spec.get("required"):
            errors.append(f"{name} is required.")
    return values, errors


def violations(role: str, options: Mapping[str, Any]) -> list[str]:
    """Return what a module would refuse of a role's options, which have no prefix here."""
    given = {name: value for name, value in options.items() if not is_blank(value)}
    problems = [*_rules.violations(given, HANDED_ON.get(role, {})), *_rules.declared_tag_violations(given.get("tags"))]
    errors = [f"{role}_{problem}." for problem in problems]
    # In a report of several stacks, what a module refuses shows as a difference.
    if "stack" in given:
        stack = _to_terminate(given["stack"]) if given.get("state") == "absent" else given["stack"]
        errors += _violations_of_stack(f"{role}_stack", stack)
    return errors


def _to_terminate(stack: Json) -> Json:
    """Return what of a stack counts when it is terminated."""
    cluster = {name: stack["cluster"][name] for name in _cluster_plan.ADDRESS if name in stack["cluster"]}
    return {"cluster": {**cluster, "state": "absent"}}


def _violations_of_stack(name: str, stack: Json) -> Iterator[str]:
    for part, (module, check) in PARTS.items():
        declared = stack.get(part)
        items = enumerate(declared or []) if part == "log_exports" else [("", declared)]
        for position, options in items:
            path = f"{name}.{part}" + (f"[{position}]" if part == "log_exports" else "")
            # The roles leave out a part that is empty, and replicas without one.
            if options and (part != "replicas" or options.get("replicas")):
                yield from _violations_of_part(path, options, module.ARGUMENT_SPEC, check)


def _violations_of_part(path: str, options: Json, spec: Json, check: Callable[..., None]) -> Iterator[str]:
    # Names that the module does not know are the business of the roles.
    known = {name: value for name, value in options.items() if name in spec}
    try:
        declared = convert(path, known, {"type": "dict", "options": _hiding(spec)})
        check({"state": spec["state"]["default"], **declared}, *([declared.get("tags")] if "tags" in spec else []))
    except Rejected as error:
        yield str(error)
    except InvalidInput as error:
        yield from (f"{path}.{problem}." for problem in error.problems)


def _hiding(spec: Json) -> Json:
    """Return options of a module for :func:`convert`, which shows no value then: it can be a key in the wrong place."""
    return {
        name: {
            **entry,
            "no_log": True,
            "minimum": -math.inf,
            **({"options": _hiding(entry["options"])} if "options" in entry else {}),
        }
        for name, entry in spec.items()
    }


def is_blank(value: Any) -> bool:
    """Return whether a value counts as left out."""
    return value is None or (isinstance(value, str) and not value.strip())


def type_of(spec: Json) -> str:
    """Return the type of an option; for ``raw`` that of its default, or a dictionary where it has options."""
    wanted = str(spec.get("type", "str"))
    if wanted == "raw":
        default = spec.get("default", {} if "options" in spec else None)
        return next((name for one, name in TYPES if isinstance(default, one)), "raw")
    return "str" if wanted == "path" else wanted


def convert(name: str, value: Any, spec: Json) -> Any:
    """Return a value in the option's type, or raise Rejected."""
    wanted = type_of(spec)
    converted: Any = None
    if wanted == "raw":
        return value
    if wanted == "bool":
        converted = _boolean(value)
    elif wanted in ("int", "float"):
        converted = _number(value, wanted, spec.get("minimum", 0))
    elif wanted == "list":
        converted = _list(name, value, spec)
    elif wanted == "dict":
        converted = _dictionary(name, value, spec)
    else:
        converted = _text(value)
    rule = RULES[wanted] if converted is None else ""
    choices = spec.get("choices")
    if choices and converted not in choices:
        rule = f"valid values are {', '.join(map(str, choices))}"
    if rule:
        raise Rejected(f"{name} is {_shown(value, spec)}, but {rule}.")
    return converted


def _boolean(value: Any) -> bool | None:
    word = str(value).strip().lower() if isinstance(value, (bool, int, str)) else ""
    return True if word in TRUE else False if word in FALSE else None


def _number(value: Any, wanted: str, minimum: float) -> float | None:
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not math.isfinite(value) or value < minimum or (wanted == "int" and value != int(value)):
        return None
    return int(value) if wanted == "int" else value


def _text(value: Any) -> str | None:
    if isinstance(value, date):
        # YAML reads a date or a time without quotes as one.
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return value if isinstance(value, str) else str(value)


def _list(name: str, value: Any, spec: Json) -> list[Any] | None:
    of_dictionaries = "options" in spec or spec.get("elements") == "dict"
    if isinstance(value, str):
        text = value.strip()
        if text.startswith(("[", "{")) or of_dictionaries:
            value = _parsed(text)
        else:
            value = [part.strip() for part in text.split(",")]
    if not isinstance(value, (list, tuple)):
        return None
    element = {"type": "dict" if of_dictionaries else spec.get("elements", "str")}
    element.update({key: spec[key] for key in ("options", "no_log") if key in spec})
    items = []
    for position, item in enumerate(value):
        if is_blank(item):
            raise Rejected(f"{name}[{position}] is blank, but an item of a list must have a value.")
        items.append(convert(f"{name}[{position}]", item, element))
    return items


def _dictionary(name: str, value: Any, spec: Json) -> Json | None:
    """Return a dictionary without its blank values; one that has nothing else counts as left out."""
    if isinstance(value, str):
        value = _parsed(value)
    if not isinstance(value, Mapping):
        return None
    options = spec.get("options")
    if options is None:
        return dict(value)
    unknown = [f"{name}.{key}" for key in value if key not in options]
    if unknown:
        valid = ", ".join(sorted(options))
        raise Rejected(f"Unknown options: {', '.join(unknown)}. Valid options of {name} are {valid}.")
    missing = [key for key, entry in options.items() if entry.get("required") and is_blank(value.get(key))]
    if missing:
        raise Rejected(f"Missing options of {name}: {', '.join(missing)}.")
    declared: Json = {}
    for key, entry in value.items():
        if not is_blank(entry):
            converted = convert(f"{name}.{key}", entry, options[key])
            # An empty dictionary means "none", one of blanks does not.
            if converted != {} or not entry:
                declared[key] = converted
    return declared


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _shown(value: Any, spec: Json) -> str:
    """Return a value as a message may show it: nothing that is or may hold a secret."""
    if spec.get("no_log") or isinstance(value, (list, tuple, Mapping)) or type_of(spec) in ("list", "dict"):
        names = [(bool, "a boolean"), (str, "a text"), ((int, float), "a number"), ((list, tuple), "a list")]
        return next((name for one, name in names if isinstance(value, one)), "a dictionary")  # type: ignore[arg-type]
    text = str(value)
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "...")
