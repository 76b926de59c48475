# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _resource_manager
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import Answer, a_line

SRN = "srn:e::account:kr-west1::mariadb:mariadb/c1"
ENCODED = "c3JuOmU6OmFjY291bnQ6a3Itd2VzdDE6Om1hcmlhZGI6bWFyaWFkYi9jMQ=="


def test_srn() -> None:
    assert _resource_manager.srn("e", "account", "kr-west1", "c1") == SRN


def test_calls() -> None:
    listed = _resource_manager.list_tags(SRN, size=100, page=0)
    assert (listed.operation, listed.method, listed.path) == ("List Tags", "GET", f"/v1/tags/{ENCODED}")
    assert listed.query == (("size", "100"), ("page", "0"))
    assert _resource_manager.list_tags(SRN).query == ()
    put = _resource_manager.set_tags(SRN, {"team": "commerce", "alone": ""})
    assert (put.operation, put.method, put.path) == ("Set Tags", "PUT", f"/v1/tags/{ENCODED}/bulk")
    assert put.body == {"tags": [{"key": "team", "value": "commerce"}, {"key": "alone", "value": ""}]}
    gone = _resource_manager.delete_tag(SRN, "team")
    assert (gone.operation, gone.method, gone.body) == ("Delete Tag", "DELETE", None)
    assert gone.path == f"/v1/tags/{ENCODED}/team"


@pytest.mark.parametrize("key", ["a b", "a/b", "a?b", "a#b", "a%2Fb", "ä", "bulk"])
def test_key_is_one_segment_of_what_goes_on_the_wire(key: str) -> None:
    line = a_line(Answer(204))
    call = _resource_manager.delete_tag(SRN, key)
    line.http.write(call)
    (url,) = line.transport.urls
    assert url.endswith(call.path)
    assert len(call.path.split("/")) == 5


def test_service_and_version_are_named_and_never_negotiated() -> None:
    line = a_line(Answer(406), service="resourcemanager", api_version="1.0")
    with pytest.raises(Exception, match="List Tags failed: 406"):
        line.http.read(_resource_manager.list_tags(SRN))
    (request,) = line.transport.sent
    assert request.headers["Scp-Api-Version"] == "resourcemanager 1.0"
