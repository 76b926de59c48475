#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_replica
short_description: Manage read replicas of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Creates, changes, promotes, resets and terminates read replicas of a MariaDB (DBaaS) cluster on Samsung Cloud
    Platform (SCP).
  - A replica is a cluster of its own. Server type, volumes, allowed addresses and maintenance window of a replica
    that exists are made what is declared, as M(samsungcloud.scp.mariadb_cluster) does it.
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
      - With O(state=reset) and O(state=synced) every run acts.
options:
  state:
    description:
      - V(present) means that the declared replicas exist with the declared settings. All that are missing are created
        in one request, because SCP runs one operation at a time on a cluster.
      - V(promoted) makes the declared replicas clusters of their own. This can't be undone. A replica that has been
        promoted already is left alone.
      - V(reset) copies the declared replicas anew from their origin, on every run.
      - V(synced) makes SCP read the state of all replicas of the origin anew, on every run.
      - V(absent) terminates the declared replicas.
    type: str
    choices: [present, promoted, reset, synced, absent]
    default: present
  replicas:
    description: The replicas, at most five for one cluster. Required unless O(state=synced).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the replica, 3 to 19 lower-case letters, digits and hyphens, beginning with a letter and not
            ending with a hyphen.
        type: str
        required: true
      instance_groups:
        description: The group of servers of the replica. Required to create it.
        type: list
        elements: dict
        suboptions:
          role_type:
            description: Role of the group. A replica has exactly one group.
            type: str
            choices: [ACTIVE, ACTIVE_STANDBY]
            required: true
          server_type_name:
            description: Server type, for example V(db1v2m4). A change restarts the server.
            type: str
            required: true
          block_storage_groups:
            description:
              - The volumes of the server without that of role C(OS), which SCP adds itself. Volumes grow and are
                added; SCP can't shrink or remove them.
            type: list
            elements: dict
            required: true
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
                description: Type of the disk. It must be that of the origin, which is used if left out.
                type: str
                choices: [SSD, SSD_KMS, HDD, HDD_KMS]
          instances:
            description: The server, if its address matters. SCP picks one if left out. Can't be changed.
            type: list
            elements: dict
            suboptions:
              role_type:
                description: Role of the server.
                type: str
                choices: [ACTIVE, STANDBY]
                required: true
              public_ip_id:
                description: ID of the public IP of the server.
                type: str
              service_ip_address:
                description: IP address of the server in the subnet.
                type: str
  other_region:
    description:
      - Where all declared replicas are, if that is another region than the origin's. If left out, they are in the
        region and the subnet of the origin. What it says can't be changed after the creation.
      - The origin is asked to create them. From then on they are looked up and changed at the endpoint of their region;
        tasks of other modules for such a replica set O(region) or O(endpoint) to that.
      - With O(cluster_id) and O(state=promoted) nothing is asked of the origin's region, which may be lost.
      - It can't be used with O(state=synced), which is for all replicas of the origin.
      - Needs version 1.1 of the API with O(state=present).
    type: dict
    suboptions:
      region:
        description: Name of the region, for example V(kr-east1).
        type: str
        required: true
      subnet_id:
        description: ID of the subnet there. Required to create a replica.
        type: str
      nat_enabled:
        description: Whether the replicas can be reached from outside. False if left out for a new replica.
        type: bool
      endpoint:
        description:
          - URL of the MariaDB API in that region, scheme and host only. Required where O(endpoint) is another URL than
            SCP's own.
          - It must use C(https), except on a loopback address or with O(allow_plain_http).
        type: str
  allowable_ip_addresses:
    description: IP addresses and networks that may connect to each of the declared replicas. An empty list lets
      nobody in.
    type: list
    elements: str
  maintenance_option:
    description:
      - The weekly window in which SCP may maintain each of the declared replicas. An empty dictionary means no
        window.
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
      - Tags of each of the replicas, as a dictionary. Keys have 1 to 128 characters, values at most 256.
      - Values are texts; put V(true), V(1.0) and what else YAML takes for something else in quotes. A tag can be
        without a value, which counts as an empty one.
      - If left out, tags are left alone. An empty dictionary means that there should be none.
      - They are looked up and changed in SCP's Resource Manager, at O(resource_manager_endpoint), with permissions of
        its own. Where the user may not see them there the task warns, leaves them alone and does all the rest.
      - They matter with O(state=present) only. New replicas get them when they are created. The Resource Manager may
        show them minutes later, and with O(wait) the task waits for that, five minutes at most.
      - A run that begins after the creation, and before they show, sets them once more.
    type: dict
  purge_tags:
    description: Whether tags that are not in O(tags) are removed. With V(false) tags are only added and changed.
    type: bool
    default: true
seealso:
  - module: samsungcloud.scp.mariadb_replica_info
  - module: samsungcloud.scp.mariadb_cluster
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Have two replicas of the orders cluster
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    replicas:
      - name: orders-r1
        instance_groups: &small
          - role_type: ACTIVE
            server_type_name: db1v2m4
            block_storage_groups:
              - role_type: DATA
                size_gb: 200
      - name: orders-r2
        instance_groups: *small
    allowable_ip_addresses:
      - 10.0.2.0/24

- name: See what another network would take, without doing it
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    replicas:
      - name: orders-r1
    allowable_ip_addresses:
      - 10.0.3.0/24
  check_mode: true
  diff: true

- name: Have a replica in another region, for the day on which the first one is lost
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    other_region: {region: kr-east1, subnet_id: f4b1c9d8e7a6450f9b3c2d1e0a9f8b7c}
    replicas:
      - name: orders-east
        instance_groups: *small

- name: Go on with the replica in the other region after the loss of the first one, for good
  samsungcloud.scp.mariadb_replica:
    cluster_id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
    other_region: {region: kr-east1}
    replicas:
      - name: orders-east
    state: promoted

- name: Read the state of the replicas anew
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    state: synced

- name: Copy a replica anew that fell behind for good
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    replicas:
      - name: orders-r2
    state: reset

- name: Make a replica a cluster of its own, for good
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    replicas:
      - name: orders-r1
    state: promoted

- name: Terminate a replica
  samsungcloud.scp.mariadb_replica:
    cluster_name: orders
    replicas:
      - name: orders-r2
    state: absent
"""

RETURN = r"""
replicas:
  description:
    - The declared replicas that exist, or with O(state=synced) all in the region of the origin, as
      RV(samsungcloud.scp.mariadb_cluster#module:cluster) shows a cluster, with C(tags) where O(tags) are declared; at
      the end of the run, in check mode as they are.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 9a1b0c7d35e94f26a9a3c6f1f0e2d4b8
      name: orders-r1
      origin_cluster_id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
      role_type: REPLICA
      service_state: RUNNING
      software_version: 10.11.9
cluster_id:
  description: ID of the origin.
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
    - operation: Create Replica
      method: POST
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/replicas
      options: [allowable_ip_addresses, replicas]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 400
    code: Dbaas.ValidationError.ExistInprogress
    detail: Another request is in progress.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: POST
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/replicas
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _replica, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.WAIT,
    "state": {
        "type": "str",
        "choices": ["present", "promoted", "reset", "synced", "absent"],
        "default": "present",
    },
    "replicas": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "instance_groups": _spec.instance_groups(_spec.INHERITING_VOLUMES),
        },
    },
    "other_region": {
        "type": "dict",
        "options": {
            "region": {"type": "str", "required": True},
            "subnet_id": {"type": "str"},
            "nat_enabled": {"type": "bool"},
            "endpoint": {"type": "str"},
        },
    },
    "allowable_ip_addresses": {"type": "list", "elements": "str"},
    "maintenance_option": _spec.MAINTENANCE_OPTION,
    **_spec.TAGS,
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _replica.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
