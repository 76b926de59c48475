#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_server_type_info
short_description: List the server types for MariaDB on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Lists the server types that the servers of MariaDB (DBaaS) clusters can have.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
options:
  name:
    description: Only the server type of this name, for example V(db1v2m4).
    type: str
seealso:
  - module: samsungcloud.scp.mariadb_cluster
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: List all server types
  samsungcloud.scp.mariadb_server_type_info:
  register: offered

- name: Look one up
  samsungcloud.scp.mariadb_server_type_info:
    name: db1v2m4
"""

RETURN = r"""
server_types:
  description: The server types.
  returned: success
  type: list
  elements: dict
  sample:
    - cpu_core: 2
      description: 2 vCPU, 4 GB
      memory_gb: 4
      name: db1v2m4
      product_image_type: MariaDB Community
      product_type: MARIADB
      purpose: general
      type: db1
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
    path: /v1/server-types
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _catalogue, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    "name": {"type": "str"},
}
CONDITIONS: _spec.Spec = {}
RESOURCE = _catalogue.server_types


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
