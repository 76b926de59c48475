# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module and plugin: where and as whom to talk to SCP."""

    DOCUMENTATION = r"""
options:
  access_key:
    description:
      - Access key of the SCP user.
      - If not set, the environment variables E(SCP_ACCESS_KEY) and E(SCP_TF_ACCESS_KEY), then C(access-key) in
        C(~/.scpconf/credentials.json) are used, all on the machine that runs the module or plugin.
    type: str
  secret_key:
    description:
      - Secret key that belongs to O(access_key).
      - If not set, the environment variables E(SCP_SECRET_KEY) and E(SCP_TF_SECRET_KEY), then C(secret-key) in
        C(~/.scpconf/credentials.json) are used.
    type: str
  auth_token:
    description:
      - Session token, for those who use temporary credentials.
      - If not set, the environment variables E(SCP_AUTH_TOKEN) and E(SCP_TF_AUTH_TOKEN), then C(auth-token) in
        C(~/.scpconf/credentials.json) are used.
    type: str
  region:
    description:
      - Region of the database clusters, for example V(kr-west1).
      - If not set, the environment variables E(SCP_REGION) and E(SCP_TF_DEFAULT_REGION), then C(default-region) in
        C(~/.scpconf/config.json) are used.
      - Required unless O(endpoint) is set.
    type: str
  environment:
    description:
      - Environment of SCP, V(s) for Samsung, V(g) for sovereign and V(e) for enterprise.
      - If not set, the environment variable E(SCP_ENVIRONMENT), then the letter in E(SCP_TF_AUTH_URL) or in
        C(auth-url) in C(~/.scpconf/config.json), then V(e) is used.
    type: str
    choices: [s, g, e]
  endpoint:
    description:
      - URL of the MariaDB API, scheme and host only. Overrides O(region) and O(environment).
      - If not set, the environment variables E(SCP_ENDPOINT) and E(SCP_TF_ENDPOINT_OVERRIDE), then
        C(endpoint-override) in C(~/.scpconf/config.json) are used.
      - It must use C(https), except on a loopback address or with O(allow_plain_http).
      - It must not have a user name, a password or a query.
    type: str
  resource_manager_endpoint:
    description:
      - URL of the Resource Manager API, scheme and host only, where the tags of clusters are looked up and changed. It
        is called by tasks that use tags only.
      - If not set, the environment variable E(SCP_RESOURCE_MANAGER_ENDPOINT) is used, then
        C(https://resourcemanager.{environment}.samsungsdscloud.com). Where O(endpoint) is another URL than SCP's own,
        O(region) and O(environment) have to say where the clusters are, because tags are looked up by that as well.
      - It must use C(https), except on a loopback address or with O(allow_plain_http).
    type: str
  allow_plain_http:
    description:
      - Whether O(endpoint) and O(resource_manager_endpoint) may use C(http) to another machine. Passwords of databases
        and keys of buckets then travel where everybody on the way can read them.
      - Only for a simulator, or for a proxy on the way that adds TLS.
    type: bool
    default: false
  api_version:
    description:
      - Version of the MariaDB API, for example V(1.0). A version that is set here is used as it is.
      - If not set, the environment variable E(SCP_API_VERSION) is used. If that is not set either, V(1.0) is tried,
        and where the service does not serve it any more, the newest version that both sides know, with a warning.
    type: str
  language:
    description: Language of the messages that SCP answers.
    type: str
    choices: [en-US, ko-KR]
    default: en-US
  validate_certs:
    description: Whether to verify the TLS certificate of the API. Only switch this off for tests.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the certificates of the authorities to trust, instead of those that the Python library
        C(requests) brings.
      - If not set, the environment variables E(SSL_CERT_FILE), E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used.
    type: path
  api_timeout:
    description:
      - Seconds to wait for the connection, and between two parts of an answer, for one attempt of one call.
      - A whole answer may take ten times as long.
      - More than 0 and at most 86400.
    type: float
    default: 30
  api_retries:
    description:
      - How often a call is sent again after a passing fault. 0 to 100.
      - Reads are repeated after any such fault. A call that changes something is only repeated when it was certainly
        not carried out, that is when no connection was made or SCP refused it for its rate (status 429).
    type: int
    default: 4
requirements:
  - python >= 3.9
  - requests >= 2.28
notes:
  - Secrets are never part of a result, a diff or a message.
"""

    # Goes beside the options above in plugins, of which Ansible knows where else they can be set; of several variables
    # the last one counts. SCP_ENVIRONMENT is not here, because Ansible would refuse an empty one.
    VARIABLES = r"""
options:
  access_key:
    env:
      - name: SCP_TF_ACCESS_KEY
      - name: SCP_ACCESS_KEY
  secret_key:
    env:
      - name: SCP_TF_SECRET_KEY
      - name: SCP_SECRET_KEY
  auth_token:
    env:
      - name: SCP_TF_AUTH_TOKEN
      - name: SCP_AUTH_TOKEN
  region:
    env:
      - name: SCP_TF_DEFAULT_REGION
      - name: SCP_REGION
  endpoint:
    env:
      - name: SCP_TF_ENDPOINT_OVERRIDE
      - name: SCP_ENDPOINT
  resource_manager_endpoint:
    env:
      - name: SCP_RESOURCE_MANAGER_ENDPOINT
  api_version:
    env:
      - name: SCP_API_VERSION
  ca_path:
    env:
      - name: SSL_CERT_FILE
"""
