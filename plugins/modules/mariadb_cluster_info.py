#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_cluster_info
short_description: List MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the MariaDB (DBaaS) clusters of an account in one region, or shows one.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
  - samsungcloud.scp.concurrency
options:
  cluster_id:
    description: Show this cluster in full. The list is empty if there is none.
    type: str
  name:
    description: Only the clusters of exactly this name.
    type: str
  service_state:
    description: Only the clusters in this service state.
    type: str
    choices:
      - RUNNING
      - STOPPED
      - UNKNOWN
      - ERROR
      - FAILED
      - TERMINATED
      - CREATING
      - STOPPING
      - STARTING
      - RESTARTING
      - EDITING
      - SYNCHRONIZING
      - UPGRADING
      - TERMINATING
      - MIGRATING
  database_name:
    description: Only the clusters with this first database.
    type: str
  sort:
    description: Field to sort by, and V(asc) or V(desc), for example V(created_at:desc). SCP sorts by V(name:asc) if
      left out.
    type: str
  details:
    description: Show each cluster in full, as with O(cluster_id). This takes one more call for each cluster,
      O(concurrency) of them at a time.
    type: bool
    default: false
  tags:
    description:
      - Only the clusters with all of these tags. A tag without a value stands for any value of it.
      - Each cluster that is shown has its tags as C(tags) in RV(clusters) then. An empty dictionary shows all clusters
        so.
      - The tags of each cluster that the other options select are looked up in SCP's Resource Manager, at
        O(resource_manager_endpoint), which takes one call for each, O(concurrency) of them at a time.
    type: dict
seealso:
  - module: samsungcloud.scp.mariadb_cluster
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: List all clusters
  samsungcloud.scp.mariadb_cluster_info:
  register: fleet

- name: Show the running ones in full, the newest first
  samsungcloud.scp.mariadb_cluster_info:
    service_state: RUNNING
    sort: created_at:desc
    details: true
  register: running

- name: Show a large fleet in full
  samsungcloud.scp.mariadb_cluster_info:
    details: true
    concurrency: 16

- name: Show the clusters of a team, whatever their stage
  samsungcloud.scp.mariadb_cluster_info:
    tags:
      team: commerce
      stage:
  register: of_the_team

- name: Show one cluster
  samsungcloud.scp.mariadb_cluster_info:
    cluster_id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
  register: one
"""

RETURN = r"""
clusters:
  description:
    - The clusters, in brief as in the sample, or with O(details) or O(cluster_id) as
      RV(samsungcloud.scp.mariadb_cluster#module:cluster) shows them.
    - With O(tags) each has its C(tags) beside that, a dictionary.
  returned: success
  type: list
  elements: dict
  sample:
    - account_id: 2f6e2b6f2f0b4d1c8f0f2f9c3b1d4e5a
      created_at: "2026-11-02T04:12:09Z"
      created_by: 90dddfc2b1e04edba54ba2b41539a9ac
      database_name: orders
      ha_enabled: true
      id: 0fdd87aab8cb46f59b7c1f81ed03fb3e
      instance_count: 2
      modified_at: "2026-11-02T04:22:31Z"
      modified_by: 90dddfc2b1e04edba54ba2b41539a9ac
      name: orders
      role_type: ORIGIN
      service_state: RUNNING
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 401
    code: Dbaas.Unauthorized.AuthNFailed
    detail: The signature does not match.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: GET
    path: /v1/clusters
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _catalogue, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CONCURRENCY,
    "cluster_id": {"type": "str"},
    "name": {"type": "str"},
    "service_state": _spec.SERVICE_STATE,
    "database_name": {"type": "str"},
    "sort": {"type": "str"},
    "details": {"type": "bool", "default": False},
    "tags": {"type": "dict"},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": [("cluster_id", option) for option in ("name", "service_state", "database_name", "sort")],
}
RESOURCE = _catalogue.clusters


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
