"""Chapter 4.4: the receipt of an accepted long list, by which a body can prove which list it gave."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.methodology.sampling import LIST_RECEIPT, CaseList, specification_digest
from inspectorate.sampling.asked import period_asked
from inspectorate.sampling.models import LongList
from inspectorate.sampling.summaries import units_in


def receipt_of(long_list: LongList, case_list: CaseList, by: User) -> dict[str, Any]:
    """What was accepted, by whom and when, as JSON holds it; no person on the list is named in it. Manual 4.4b."""
    inspection = long_list.inspection
    tier_1: dict[str, int] = {}
    for units, cases in units_in(long_list):
        if units:
            tier_1[units[0]] = tier_1.get(units[0], 0) + cases
    asked = period_asked(inspection, case_list).days
    return {
        **LIST_RECEIPT,
        "list": {
            "id": case_list.id,
            "title": case_list.title,
            "digest": long_list.digest,
            "specification": specification_digest(case_list),
        },
        "file": {"sha256": long_list.document.digest, "bytes": long_list.document.size},
        "counts": {
            "cases": long_list.size,
            "rows_left_out": len(long_list.left_out),
            "faults_waived": long_list.waivers.count(),
            "tier_1": [[unit, cases] for unit, cases in sorted(tier_1.items())],
        },
        "period": {
            "asked": [day.isoformat() for day in asked or ()],
            "found": [_iso(long_list.first_day), _iso(long_list.last_day)],
        },
        "pack": {"id": inspection.pack.pack, "version": inspection.pack.version, "digest": inspection.pack.digest},
        "body": inspection.body.name,
        "fieldwork": inspection.fieldwork.isoformat(),
        "given": {"at": long_list.given_at.isoformat()},
        "accepted": {"by": by.name, "at": clock.now().isoformat()},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def written(receipt: Mapping[str, Any]) -> str:
    """A receipt as the file that people keep."""
    return json.dumps(receipt, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def digest_of(receipt: Mapping[str, Any]) -> str:
    """SHA-256 of that file, which stands in the audit trail."""
    return hashlib.sha256(written(receipt).encode()).hexdigest()
