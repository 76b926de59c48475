#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_restore
short_description: Restore backups of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Restores a backup of a MariaDB (DBaaS) cluster on Samsung Cloud Platform (SCP) into a new cluster. The source is
    not touched.
  - It is idempotent by O(name). If a cluster of that name was restored from the source and the backup or point in time
    declared, nothing is done. If it was restored from anything else, or if that is not known, the task fails. With
    O(latest) any backup of the source counts. Where the source is gone, only O(cluster_id) still says which one it was.
  - SCP does not return what a cluster was restored from. The module stores it in the tag
    C(samsungcloud.scp.restored-from) of the cluster that it creates. Where the cluster exists and
    O(backup_history_number) or O(backup_recovery_time) is declared, or where SCP does not return its origin, the module
    reads that tag in SCP's Resource Manager, at O(resource_manager_endpoint), with permissions of its own. The tag is
    never removed and never compared with O(tags).
  - A restored cluster keeps network and type of storage of its source. What a restore can't carry, such as parameters
    or a backup policy, is the business of tasks after it, as the examples show.
extends_documentation_fragment:
  - samsungcloud.scp.attributes
  - samsungcloud.scp.restorable_states
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
  - samsungcloud.scp.wait
options:
  state:
    description: V(present) means that the restored cluster exists.
    type: str
    choices: [present]
    default: present
  name:
    description: Name of the new cluster, 3 to 20 letters.
    type: str
    required: true
  instance_name_prefix:
    description: Beginning of the names of the servers, 3 to 16 letters, digits and hyphens, the first a lower-case
      letter.
    type: str
    required: true
  server_type_name:
    description: Server type, for example V(db1v2m4).
    type: str
    required: true
  backup_history_number:
    description:
      - Number of the backup to restore. If its C(backup_state) is no known word, that word has to be in
        O(restorable_states).
      - Exactly one of O(backup_history_number), O(backup_recovery_time) and O(latest) is required.
    type: str
  backup_recovery_time:
    description: Point in time to restore, for example V(2026-11-02T04:00:00Z). A time without a zone is UTC.
    type: str
  latest:
    description:
      - Restore the newest backup that is finished and known to be good. See O(restorable_states).
    type: bool
  accept_unverified:
    description:
      - Whether to accept an existing cluster of this O(name) if it is not known what it was restored from, for example
        because it was restored in the console or because the user may not see its tags.
      - A cluster that is known to be restored from another source, backup or point in time is never accepted.
    type: bool
    default: false
  temporary_for:
    description:
      - What a temporary cluster is for, 1 to 256 characters. It is stored in the tag C(samsungcloud.scp.temporary-for)
        of the new cluster. The task does not wait until that tag shows.
      - The new cluster must be new. If a cluster of this O(name) exists, the task fails.
      - The role P(samsungcloud.scp.mariadb_restore_drill#role) terminates only clusters whose tag is its own.
    type: str
  block_storage_groups:
    description:
      - The volumes of the new cluster, if they should differ from the source's. A restore needs about twice the space
        of the data.
    type: list
    elements: dict
    suboptions:
      role_type:
        description: What the volume is for.
        type: str
        choices: [OS, DATA, ARCHIVE, TEMP, BACKUP]
        required: true
      size_gb:
        description: Size in GB, from 16 to 5120 in steps of 8.
        type: int
        required: true
      volume_type:
        description: Type of the disk. It must be that of the source, which is used if left out.
        type: str
        choices: [SSD, SSD_KMS, HDD, HDD_KMS]
  allowable_ip_addresses:
    description: IP addresses and networks that may connect to the new cluster.
    type: list
    elements: str
  maintenance_option:
    description:
      - The weekly window in which SCP may maintain the new cluster.
    type: dict
    suboptions:
      period_hour:
        description: Length in hours, V(0.5), V(1), V(1.5) and so on to V(5.5), or V(6) to V(24) whole hours.
        type: str
      starting_day_of_week:
        description: Day on which it starts.
        type: str
        choices: [MON, TUE, WED, THU, FRI, SAT, SUN]
      starting_time:
        description: Time at which it starts, hours and minutes as V(HHMM). Put it in quotes.
        type: str
  tags:
    description:
      - Tags of the restored cluster, as a dictionary. Keys have 1 to 128 characters, values at most 256.
      - Values are texts; put V(true), V(1.0) and what else YAML takes for something else in quotes. A tag can be
        without a value, which counts as an empty one.
      - If left out, tags are left alone. An empty dictionary means that there should be none.
      - They are looked up and changed in SCP's Resource Manager, at O(resource_manager_endpoint), with permissions of
        its own. Where the user may not see them there the task warns, leaves them alone and does all the rest.
      - A new cluster gets them when it is created. The Resource Manager may show them minutes later, and with O(wait)
        the task waits for that, five minutes at most.
      - A run that begins after the creation, and before they show, sets them once more.
    type: dict
  purge_tags:
    description: Whether tags that are not in O(tags) are removed. With V(false) tags are only added and changed.
    type: bool
    default: true
seealso:
  - module: samsungcloud.scp.mariadb_backup_info
  - module: samsungcloud.scp.mariadb_backup
  - module: samsungcloud.scp.mariadb_parameters
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Restore the latest backup
  samsungcloud.scp.mariadb_restore:
    cluster_name: orders
    name: ordersrestored
    instance_name_prefix: ordersre
    server_type_name: db1v2m4
    latest: true
    allowable_ip_addresses:
      - 10.0.9.0/24
  register: restored

# In a dry run that would create the cluster there is none yet, for which these could tell anything.
- name: Give the restored cluster what a restore can't carry
  when: restored.cluster_id is not none
  block:
    - name: Give it a backup policy and an archive
      samsungcloud.scp.mariadb_backup:
        cluster_id: "{{ restored.cluster_id }}"
        archive_frequency_minute: 60
        retention_period_day: 7
        starting_time_hour: 2
        archive:
          archive_enabled: true
          retention_period_day: 7

    - name: Give it its parameters
      samsungcloud.scp.mariadb_parameters:
        cluster_id: "{{ restored.cluster_id }}"
        parameters:
          max_connections: 500
        restart: if_required

    - name: Switch its audit log on
      samsungcloud.scp.mariadb_cluster:
        cluster_id: "{{ restored.cluster_id }}"
        init_config_option:
          audit_enabled: true

    - name: Export its slow query log
      samsungcloud.scp.mariadb_log_export:
        cluster_id: "{{ restored.cluster_id }}"
        log_type: slow
        bucket_name: orders-logs
        bucket_access_key: "{{ bucket_access_key }}"
        bucket_secret_key: "{{ bucket_secret_key }}"
        schedule_frequency_type: DAY
        schedule_hour: 3

- name: Restore a backup that is known by its number
  samsungcloud.scp.mariadb_restore:
    cluster_name: orders
    name: ordersoctober
    instance_name_prefix: ordersoc
    server_type_name: db1v2m4
    backup_history_number: "202610010200"

- name: Restore a backup, or accept a cluster of that name that was restored in the console
  samsungcloud.scp.mariadb_restore:
    cluster_name: orders
    name: ordersconsole
    instance_name_prefix: ordersoc
    server_type_name: db1v2m4
    backup_history_number: "202610010200"
    accept_unverified: true

- name: See what a restore to a point in time would take, without doing it
  samsungcloud.scp.mariadb_restore:
    cluster_name: orders
    name: orderspitr
    instance_name_prefix: orderspi
    server_type_name: db1v2m4
    backup_recovery_time: "2026-11-02T04:00:00Z"
  check_mode: true
"""

RETURN = r"""
cluster:
  description:
    - The restored cluster as RV(samsungcloud.scp.mariadb_cluster#module:cluster) shows it, with C(tags) where
      O(tags) are declared; V(null) when there is none yet.
  returned: success, and on a failure where it is known
  type: dict
  sample:
    id: 5c1d2c9d0f5a4a0e9a55cf0f2f1f7a10
    name: ordersrestored
    origin_cluster_id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
    role_type: RECOVERY
    service_state: RUNNING
cluster_id:
  description: ID of the restored cluster; V(null) in check mode when there is none yet.
  returned: success, and on a failure where it is known
  type: str
  sample: 5c1d2c9d0f5a4a0e9a55cf0f2f1f7a10
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
    - operation: Create Restore Cluster
      method: POST
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/restore
      body:
        allowable_ip_addresses: []
        backup_history_number: "202610010200"
        instance_name_prefix: ordersoc
        name: ordersoctober
        server_type_name: db1v2m4
        tags:
          - key: samsungcloud.scp.restored-from
            value: 0fdd87aab8cb46f59b7c1f81ed03fb3e@202610010200
      options: [allowable_ip_addresses, backup_history_number, instance_name_prefix, name, server_type_name]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
      resource_id: 5c1d2c9d0f5a4a0e9a55cf0f2f1f7a10
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

from ansible_collections.samsungcloud.scp.plugins.module_utils import _restore, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.RESTORABLE_STATES,
    **_spec.WAIT,
    "state": {"type": "str", "choices": ["present"], "default": "present"},
    "name": {"type": "str", "required": True},
    "instance_name_prefix": {"type": "str", "required": True},
    "server_type_name": {"type": "str", "required": True},
    "backup_history_number": {"type": "str"},
    "backup_recovery_time": {"type": "str"},
    "latest": {"type": "bool"},
    "accept_unverified": {"type": "bool", "default": False},
    "temporary_for": {"type": "str"},
    "block_storage_groups": _spec.INHERITING_VOLUMES,
    "allowable_ip_addresses": {"type": "list", "elements": "str"},
    "maintenance_option": _spec.MAINTENANCE_OPTION,
    **_spec.TAGS,
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": [
        *_spec.CLUSTER_EXCLUSIVE,
        ("backup_history_number", "backup_recovery_time", "latest"),
    ],
    "required_one_of": [*_spec.CLUSTER_REQUIRED, ("backup_history_number", "backup_recovery_time", "latest")],
}
RESOURCE = _restore.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
