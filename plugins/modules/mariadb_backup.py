#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_backup
short_description: Manage backups of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Sets and removes the backup policy of a MariaDB (DBaaS) cluster on Samsung Cloud Platform (SCP), and for how long
    binary logs are archived for a recovery to a point in time. Takes a backup at once.
extends_documentation_fragment:
  - samsungcloud.scp.attributes
  - samsungcloud.scp.restorable_states
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
  - samsungcloud.scp.wait
attributes:
  idempotent:
    support: partial
    details:
      - With O(state=synced) and O(state=taken) every run acts.
options:
  state:
    description:
      - V(present) means that the declared policy and archive setting are in force. A declared key that differs is
        changed, the others keep their values.
      - V(absent) means that no backups are taken. The archive setting stays as it is unless O(archive) says
        otherwise.
      - V(synced) makes SCP read the archive setting anew from the servers, on every run.
      - V(taken) takes a backup now, on every run, and waits until its C(backup_state) says that it is finished
        and good (see O(restorable_states)). Needs version 1.2 of the API or a later one.
    type: str
    choices: [present, absent, synced, taken]
    default: present
  archive_frequency_minute:
    description: Minutes between two archives of the binary log, which is the step of a point-in-time recovery.
    type: int
    choices: [5, 10, 30, 60]
  retention_period_day:
    description: Days that a backup is kept, from 7 to 35.
    type: int
  starting_time_hour:
    description: Hour of the day at which the backup starts, from 0 to 23.
    type: int
  archive:
    description: For how long binary logs are kept. It costs one more call to read.
    type: dict
    suboptions:
      archive_enabled:
        description: Whether they are kept.
        type: bool
        required: true
      retention_period_day:
        description: Days that they are kept, from 1 to 35.
        type: int
notes:
  - SCP is known to answer the end of a backup policy with status 401 in spite of a right signature. The message says so
    when that happens.
seealso:
  - module: samsungcloud.scp.mariadb_backup_info
  - module: samsungcloud.scp.mariadb_backup_history
  - module: samsungcloud.scp.mariadb_restore
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Back up every night at two, and keep it for two weeks
  samsungcloud.scp.mariadb_backup:
    cluster_name: orders
    archive_frequency_minute: 10
    retention_period_day: 14
    starting_time_hour: 2
    archive:
      archive_enabled: true
      retention_period_day: 7

- name: See what a longer retention would take, without doing it
  samsungcloud.scp.mariadb_backup:
    cluster_name: orders
    retention_period_day: 35
  check_mode: true
  diff: true

- name: Read the archive setting anew from the servers
  samsungcloud.scp.mariadb_backup:
    cluster_name: orders
    state: synced

- name: Take a backup before a release, and tell its number
  samsungcloud.scp.mariadb_backup:
    cluster_name: orders
    state: taken
  register: release

- name: Show the number to restore from
  ansible.builtin.debug:
    var: release.taken.backup_history_number

- name: Take no more backups
  samsungcloud.scp.mariadb_backup:
    cluster_name: orders
    state: absent
"""

RETURN = r"""
backup:
  description: The policy at the end of the run, in check mode as it is; empty when there is none.
  returned: success, except with O(state=taken)
  type: dict
  sample: {archive_frequency_minute: 10, retention_period_day: 14, starting_time_hour: 2}
archive:
  description: The archive setting at the end of the run, in check mode as it is.
  returned: success, with O(archive) or O(state=synced)
  type: dict
  sample: {archive_enabled: true, retention_period_day: 7}
taken:
  description: The backup that was taken, as SCP lists it.
  returned: success, with O(state=taken), if the run waited
  type: dict
  sample:
    backup_end_at: "2026-11-25T02:06:12Z"
    backup_history_number: "202611250201"
    backup_size_gb: 18.4
    backup_start_at: "2026-11-25T02:01:09Z"
    backup_state: COMPLETED
    backup_state_detail:
    software_version: 10.11.9
cluster_id:
  description: ID of the cluster.
  returned: success, and on a failure where it is known
  type: str
  sample: 0fdd87aab8cb46f59b7c1f81ed03fb3e
request_id:
  description:
    - ID of the last request that SCP accepted, for M(samsungcloud.scp.mariadb_request_info). V(null) when there was
      none.
  returned: success, and on a failure where it is known
  type: str
  sample: req-4f668846-8a3d-49f1-8111-451ebccf445c
operations:
  description:
    - The API operations that the run made or, in check mode, would make, in their order, with secrets hidden. Each
      has C(operation), C(method), C(path), C(options), and where there is one C(body), C(request_id) and
      C(resource_id), the ID of the cluster that is created.
  returned: always, except when the options were refused
  type: list
  elements: dict
  sample:
    - operation: Set Backup
      method: POST
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/backups
      options: [archive_frequency_minute, retention_period_day, starting_time_hour]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 400
    code: Dbaas.ValidationError.InvalidServiceState
    detail: The cluster is not in a state that allows this.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: POST
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/backups
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.RESTORABLE_STATES,
    **_spec.WAIT,
    "state": {"type": "str", "choices": ["present", "absent", "synced", "taken"], "default": "present"},
    **_spec.BACKUP_OPTION["options"],
    "archive": {
        "type": "dict",
        "options": {
            "archive_enabled": {"type": "bool", "required": True},
            "retention_period_day": {"type": "int"},
        },
    },
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _backup.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
