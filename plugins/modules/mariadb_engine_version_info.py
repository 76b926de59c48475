#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_engine_version_info
short_description: List the MariaDB versions that Samsung Cloud Platform offers
version_added: 0.1.0
description:
  - Lists the engine versions that MariaDB (DBaaS) clusters can be created with.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
  - samsungcloud.scp.concurrency
options:
  dbaas_engine_version_id:
    description: Only the engine version of this ID.
    type: str
  eos_included:
    description: List also the versions that are past their end of service.
    type: bool
    default: false
  properties:
    description: Add the properties of each version, such as its character sets. This takes one more call for each,
      O(concurrency) of them at a time.
    type: bool
    default: false
seealso:
  - module: samsungcloud.scp.mariadb_cluster
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: List the versions on offer
  samsungcloud.scp.mariadb_engine_version_info:
  register: offered

- name: Show one version with its properties, even if it is past its end of service
  samsungcloud.scp.mariadb_engine_version_info:
    dbaas_engine_version_id: 1cd2c28ba72447daaaf7e4d7e8dd720b
    eos_included: true
    properties: true

- name: Show all versions with their properties, one call after the other
  samsungcloud.scp.mariadb_engine_version_info:
    properties: true
    concurrency: 1
"""

RETURN = r"""
engine_versions:
  description: The engine versions.
  returned: success
  type: list
  elements: dict
  sample:
    - end_of_service: false
      id: 1cd2c28ba72447daaaf7e4d7e8dd720b
      major_version: "10.11"
      name: MariaDB Community 10.11.9
      os_type: ROCKY
      os_version: "8.10"
      product_image_type: MariaDB Community
      software_version: 10.11.9
      properties:
        - name: character_set
          value: utf8
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
    path: /v1/engine-versions
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _catalogue, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CONCURRENCY,
    "dbaas_engine_version_id": {"type": "str"},
    "eos_included": {"type": "bool", "default": False},
    "properties": {"type": "bool", "default": False},
}
CONDITIONS: _spec.Spec = {}
RESOURCE = _catalogue.engine_versions


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
