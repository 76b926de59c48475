#!/usr/bin/python

# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb_request_info
short_description: Show what became of MariaDB requests on Samsung Cloud Platform
version_added: 0.1.0
description:
  - Shows the state of requests that SCP accepted, by the IDs that the modules of this collection return as
    RV(ignore:request_id).
  - With O(wait) it waits until all have ended, so that a play can start many operations with O(ignore:wait=false) and
    then wait once.
extends_documentation_fragment:
  - samsungcloud.scp.attributes.info
  - samsungcloud.scp.attributes.action_group
  - samsungcloud.scp.connection
  - samsungcloud.scp.concurrency
options:
  request_ids:
    description:
      - IDs of the requests.
      - A module that had nothing to do returns no RV(ignore:request_id), also in check mode. So a list without IDs is
        allowed, and returns no requests.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Whether to wait until all requests have ended. The task fails as soon as one of them has failed.
      - It asks again and again for those that have not ended, O(concurrency) of them at a time.
      - SCP does not document the words for a request's state. Those that begin like completed, success, done or
        finished count as an end, those like failed, error, cancelled, rejected or aborted as a failure, and all
        others as unfinished.
    type: bool
    default: false
  wait_timeout:
    description: Seconds that the task may spend waiting.
    type: int
    default: 7200
seealso:
  - module: samsungcloud.scp.mariadb_cluster
author:
  - samsungcloud.scp contributors (@samsungcloud)
"""

EXAMPLES = r"""
- name: Start several clusters without waiting
  samsungcloud.scp.mariadb_cluster:
    name: "{{ item }}"
    state: started
    wait: false
  loop: [orders, invoices]
  register: starting

- name: Show the state of one request
  samsungcloud.scp.mariadb_request_info:
    request_ids:
      - "{{ starting.results[0].request_id }}"

- name: Wait for all of them
  samsungcloud.scp.mariadb_request_info:
    request_ids: "{{ starting.results | map(attribute='request_id') | select | list }}"
    wait: true
    wait_timeout: 1800
    concurrency: 16
"""

RETURN = r"""
requests:
  description: The requests, in the order of O(request_ids).
  returned: success, and when a request failed or the wait timed out
  type: list
  elements: dict
  contains:
    request_id:
      description: ID of the request.
      returned: always
      type: str
      sample: req-4f668846-8a3d-49f1-8111-451ebccf445c
    state:
      description: State of the request in SCP's own word, which is not documented.
      returned: always
      type: str
      sample: COMPLETED
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
    path: /v1/requests/req-4f668846-8a3d-49f1-8111-451ebccf445c
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.samsungcloud.scp.plugins.module_utils import _requests, _spec, _task

ARGUMENT_SPEC: _spec.Spec = {
    **_spec.CONNECTION,
    **_spec.CONCURRENCY,
    **_spec.WAIT,
    "request_ids": {"type": "list", "elements": "str", "default": []},
    "wait": {"type": "bool", "default": False},
}
CONDITIONS: _spec.Spec = {}
RESOURCE = _requests.info


def main() -> None:
    _task.main(AnsibleModule, ARGUMENT_SPEC, CONDITIONS, RESOURCE)


if __name__ == "__main__":
    main()
