#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_log_export_info
short_description: List log exports of a MariaDB cluster on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the log exports of a MariaDB (DBaaS) cluster. The keys of their buckets are never shown.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
options:
  log_type:
    description: Only the export of this log.
    type: str
    choices: [alert, audit, slow]
seealso:
  - module: samsungcloud.scp.mariadb_log_export
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Show the log exports of the orders cluster
  samsungcloud.scp.mariadb_log_export_info:
    cluster_name: orders
"""

RETURN = r"""
log_exports:
  description: The exports, those that are not registered as well.
  returned: success
  type: list
  elements: dict
  sample:
    - bucket_name: orders-logs
      delete_on_export: false
      is_bucket_deleted: false
      is_registered: true
      log_label: DB Slow Query Log
      log_type: slow
      schedule_day_of_month: null
      schedule_day_of_week: MON
      schedule_frequency_type: WEEK
      schedule_hour: "3"
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

from ansible_collections.samsungcloud.scp.plugins.module_utils import _log_export, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    "log_type": {"type": "str", "choices": list(_spec.LOG_TYPES)},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _log_export.info


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
