# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: mariadb_role_options
short_description: Convert and validate the variables of a role of this collection
version_added: 0.1.0
description:
  - The roles of this collection read their variables with it, because Ansible validates the variables of a role but
    does not convert them. A boolean that comes from a survey, from an INI inventory or from C(-e name=value) is a text
    there, and every text counts as true.
  - A blank text, null and C(omit) count as left out, so that the role's default holds.
  - Booleans are true, false, yes, no, on, off, 1 and 0 in any case, numbers may be texts, and lists may be texts with
    commas or in JSON. Dictionaries may be texts in JSON. Everything else is an error.
options:
  _terms:
    description: The folder of the role, C(role_path).
    required: true
notes:
  - It reads C(meta/argument_specs.yml) and C(defaults/main.yml) of the role. The type of an option of type C(raw) there
    is the type of its default, or a dictionary if it has options and no default.
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Show how a role reads its variables
  ansible.builtin.debug:
    msg: "{{ lookup('samsungcloud.scp.mariadb_role_options', folder ~ '/roles/mariadb_failover') }}"
  vars:
    folder: "{{ lookup('ansible.builtin.config', 'COLLECTIONS_PATHS') | first }}/ansible_collections/samsungcloud/scp"
    mariadb_failover_origin_lost: "no"
    mariadb_failover_max_lag_seconds: ""
"""

RETURN = r"""
_raw:
  description:
    - For each folder a dictionary. C(options) has a value for each option, by its name without the name of the role.
      C(errors) is a list of sentences, each of which names a variable, its value and the rule that it breaks.
  type: list
  elements: dict
  sample:
    - options:
        origin_lost: false
        wait_timeout: 7200
      errors: []
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleValueOmittedError
from ansible.plugins.lookup import LookupBase

from ansible_collections.samsungcloud.scp.plugins.plugin_utils import _omissions, _role_options


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup."""

    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        """Return the options and errors of each role."""
        self.set_options(var_options=variables, direct=kwargs)
        return [self._read(Path(folder), variables or {}) for folder in terms]

    def _read(self, folder: Path, variables: Mapping[str, Any]) -> dict[str, Any]:
        specs = self._loaded(folder / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
        defaults = self._loaded(folder / "defaults" / "main.yml")
        values, errors = _role_options.read(
            specs,
            {name: self._value(variables[name]) for name in specs if name in variables},
            {name: self._value(value) for name, value in defaults.items()},
        )
        options = {name.removeprefix(f"{folder.name}_"): value for name, value in values.items()}
        return {"options": options, "errors": [*errors, *_role_options.violations(folder.name, options)]}

    def _loaded(self, path: Path) -> Any:
        if not self._loader.path_exists(str(path)):
            raise AnsibleError(
                f"mariadb_role_options: {path} does not exist, but the term must be the folder of a role"
            )
        return self._loader.load_from_file(str(path), trusted_as_template=True)

    def _value(self, value: Any) -> Any:
        try:
            return _omissions.resolved(value, self._templar)
        except AnsibleValueOmittedError:
            return None
