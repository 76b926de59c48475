#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_backup_history
short_description: Remove backups of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Removes backups that were taken of a MariaDB (DBaaS) cluster on Samsung Cloud Platform (SCP), by number, by age,
    or all but the last ones.
extends_documentation_fragment:
  - samsungcloud.scp.attributes
  - samsungcloud.scp.restorable_states
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
  - samsungcloud.scp.wait
options:
  state:
    description: V(absent) means that the selected backups are removed.
    type: str
    choices: [absent]
    default: absent
  backup_history_numbers:
    description:
      - Numbers of the backups to remove, whatever their C(backup_state). Numbers that are not there are removed
        already.
    type: list
    elements: str
  older_than_days:
    description:
      - Remove the backups that ended more days ago than this.
      - With O(keep_last) as well, a backup goes only if both give it up.
      - A backup that is not finished, or whose C(backup_state) is no known word, stays, with a warning.
    type: int
  keep_last:
    description:
      - Keep so many of the newest backups that are finished and known to be good, and remove the others.
      - A backup that is not finished, or whose C(backup_state) is no known word, stays and does not count.
    type: int
  remove_last_restorable:
    description: Whether to remove backups even if none is left afterwards that the cluster could be restored from.
    type: bool
    default: false
notes:
  - SCP is known to answer the removal with status 401 in spite of a right signature. The message says so when that
    happens.
seealso:
  - module: samsungcloud.scp.mariadb_backup_info
  - module: samsungcloud.scp.mariadb_backup
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: See which backups are older than 30 days and not among the last 3
  samsungcloud.scp.mariadb_backup_history:
    cluster_name: orders
    older_than_days: 30
    keep_last: 3
  check_mode: true
  register: outdated

- name: Remove one backup
  samsungcloud.scp.mariadb_backup_history:
    cluster_name: orders
    backup_history_numbers:
      - "202610010200"
    state: absent

- name: Remove the backups of a cluster that goes, the last one as well
  samsungcloud.scp.mariadb_backup_history:
    cluster_name: orders
    keep_last: 0
    remove_last_restorable: true
"""

RETURN = r"""
removed:
  description: The backups that were removed or, in check mode, would be, the newest first.
  returned: success
  type: list
  elements: dict
  sample:
    - backup_end_at: "2026-10-01T02:14:40Z"
      backup_history_number: "202610010200"
      backup_size_gb: "12"
      backup_start_at: "2026-10-01T02:00:00Z"
      backup_state: COMPLETED
      backup_state_detail: ""
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
    - operation: Remove Backup Histories
      method: PUT
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/backup-histories
      options: [older_than_days, keep_last]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 401
    code: Dbaas.Unauthorized.AuthNFailed
    detail: The signature does not match.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: PUT
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/backup-histories
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup_history, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.RESTORABLE_STATES,
    **_spec.WAIT,
    "state": {"type": "str", "choices": ["absent"], "default": "absent"},
    "backup_history_numbers": {"type": "list", "elements": "str"},
    "older_than_days": {"type": "int"},
    "keep_last": {"type": "int", "no_log": False},
    "remove_last_restorable": {"type": "bool", "default": False},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": [
        *_spec.CLUSTER_EXCLUSIVE,
        ("backup_history_numbers", "older_than_days"),
        ("backup_history_numbers", "keep_last"),
    ],
    "required_one_of": [*_spec.CLUSTER_REQUIRED, ("backup_history_numbers", "older_than_days", "keep_last")],
}
RESOURCE = _backup_history.ensure_absent


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
