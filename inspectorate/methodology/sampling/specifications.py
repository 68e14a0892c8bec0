"""Chapter 4.4: the digest of a list's specification, by which two lists are seen to follow the same one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from inspectorate.methodology.sampling.lists import CaseList


def specification_digest(case_list: CaseList) -> str:
    """Return the SHA-256 (hexadecimal) of the specification that a list follows. What a specification leaves unsaid
    does not count, so that a later version of this program, which may ask for more, gives the same.

    Manual 4.4b
    """
    written = json.dumps(_said(case_list), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _said(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _said(getattr(value, field.name))
            for field in sorted(fields(value), key=lambda field: field.name)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, Mapping):
        return {str(key): _said(value[key]) for key in sorted(value)}
    if isinstance(value, tuple | list):
        return [_said(one) for one in value]
    return value
