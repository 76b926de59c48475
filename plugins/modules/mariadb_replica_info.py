#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_replica_info
short_description: Show how far replicas of a MariaDB cluster on Samsung Cloud Platform follow
version_added: 0.1.0
description:
  - Lists the read replicas of a MariaDB (DBaaS) cluster with their state of replication.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
seealso:
  - module: samsungcloud.scp.mariadb_replica
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Show the replicas of the orders cluster
  samsungcloud.scp.mariadb_replica_info:
    cluster_name: orders
"""

RETURN = r"""
replicas:
  description: The replicas.
  returned: success
  type: list
  elements: dict
  sample:
    - name: orders-r1
      region: kr-west1
      replica_state: SYNCED
      replica_state_detail: ""
      synced_at: "2026-11-02T04:12:09Z"
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

from ansible_collections.samsungcloud.scp.plugins.module_utils import _replica, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _replica.info


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
