#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_cluster
short_description: Manage MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Creates, changes, starts, stops, restarts, switches over, patches and terminates MariaDB (DBaaS) clusters on
    Samsung Cloud Platform (SCP).
  - The module compares the declared options with the cluster, makes an ordered plan of API operations, and carries
    them out one after the other, waiting for each. In check mode it stops after the plan, so that RV(operations) and
    the diff tell what a real run would do.
  - Options that are left out are left alone. An empty list or dictionary means that there should be nothing.
  - A declared option that SCP can't change after creation and that differs from the cluster is an error. Nothing is
    ever replaced or terminated implicitly.
  - A cluster that another run left half made is adopted. The module waits for a cluster that is being created, and
    makes SCP synchronize one whose state is C(UNKNOWN) before it goes on.
extends_documentation_fragment:
  - samsungcloud.scp.attributes
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
  - samsungcloud.scp.wait
attributes:
  idempotent:
    support: partial
    details:
      - With O(state=restarted), and with O(state=switched_over) without O(active_instance), every run acts.
options:
  state:
    description:
      - What the cluster should be. With every state but V(absent) the other declared options are made true as well.
      - V(present) means that the cluster exists with the declared options. It is created if it does not.
      - V(started) is V(present) with the cluster running.
      - V(stopped) means that the cluster exists, has the declared options and is stopped. They are changed before it
        stops.
      - V(restarted) restarts the cluster at the end, on every run. A stopped cluster is started instead.
      - V(switched_over) exchanges the active and the standby server of a highly available cluster at the end, on
        every run. With O(active_instance) it does so only if another server is the active one. A cluster that does not
        show exactly one active server is rejected.
      - V(synced) makes SCP synchronize a cluster whose service state is C(UNKNOWN), C(ERROR) or C(FAILED). A cluster
        in another state is left alone.
      - V(absent) terminates the cluster with all its data. Other options than those that address the cluster do not
        matter. A cluster that has replicas is refused.
    type: str
    choices: [present, started, stopped, restarted, switched_over, synced, absent]
    default: present
  cluster_id:
    description:
      - ID of a cluster that exists. It saves the look-up by O(name), which makes a task without changes one call
        instead of two.
      - Either O(cluster_id) or O(name) is required. With both, the task fails if the cluster has another name.
    type: str
  name:
    description:
      - Name of the cluster, 3 to 20 letters. The name of a cluster that was a replica before it was promoted has 3 to
        19 lower-case letters, digits and hyphens.
      - It can't be changed. If more than one cluster has the name, the task fails.
    type: str
  engine_version:
    description:
      - Version of MariaDB to create the cluster with, for example V(10.11) for the newest that SCP offers of that
        major version, or V(10.11.9).
      - For a cluster that exists it must match the version that it runs. With O(software_version) only the major
        version has to.
    type: str
  dbaas_engine_version_id:
    description:
      - ID of the engine version to create the cluster with, instead of O(engine_version). See
        M(samsungcloud.scp.mariadb_engine_version_info).
      - SCP does not tell the ID of a cluster's version, so that it is not compared later.
    type: str
  software_version:
    description:
      - Full version that the cluster should run, for example V(10.11.15). A cluster that runs an older one of the
        same major version is patched, which interrupts its service.
      - SCP demands that replicas are patched before their origin, and that backups are configured.
      - A new cluster is created with this version.
    type: str
  backup_before_upgrade:
    description: Whether SCP takes a backup before it patches to O(software_version), and removes it afterwards.
    type: bool
    default: true
  upgrade_major_version:
    description:
      - Whether O(software_version) may be of a later major version than the one that the cluster runs. The cluster is
        upgraded then, which interrupts its service and can't be undone.
      - Without it a cluster never leaves its major version.
      - Needs version 1.2 of the API or a later one.
    type: bool
    default: false
  upgrade_kernel:
    description:
      - Whether to upgrade the kernel of the servers where SCP has a newer one, which C(is_kernel_patchable) in
        RV(cluster) tells. It interrupts the service.
      - Needs version 1.1 of the API or a later one.
    type: bool
    default: false
  active_instance:
    description: Name of the server that should be the active one. Only with O(state=switched_over).
    type: str
  instance_name_prefix:
    description:
      - Beginning of the names of the servers, 3 to 13 letters, digits and hyphens, the first a lower-case letter. SCP
        adds C(001), C(002) and so on.
      - Required to create a cluster. SCP does not tell it later, so that it is not compared.
    type: str
  subnet_id:
    description: ID of the subnet of the servers, which must be a general subnet. Required to create a cluster; can't
      be changed.
    type: str
  timezone:
    description: Time zone of the servers, for example V(Asia/Seoul). Required to create a cluster; can't be changed.
    type: str
  ha_enabled:
    description: Whether the cluster has a standby server that takes over. If left out SCP creates one server. Can't
      be changed.
    type: bool
  nat_enabled:
    description:
      - Whether the database can be reached from the internet. Can't be changed.
      - It needs O(vip_public_ip_id) for a highly available cluster, and O(instance_groups[].instances[].public_ip_id)
        for another.
    type: bool
  vip_public_ip_id:
    description: ID of the public IP of the virtual IP address of a highly available cluster. Can't be changed.
    type: str
  virtual_ip_address:
    description: Virtual IP address of a highly available cluster. SCP picks one if left out. Can't be changed.
    type: str
  origin_cluster_id:
    description: ID of the cluster that this one comes from, as the API's create request takes it. Can't be changed.
    type: str
  allowable_ip_addresses:
    description:
      - IP addresses and networks that may connect to the database. An empty list lets nobody in.
      - V(10.0.0.1) and V(10.0.0.1/32) are the same, and the order does not matter.
    type: list
    elements: str
  instance_groups:
    description:
      - The group of servers of the cluster, one for MariaDB. Required to create a cluster.
    type: list
    elements: dict
    suboptions:
      role_type:
        description: V(ACTIVE_STANDBY) for a highly available cluster, V(ACTIVE) for another. Can't be changed.
        type: str
        choices: [ACTIVE, ACTIVE_STANDBY]
        required: true
      server_type_name:
        description:
          - Server type, for example V(db1v2m4). See M(samsungcloud.scp.mariadb_server_type_info).
          - A change restarts the servers.
        type: str
        required: true
      block_storage_groups:
        description:
          - The volumes of each server, all of them, one of role C(OS) and at least one of role C(DATA).
          - A volume whose declared size is larger grows, a declared volume that is not there is added. SCP can't
            shrink or remove a volume, nor resize that of role C(OS).
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
            description: Size in GB, from 16 to 5120 in steps of 8. SCP wants 104 for role C(OS).
            type: int
            required: true
          volume_type:
            description: Type of the disk. Can't be changed.
            type: str
            choices: [SSD, SSD_KMS, HDD, HDD_KMS]
            default: SSD
      instances:
        description: The servers, if their addresses matter. SCP picks addresses if left out. Can't be changed.
        type: list
        elements: dict
        suboptions:
          role_type:
            description: Role of the server when the cluster is created. A switchover changes it, so that it is not
              compared.
            type: str
            choices: [ACTIVE, STANDBY]
            required: true
          public_ip_id:
            description: ID of the public IP of the server.
            type: str
          service_ip_address:
            description: IP address of the server in the subnet.
            type: str
  init_config_option:
    description: Settings of the database. Required to create a cluster.
    type: dict
    suboptions:
      database_name:
        description: Name of the first database, 3 to 20 letters and digits. Required to create a cluster; can't be
          changed.
        type: str
      database_user_name:
        description: Name of the first user, 2 to 20 lower-case letters. Required to create a cluster; can't be
          changed.
        type: str
      database_user_password:
        description:
          - Password of the first user, 8 to 30 characters with a letter, a digit and a special character, no quotes.
          - It must not contain blanks, line breaks, tabs or invisible characters.
          - Required to create a cluster. SCP never tells it, so that it is neither compared nor changed later.
        type: str
      database_port:
        description: Port of the database, from 1024 to 65535. SCP uses 2866 if left out. Can't be changed.
        type: int
      database_character_set:
        description: Character set of the database. SCP uses C(utf8) if left out. Can't be changed.
        type: str
      audit_enabled:
        description: Whether the audit log is written. It costs performance, and switching it off deletes its files.
        type: bool
      backup_option:
        description:
          - The daily backup. An empty dictionary means no backup.
          - A declared key that differs is changed; the others keep their values.
        type: dict
        suboptions:
          archive_frequency_minute:
            description: Minutes between two archives of the binary log, which is the step of a point-in-time
              recovery.
            type: int
            choices: [5, 10, 30, 60]
          retention_period_day:
            description: Days that a backup is kept, from 7 to 35.
            type: int
          starting_time_hour:
            description: Hour of the day at which the backup starts, from 0 to 23.
            type: int
  maintenance_option:
    description:
      - The weekly window in which SCP may maintain the servers. An empty dictionary means no window.
      - A declared key that differs is changed; the others keep their values.
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
  service_watch_log_collection:
    description:
      - Whether ServiceWatch collects the logs of the database. SCP decides if left out. Can't be changed.
      - Needs version 1.1 of the API or a later one.
    type: bool
  tags:
    description:
      - Tags of the cluster, as a dictionary. Keys have 1 to 128 characters, values at most 256.
      - Values are texts; put V(true), V(1.0) and what else YAML takes for something else in quotes. A tag can be
        without a value, which counts as an empty one.
      - If left out, tags are left alone. An empty dictionary means that there should be none.
      - With O(state=absent) they do not matter.
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
  - module: samsungcloud.scp.mariadb_cluster_info
  - module: samsungcloud.scp.mariadb_engine_version_info
  - module: samsungcloud.scp.mariadb_server_type_info
  - module: samsungcloud.scp.mariadb_request_info
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Create a highly available cluster
  samsungcloud.scp.mariadb_cluster:
    name: orders
    engine_version: "10.11"
    instance_name_prefix: orders
    subnet_id: 8a463aa4b1dc4f279c3f53b94dc45e74
    timezone: Asia/Seoul
    ha_enabled: true
    instance_groups:
      - role_type: ACTIVE_STANDBY
        server_type_name: db1v2m4
        block_storage_groups:
          - role_type: OS
            size_gb: 104
          - role_type: DATA
            size_gb: 200
    init_config_option:
      database_name: orders
      database_user_name: orders
      database_user_password: "{{ orders_password }}"
      backup_option:
        archive_frequency_minute: 60
        retention_period_day: 14
        starting_time_hour: 2
    maintenance_option:
      period_hour: "2"
      starting_day_of_week: SUN
      starting_time: "0300"
    allowable_ip_addresses:
      - 10.0.1.0/24
    tags:
      team: commerce

- name: Add a tag to those that the cluster has
  samsungcloud.scp.mariadb_cluster:
    name: orders
    tags:
      stage: production
    purge_tags: false

- name: See what a bigger server type and more storage would take, without doing it
  samsungcloud.scp.mariadb_cluster:
    name: orders
    instance_groups:
      - role_type: ACTIVE_STANDBY
        server_type_name: db1v4m8
        block_storage_groups:
          - role_type: OS
            size_gb: 104
          - role_type: DATA
            size_gb: 304
  check_mode: true
  diff: true

- name: Stop a cluster
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: stopped

- name: Start a cluster
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: started

- name: Restart a cluster
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: restarted

- name: Make the second server the active one
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: switched_over
    active_instance: orders002

- name: Patch the minor version
  samsungcloud.scp.mariadb_cluster:
    name: orders
    software_version: 10.11.15
    backup_before_upgrade: true

- name: Upgrade to a later major version, and the kernel of the servers before
  samsungcloud.scp.mariadb_cluster:
    name: orders
    software_version: 11.4.10
    upgrade_major_version: true
    upgrade_kernel: true

- name: Bring a cluster back whose service state is UNKNOWN
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: synced

- name: Terminate a cluster with all its data
  samsungcloud.scp.mariadb_cluster:
    name: orders
    state: absent
    wait_timeout: 10800
"""

RETURN = r"""
cluster:
  description:
    - The cluster as the API shows it at the end of the run; in check mode and with O(wait=false) as it was before.
    - Where O(tags) are declared and the user may see them it has C(tags) beside that, a dictionary.
    - On success C(active_instance) is the name of the server that takes the writes, V(null) where SCP does not show
      exactly one; C(is_replica) tells whether the cluster is a replica, V(null) where its C(role_type) is null or no
      known word; C(replica_of) is the ID of a replica's origin, V(null) where there is none or SCP does not show it.
    - V(null) when there is none.
  returned: success, and on a failure where it is known
  type: dict
  sample:
    account_id: 2f6e2b6f2f0b4d1c8f0f2f9c3b1d4e5a
    active_instance: orders001
    allowable_ip_addresses: [10.0.1.0/24]
    created_at: "2026-11-02T04:12:09Z"
    created_by: 90dddfc2b1e04edba54ba2b41539a9ac
    dbaas_engine: MARIADB
    dbaas_engine_version_name: MariaDB Community 10.11.9
    ha_enabled: true
    id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
    init_config_option:
      audit_enabled: false
      backup_option: {archive_frequency_minute: "60", retention_period_day: "14", starting_time_hour: "2"}
      database_character_set: utf8
      database_name: orders
      database_port: 2866
      database_user_name: orders
      origin_region: kr-west1
    instance_count: 2
    instance_groups:
      - id: 5c1d2c9d0f5a4a0e9a55cf0f2f1f7a10
        role_type: ACTIVE_STANDBY
        server_type_name: db1v2m4
        block_storage_groups:
          - {id: 0b6f7a0f4e, name: orders-os, role_type: OS, size_gb: 104, volume_type: SSD}
          - {id: 4f0a1c2d3e, name: orders-data, role_type: DATA, size_gb: 200, volume_type: SSD}
        instances:
          - {name: orders001, role_type: ACTIVE, service_state: RUNNING, service_ip_address: 10.0.1.11}
          - {name: orders002, role_type: STANDBY, service_state: RUNNING, service_ip_address: 10.0.1.12}
    maintenance_option:
      {period_hour: "2", starting_day_of_week: SUN, starting_time: "0300", use_maintenance_option: true}
    modified_at: "2026-11-02T04:22:31Z"
    modified_by: 90dddfc2b1e04edba54ba2b41539a9ac
    name: orders
    nat_enabled: false
    origin_cluster_id: ""
    product_image_type: MariaDB Community
    product_type: MARIADB
    is_replica: false
    replica_of: null
    replicas: []
    role_type: ORIGIN
    service_state: RUNNING
    software_version: 10.11.9
    subnet_id: 8a463aa4b1dc4f279c3f53b94dc45e74
    timezone: Asia/Seoul
    vip_public_ip_address: ""
    vip_public_ip_id: ""
    virtual_ip_address: 10.0.1.10
cluster_id:
  description: ID of the cluster; V(null) when there is none.
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
    - The API operations that the run made or, in check mode, would make, in their order, with secrets hidden.
  returned: success, and on a failure after the cluster was found
  type: list
  elements: dict
  contains:
    operation:
      description: Title of the operation in the API reference.
      returned: always
      type: str
      sample: Set Server Type
    method:
      description: HTTP method.
      returned: always
      type: str
      sample: POST
    path:
      description: Path of the request.
      returned: always
      type: str
      sample: /v1/instance-groups/5c1d2c9d0f5a4a0e9a55cf0f2f1f7a10/resize
    body:
      description: Body of the request.
      returned: when the operation has one
      type: dict
      sample: {server_type_name: db1v4m8}
    options:
      description: The options that the operation serves.
      returned: always
      type: list
      elements: str
      sample: ["instance_groups[].server_type_name"]
    request_id:
      description: ID of the request that SCP accepted; V(null) when its answer was lost.
      returned: when the operation was made, but for those on tags
      type: str
      sample: req-4f668846-8a3d-49f1-8111-451ebccf445c
    resource_id:
      description: ID of the cluster that the operation creates.
      returned: when the operation was made and creates a cluster
      type: str
      sample: 0fdd87aab8cb46f59b7c1f81ed03fb3e
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  contains:
    status:
      description: HTTP status.
      returned: always
      type: int
      sample: 400
    code:
      description: Error code of SCP.
      returned: always
      type: str
      sample: Dbaas.ValidationError.InvalidServiceState
    detail:
      description: Explanation of SCP, or the reason of a broken connection.
      returned: always
      type: str
      sample: The cluster is not in a state that allows this.
    request_id:
      description: ID of the request, for SCP's support.
      returned: always
      type: str
      sample: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method:
      description: HTTP method of the call that failed.
      returned: always
      type: str
      sample: POST
    path:
      description: Path of the call that failed.
      returned: always
      type: str
      sample: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/stop
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _cluster, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.WAIT,
    "state": {
        "type": "str",
        "choices": ["present", "started", "stopped", "restarted", "switched_over", "synced", "absent"],
        "default": "present",
    },
    "cluster_id": {"type": "str"},
    "name": {"type": "str"},
    "engine_version": {"type": "str"},
    "dbaas_engine_version_id": {"type": "str"},
    "software_version": {"type": "str"},
    "backup_before_upgrade": {"type": "bool", "default": True},
    "upgrade_major_version": {"type": "bool", "default": False},
    "upgrade_kernel": {"type": "bool", "default": False},
    "active_instance": {"type": "str"},
    "instance_name_prefix": {"type": "str"},
    "subnet_id": {"type": "str"},
    "timezone": {"type": "str"},
    "ha_enabled": {"type": "bool"},
    "nat_enabled": {"type": "bool"},
    "vip_public_ip_id": {"type": "str"},
    "virtual_ip_address": {"type": "str"},
    "origin_cluster_id": {"type": "str"},
    "allowable_ip_addresses": {"type": "list", "elements": "str"},
    "instance_groups": _spec.instance_groups(_spec.VOLUMES),
    "init_config_option": {
        "type": "dict",
        "options": {
            "database_name": {"type": "str"},
            "database_user_name": {"type": "str"},
            "database_user_password": {"type": "str", "no_log": True},
            "database_port": {"type": "int"},
            "database_character_set": {"type": "str"},
            "audit_enabled": {"type": "bool"},
            "backup_option": _spec.BACKUP_OPTION,
        },
    },
    "maintenance_option": _spec.MAINTENANCE_OPTION,
    "service_watch_log_collection": {"type": "bool"},
    **_spec.TAGS,
}
CONDITIONS: _spec.Spec = {
    "required_one_of": [("cluster_id", "name")],
    "mutually_exclusive": [("engine_version", "dbaas_engine_version_id")],
}
RESOURCE = _cluster.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
