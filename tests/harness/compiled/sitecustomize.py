# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps what Python compiles of a module's archive for the next module, which saves a quarter of its time.

Ansible sends a module as an archive of sources, of which Python keeps nothing. It imports this file by its name, in the
processes of a test's play only.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import zipimport
from pathlib import Path
from types import CodeType
from typing import Any

FOLDER = Path(os.environ["COMPILED_MODULES"])
compile_source: Any = getattr(zipimport, "_compile_source")  # noqa: B009


def compile_once(path: str, source: bytes) -> CodeType:
    """Return the code of one file of an archive, whose own path is another in each run."""
    name = path.partition(".zip")[2]
    key = hashlib.sha256(f"{sys.implementation.cache_tag} {name} ".encode() + source).hexdigest()
    file = FOLDER / key
    try:
        kept: CodeType = marshal.loads(file.read_bytes())  # noqa: S302
    except FileNotFoundError:
        code: CodeType = compile_source(path, source)
        FOLDER.mkdir(exist_ok=True)
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(marshal.dumps(code))
        new.replace(file)
        return code
    return kept


setattr(zipimport, "_compile_source", compile_once)  # noqa: B010
