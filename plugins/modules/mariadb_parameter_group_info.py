#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_parameter_group_info
short_description: List groups of default parameters for MariaDB on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the groups of default parameters that Samsung Cloud Platform (SCP) has for the major versions of MariaDB
    (DBaaS).
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
options:
  major_version:
    description: Only the groups for this major version, for example V(10.11).
    type: str
  parameter_group_id:
    description: Only the group of this ID, with its parameters.
    type: str
seealso:
  - module: samsungcloud.scp.mariadb_parameters
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Find the group for MariaDB 10.11
  samsungcloud.scp.mariadb_parameter_group_info:
    major_version: "10.11"
  register: found

- name: Show its parameters
  samsungcloud.scp.mariadb_parameter_group_info:
    parameter_group_id: "{{ found.parameter_groups[0].id }}"
"""

RETURN = r"""
parameter_groups:
  description: The groups, with C(parameters) only where O(parameter_group_id) is set.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3b7d4f1e8c2a4d5b9e6f7a8b9c0d1e2f
      major_version: "10.11"
      name: MariaDB 10.11
      product_image_type: MariaDB Community
      product_type: MARIADB
      parameters:
        - dbaas_parameter_group_id: 3b7d4f1e8c2a4d5b9e6f7a8b9c0d1e2f
          default_value: "151"
          description: The number of clients that may connect at once.
          id: 8f4b3a5a06e24a7c9cf1f9a6b6a3d2c1
          name: max_connections
          software_type: MARIADB
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
    path: /v1/parameter-groups
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _catalogue, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    "major_version": {"type": "str"},
    "parameter_group_id": {"type": "str"},
}
CONDITIONS: _spec.Spec = {}
RESOURCE = _catalogue.parameter_groups


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
