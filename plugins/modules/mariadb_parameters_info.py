#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_parameters_info
short_description: List database parameters of a MariaDB cluster on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the database parameters of a MariaDB (DBaaS) cluster with their values.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.cluster_reference
  - samsungcloud.scp.connection
options:
  names:
    description: Only the parameters of these names. A name that the cluster does not have is an error.
    type: list
    elements: str
seealso:
  - module: samsungcloud.scp.mariadb_parameters
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Show two parameters of the orders cluster
  samsungcloud.scp.mariadb_parameters_info:
    cluster_name: orders
    names:
      - max_connections
      - slow_query_log
"""

RETURN = r"""
parameters:
  description: The parameters.
  returned: success
  type: list
  elements: dict
  sample:
    - allows_value: 10-100000
      applied_value: "500"
      apply_type: dynamic
      data_type: integer
      default_value: "151"
      description: The number of clients that may connect at once.
      id: 8f4b3a5a06e24a7c9cf1f9a6b6a3d2c1
      is_modifiable: true
      name: max_connections
      software_type: MARIADB
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

from ansible_collections.samsungcloud.scp.plugins.module_utils import _parameters, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    "names": {"type": "list", "elements": "str"},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _parameters.info


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
