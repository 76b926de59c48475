#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_backup_info
short_description: List backups of a MariaDB cluster on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the backups that were taken of a MariaDB (DBaaS) cluster, and shows for how long binary logs are archived.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.restorable_states
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
seealso:
  - module: samsungcloud.scp.mariadb_backup
  - module: samsungcloud.scp.mariadb_backup_history
  - module: samsungcloud.scp.mariadb_restore
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Show the backups of the orders cluster
  samsungcloud.scp.mariadb_backup_info:
    cluster_name: orders
"""

RETURN = r"""
backups:
  description: The backups, the newest first.
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
restorable:
  description: Numbers of the backups that are finished and known to be good (see O(restorable_states)), the newest
    first.
  returned: success
  type: list
  elements: str
  sample: ["202610010200"]
latest:
  description: The newest of RV(restorable), null if there is none.
  returned: success
  type: dict
  sample:
    backup_end_at: "2026-10-01T02:14:40Z"
    backup_history_number: "202610010200"
    backup_size_gb: "12"
    backup_start_at: "2026-10-01T02:00:00Z"
    backup_state: COMPLETED
    backup_state_detail: ""
    software_version: 10.11.9
latest_age_hours:
  description: Hours since RV(latest) began, null if there is none. What came after its beginning it may lack.
  returned: success
  type: float
  sample: 10.5
archive:
  description: The archive setting.
  returned: success
  type: dict
  sample: {archive_enabled: true, retention_period_day: 7}
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 404
    code: null
    detail: null
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: GET
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _backup_history, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.RESTORABLE_STATES,
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _backup_history.info


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
