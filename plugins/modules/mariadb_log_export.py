#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_log_export
short_description: Manage log exports of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Registers, changes and unregisters the export of a log of a MariaDB (DBaaS) cluster on Samsung Cloud Platform
    (SCP) to a bucket of Object Storage, and exports a log now.
extends_documentation_fragment:
  - samsungcloud.scp.attributes
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
  - samsungcloud.scp.wait
attributes:
  idempotent:
    support: partial
    details:
      - With O(state=exported) or O(update_keys=always) every run acts.
options:
  state:
    description:
      - V(present) means that the log is exported on the declared schedule.
      - V(exported) exports the log now, on every run. It must be registered.
      - V(absent) means that the log is not exported.
    type: str
    choices: [present, exported, absent]
    default: present
  log_type:
    description: Which log.
    type: str
    choices: [alert, audit, slow]
    required: true
  bucket_name:
    description: Name of the bucket. Required to register. Can't be changed; unregister first.
    type: str
  bucket_access_key:
    description: Access key with access to the bucket. Required to register, and to change anything.
    type: str
  bucket_secret_key:
    description: Secret key that belongs to O(bucket_access_key).
    type: str
  update_keys:
    description:
      - SCP never tells the keys of the bucket, so that a changed key can't be seen. V(always) sends them on every
        run, V(on_create) only when something else is sent as well.
    type: str
    choices: [on_create, always]
    default: on_create
  delete_on_export:
    description: Whether a log is deleted from the server once it was exported. If left out, it stays when the export
      is registered.
    type: bool
  schedule_frequency_type:
    description:
      - How often. V(WEEK) needs O(schedule_day_of_week) and V(MONTH) needs O(schedule_day_of_month). Required to
        register.
    type: str
    choices: [DAY, WEEK, MONTH]
  schedule_hour:
    description: Hour of the day, from 0 to 23. Required to register.
    type: int
  schedule_day_of_week:
    description: Day of the week.
    type: str
    choices: [MON, TUE, WED, THU, FRI, SAT, SUN]
  schedule_day_of_month:
    description: Day of the month, from 1 to 31, or V(-1) for the last.
    type: int
seealso:
  - module: samsungcloud.scp.mariadb_log_export_info
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Export the slow query log every Monday at three
  samsungcloud.scp.mariadb_log_export:
    cluster_name: orders
    log_type: slow
    bucket_name: orders-logs
    bucket_access_key: "{{ bucket_access_key }}"
    bucket_secret_key: "{{ bucket_secret_key }}"
    schedule_frequency_type: WEEK
    schedule_day_of_week: MON
    schedule_hour: 3

- name: See what a daily export would take, without doing it
  samsungcloud.scp.mariadb_log_export:
    cluster_name: orders
    log_type: slow
    bucket_access_key: "{{ bucket_access_key }}"
    bucket_secret_key: "{{ bucket_secret_key }}"
    schedule_frequency_type: DAY
  check_mode: true
  diff: true

- name: Give the export the keys that took the place of others
  samsungcloud.scp.mariadb_log_export:
    cluster_name: orders
    log_type: slow
    bucket_access_key: "{{ bucket_access_key }}"
    bucket_secret_key: "{{ bucket_secret_key }}"
    update_keys: always

- name: Export the log now
  samsungcloud.scp.mariadb_log_export:
    cluster_name: orders
    log_type: slow
    state: exported

- name: Export the log no more
  samsungcloud.scp.mariadb_log_export:
    cluster_name: orders
    log_type: slow
    state: absent
"""

RETURN = r"""
log_export:
  description: The export at the end of the run, in check mode as it is; V(null) when the log is not exported.
  returned: success
  type: dict
  sample:
    bucket_name: orders-logs
    delete_on_export: false
    is_bucket_deleted: false
    is_registered: true
    log_label: DB Slow Query Log
    log_type: slow
    schedule_day_of_month: null
    schedule_day_of_week: MON
    schedule_frequency_type: WEEK
    schedule_hour: "3"
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
    - operation: Register Log Export Config
      method: POST
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/log-export-configs
      options: [bucket_access_key, bucket_name, bucket_secret_key, schedule_frequency_type, schedule_hour]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 400
    code: Dbaas.InvalidScheduleData
    detail: The schedule is not valid.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: POST
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/log-export-configs
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _log_export, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.WAIT,
    "state": {"type": "str", "choices": ["present", "exported", "absent"], "default": "present"},
    "log_type": {"type": "str", "choices": list(_spec.LOG_TYPES), "required": True},
    "bucket_name": {"type": "str"},
    "bucket_access_key": {"type": "str", "no_log": True},
    "bucket_secret_key": {"type": "str", "no_log": True},
    "update_keys": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    "delete_on_export": {"type": "bool"},
    "schedule_frequency_type": {"type": "str", "choices": ["DAY", "WEEK", "MONTH"]},
    "schedule_hour": {"type": "int"},
    "schedule_day_of_week": {"type": "str", "choices": list(_spec.DAYS_OF_WEEK)},
    "schedule_day_of_month": {"type": "int"},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _log_export.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
