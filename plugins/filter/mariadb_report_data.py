# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.samsungcloud.scp.plugins.module_utils import _moments, _report
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import NotUnderstood

DOCUMENTATION = r"""
name: mariadb_report_data
short_description: Turn what the info modules returned into the data of the fleet's report
version_added: 0.1.0
description:
  - Computes what the role P(samsungcloud.scp.mariadb_report#role) shows on its page. It reads nothing by itself.
options:
  _input:
    description:
      - What was found, as a dictionary with the lists C(clusters), C(engine_versions) and C(server_types) as the info
        modules return them.
      - C(backups) and C(replicas) are the results of loops over the modules
        P(samsungcloud.scp.mariadb_backup_info#module) and P(samsungcloud.scp.mariadb_replica_info#module), in which
        the loop variable is the ID of the cluster. Left out means not asked for.
      - C(stacks) is a list of dictionaries with the keys C(cluster), C(exists) and C(results), which are results of
        modules in check mode, each with its C(part). Left out means not declared.
    type: dict
    required: true
  now:
    description: The present moment, such as V(2026-11-02T04:12:09Z).
    type: str
    required: true
  backup_max_age_hours:
    description: Age in hours from which the newest backup is too old. V(0) means never.
    type: int
    default: 26
  end_of_service_days:
    description: How many days before the end of a version's service it is near.
    type: int
    default: 180
  replica_max_age_minutes:
    description: Age in minutes from which the last synchronization of a replica is too long ago. V(0) means never.
    type: int
    default: 1440
  end_of_service_dates:
    description: Last days of service, by major or full version.
    type: dict
    default: {}
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Count the clusters that need attention
  ansible.builtin.debug:
    msg: "{{ report.summary.bad }} need action, {{ report.summary.watch }} should be watched"
  vars:
    found:
      clusters: []
      engine_versions: []
      server_types: []
    report: "{{ found | samsungcloud.scp.mariadb_report_data(now='2026-11-02T04:12:09Z') }}"
"""

RETURN = r"""
_value:
  description: The data, with the keys C(summary), C(attention), C(clusters), C(versions), C(replicas), C(stacks) and
    C(shown).
  type: dict
  sample:
    summary:
      clusters: 0
      servers: 0
      bad: 0
      watch: 0
      states: []
      storage: []
      storage_gb: 0
    attention: []
    clusters: []
    versions: []
    replicas: []
    stacks: []
    shown:
      backups: false
      replicas: false
      stacks: false
"""


def mariadb_report_data(found: Any, *, now: str, end_of_service_dates: Any = None, **limits: int) -> Any:
    """Return the data of the report."""
    if not isinstance(found, Mapping):
        raise AnsibleFilterError("mariadb_report_data: the input must be a dictionary")
    moment = _moments.parse(now)
    if moment is None:
        raise AnsibleFilterError(f"mariadb_report_data: now is {now!r}, but must be like 2026-11-02T04:12:09Z")
    dates = {str(version): _day(str(version), day) for version, day in (end_of_service_dates or {}).items()}
    try:
        return _report.build(_report.Found(**found, end_of_service_dates=dates), moment, _report.Limits(**limits))
    except NotUnderstood as error:
        raise AnsibleFilterError(f"mariadb_report_data: {error.what}") from None


def _day(version: str, day: Any) -> date:
    # YAML reads a date without quotes as a date.
    try:
        return date.fromisoformat(str(day)[:10])
    except ValueError:
        told = f"the date of {version} is {str(day)!r}, but must be like 2028-02-16"
        raise AnsibleFilterError(f"mariadb_report_data: {told}") from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"mariadb_report_data": mariadb_report_data}
