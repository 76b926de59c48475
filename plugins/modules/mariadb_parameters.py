#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_parameters
short_description: Manage database parameters of MariaDB clusters on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Sets database parameters of a MariaDB (DBaaS) cluster on Samsung Cloud Platform (SCP) by their names, all in one
    request.
  - Values are compared as the server means them. V(ON) is V(1), V(128M) is V(134217728), case and quotes do not
    count.
  - SCP accepts values that the database then refuses, and loses the cluster over them. So names that the cluster does
    not have, parameters that can't be changed, and values that SCP does not name are refused before anything is sent.
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
      - With O(state=synced) every run acts.
options:
  state:
    description:
      - V(present) means that the declared parameters have the declared values.
      - V(synced) makes SCP read all parameters anew from the servers, on every run.
    type: str
    choices: [present, synced]
    default: present
  parameters:
    description: Values by the names of parameters. V(true) and V(false) mean V(ON) and V(OFF).
    type: dict
  reset:
    description: Names of parameters that should have their default values.
    type: list
    elements: str
  restart:
    description:
      - V(if_required) restarts the cluster once, at the end, if a value that was changed counts only after a restart.
      - V(never) leaves that to others; RV(restart_required) tells.
    type: str
    choices: [never, if_required]
    default: never
seealso:
  - module: samsungcloud.scp.mariadb_parameters_info
  - module: samsungcloud.scp.mariadb_parameter_group_info
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Allow more connections, and log slow queries
  samsungcloud.scp.mariadb_parameters:
    cluster_name: orders
    parameters:
      max_connections: 500
      slow_query_log: true
    reset:
      - long_query_time

- name: See what a bigger buffer pool would take, without doing it
  samsungcloud.scp.mariadb_parameters:
    cluster_name: orders
    parameters:
      innodb_buffer_pool_size: 2G
    restart: if_required
  check_mode: true
  diff: true

- name: Read the parameters anew from the servers
  samsungcloud.scp.mariadb_parameters:
    cluster_name: orders
    state: synced
"""

RETURN = r"""
parameters:
  description: Values of the declared parameters, or of all with O(state=synced), at the end of the run; in check mode
    as they are.
  returned: success
  type: dict
  sample: {long_query_time: "10", max_connections: "500", slow_query_log: "ON"}
restart_required:
  description: Whether a value that this run changed, or in check mode would change, counts only after a restart that
    is not part of the run. Values that an earlier run set, and which still wait for a restart, do not count, because
    SCP does not tell of them.
  returned: success, and on a failure of the restart
  type: bool
  sample: false
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
    - operation: Set Parameter Values
      method: PUT
      path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/parameters
      options: [parameters, reset]
      request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
error:
  description: What the API said, as far as it said anything.
  returned: failure
  type: dict
  sample:
    status: 400
    code: Dbaas.ValidationError.InvalidServiceState
    detail: The cluster is not in a state that allows this.
    request_id: req-4f668846-8a3d-49f1-8111-451ebccf445c
    method: PUT
    path: /v1/clusters/0fdd87aab8cb46f59b7c1f81ed03fb3e/parameters
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _parameters, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CLUSTER_REFERENCE,
    **_spec.WAIT,
    "state": {"type": "str", "choices": ["present", "synced"], "default": "present"},
    "parameters": {"type": "dict"},
    "reset": {"type": "list", "elements": "str"},
    "restart": {"type": "str", "choices": ["never", "if_required"], "default": "never"},
}
CONDITIONS: _spec.Spec = {
    "mutually_exclusive": _spec.CLUSTER_EXCLUSIVE,
    "required_one_of": _spec.CLUSTER_REQUIRED,
}
RESOURCE = _parameters.ensure


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
