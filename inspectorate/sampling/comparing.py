"""Chapter 4.4: comparisons of two versions of a long list: small ones are made at once, others kept by the worker."""

import hashlib
import json
import zlib
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from inspectorate.audit import clock
from inspectorate.documents.spreadsheets import UnreadableSheet
from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling import reading, versions
from inspectorate.sampling.asked import in_own_words
from inspectorate.sampling.models import KeptComparison, LongList
from inspectorate.sampling.versions import Comparison, Difference, UnitCount

# Both files together: what is read and compared well within a second.
AT_ONCE_BYTES = 400_000


def at_hand(case_list: CaseList, earlier: LongList, later: LongList) -> Comparison | None:
    """A comparison that nobody has to wait for, or none. Manual 4.4b. Raises UnreadableSheet."""
    if earlier.document.size + later.document.size <= AT_ONCE_BYTES:
        return versions.compare(case_list, earlier, later)
    kept = KeptComparison.objects.filter(earlier=earlier, later=later, key=_key(case_list, earlier, later))
    found = kept.values_list("pk", flat=True).first()
    return None if found is None else _unpacked(found)


def keep(earlier: LongList, later: LongList) -> None:
    """Makes and keeps a comparison for which somebody would have to wait, where it is not kept yet. Manual 4.4b."""
    case_list = in_own_words(later.inspection, [reading.specification(later)])[0]
    if earlier.document.size + later.document.size <= AT_ONCE_BYTES:
        return
    key = _key(case_list, earlier, later)
    if KeptComparison.objects.filter(earlier=earlier, later=later, key=key).exists():
        return
    try:
        found: dict[str, Any] = asdict(versions.compare(case_list, earlier, later))
    except UnreadableSheet as refusal:
        found = {"unreadable": str(refusal)}
    packed = zlib.compress(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), 1)
    KeptComparison.objects.get_or_create(
        earlier=earlier, later=later, key=key, defaults={"found": packed, "at": clock.now()}
    )


def _key(case_list: CaseList, earlier: LongList, later: LongList) -> str:
    return hashlib.sha256(json.dumps(versions.key_of(case_list, earlier, later)).encode()).hexdigest()


def _unpacked(kept: int) -> Comparison:
    """The comparison with this key, which never changes. Raises UnreadableSheet."""
    found = _kept(kept)
    if isinstance(found, str):
        raise UnreadableSheet(found)
    return found


@lru_cache(maxsize=versions.AT_HAND)
def _kept(kept: int) -> Comparison | str:
    packed = KeptComparison.objects.values_list("found", flat=True).get(pk=kept)
    said = json.loads(zlib.decompress(packed))
    if "unreadable" in said:
        return str(said["unreadable"])
    differences = tuple(
        Difference(**one | {"changes": tuple(tuple(change) for change in one["changes"])})
        for one in said["differences"]
    )
    units = tuple(UnitCount(**one) for one in said["units"])
    return Comparison(differences, said["counts"], said["same"], units, tuple(said["untold"]))
