# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster as it is now."""

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import ScpError
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import is_gone
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Source


def show(source: Source, cluster_id: str) -> Json | None:
    """Return a cluster's detail; None when it does not exist or is terminated.

    Raises :class:`ScpError` when it could not be read.
    """
    try:
        cluster = source.read(_api.show_cluster(cluster_id))
    except ScpError as error:
        if is_gone(error):
            return None
        raise
    return None if cluster["service_state"] == _states.TERMINATED else cluster
