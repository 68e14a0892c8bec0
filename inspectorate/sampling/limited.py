"""Chapter 4.4, limited access: the one place that decides who sees a limited-access case, and what others see instead.

Every page and file that shows a listed, drawn, sampled, allocated or judged case passes its rows through `Sight`.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from inspectorate.accounts.models import User
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.sampling.checking import LIMITED
from inspectorate.sampling.models import Exclusion, LimitedReader, ListedCase, LongList, Waiver

VEIL = "Limited-access case"
# The reason with which a body says so of a drawn case.
REASON = LIMITED
# The body's own side made the list and holds the records, so it sees what it gave.
GIVES = frozenset({"longlist.give", "exclusions.mark"})
WHO = ("reference", "name", "date-of-birth")
SHORTEST = 3
# Fields of a named tuple that tell something of a case.
TELLING = ("reference", "office", "unit_1", "unit_2", "name", "officer")

T = TypeVar("T")


def may_read(user: User, inspection: Inspection) -> bool:
    """Whether a person sees the limited-access cases of an inspection: the body's side that gives the lists, and
    readers named by the lead inspector while they hold `personal.view` there. Manual 4.4e."""
    answer = _without_asking(user, inspection)
    if answer is None and (own := access.own_on(user, inspection)):
        return any(held.named_reader for held in own)
    return _named(user, inspection).exists() if answer is None else answer


def _without_asking(user: User, inspection: Inspection) -> bool | None:
    """What a person's rights say already; None where it hangs on being named."""
    rights = access.rights_on(user, inspection)
    if not access.is_inspectorate(user, inspection):
        return bool(rights & GIVES) and "personal.view" in rights
    return None if "personal.view" in rights else False


def _named(user: User, inspection: Inspection) -> Any:
    return LimitedReader.objects.filter(inspection=inspection, reader=user, ended_at=None)


def readers_of(inspection: Inspection) -> frozenset[int]:
    """The keys of the people who are named readers now. One query."""
    now = LimitedReader.objects.filter(inspection=inspection, ended_at=None)
    return frozenset(now.values_list("reader", flat=True))


def may_open_files(user: User, inspection: Inspection) -> bool:
    """Whether a person may open the files in which a body names cases: not where one of them is limited to others."""
    return Sight(user, inspection).everything


class Sight:
    """What one person sees of the cases of one inspection. Asks the database only where a case is limited."""

    def __init__(self, user: User, inspection: Inspection) -> None:
        self._user, self._inspection = user, inspection

    @cached_property
    def reads(self) -> bool:
        """Whether this person sees limited-access cases too."""
        return may_read(self._user, self._inspection)

    @cached_property
    def everything(self) -> bool:
        """Whether nothing is kept from this person: they read all, or no case is limited, nor may come to be."""
        there = ListedCase.objects.filter(long_list__inspection=self._inspection, limited=True)
        given = LongList.objects.filter(inspection=self._inspection).values_list("matching", flat=True)
        return self.reads or not (there.exists() or any(one.get("limited") for one in given))

    @cached_property
    def _secret(self) -> tuple[str, ...]:
        """Reference, name and date of birth of every case that is kept from this person. One query."""
        known = _without_asking(self._user, self._inspection)
        if known:
            return ()
        there = ListedCase.objects.filter(long_list__inspection=self._inspection, limited=True)
        rows = list(there.annotate(reads=Exists(_named(self._user, self._inspection))).values_list("facts", "reads"))
        if known is None and rows and rows[0][1]:
            return ()
        words = {word for facts, _ in rows for name in WHO for word in _as_written(facts.get(name, ""))}
        return tuple(sorted((word for word in words if len(word) >= SHORTEST), key=lambda word: (-len(word), word)))

    def rows(self, rows: Iterable[T]) -> list[T]:
        """The same rows, with what this person may not see covered. A row is a ListedCase, has one as `case`, or is a
        named tuple with `limited`."""
        found = list(rows)
        for at, row in enumerate(found):
            if _limited(row) and not self.reads:
                found[at] = _covered(row)
            if getattr(row, "in_place_limited", False) and not self.reads:
                row.in_place_of = VEIL  # type: ignore[attr-defined]
        return found

    def sees(self, case: ListedCase) -> bool:
        """Whether this person sees a case."""
        return not case.limited or self.reads

    def fault_values(self, long_list: LongList, faults: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Faults as they are kept with a list, without the values that would name a case kept from this person."""
        rows = frozenset(long_list.matching.get("limited", ()))
        return [[*one[:3], self._value(one[3], one[1] in rows), *one[4:]] for one in faults]

    def waivers(self, waivers: Iterable[Waiver]) -> list[Waiver]:
        """Waivers without such values."""
        found = list(waivers)
        for one in found:
            one.value = self._value(one.value, one.row in one.long_list.matching.get("limited", ()))
        return found

    def _value(self, value: str, in_limited_row: bool) -> str:
        if not value:
            return value
        hidden = in_limited_row and not self.reads
        return VEIL if hidden or any(word in value.casefold() for word in self._secret) else value

    def told(self, value: Any) -> Any:
        """Text, or a receipt with text in it, in which no case is named that is kept from this person."""
        if isinstance(value, str):
            return self._pattern.sub(VEIL, value) if self._secret else value
        if isinstance(value, dict):
            return {name: self.told(inside) for name, inside in value.items()}
        if isinstance(value, list | tuple):
            return [self.told(inside) for inside in value]
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word) for word in self._secret)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _as_written(text: str) -> tuple[str, ...]:
    """A word in small letters; a date also as faults show it."""
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return (text, f"{day[3]}/{day[2]}/{day[1]}") if day else (text.casefold(),)


def _limited(row: Any) -> bool:
    case = row if isinstance(row, ListedCase) or hasattr(row, "_replace") else row.case
    return bool(case.limited)


def _covered(row: Any) -> Any:
    """What stands in place of a case; the row of the database is not touched, and such a case is never saved."""
    if hasattr(row, "_replace"):
        cover = {"reference": VEIL, "unit_1": VEIL, "unit_2": VEIL}
        return row._replace(**{name: cover.get(name, "") for name in row._fields if name in TELLING})
    case = row if isinstance(row, ListedCase) else row.case
    case.reference = case.unit_1 = case.unit_2 = VEIL
    case.facts = {name: VEIL if name in ("reference", "name") else "" for name in case.facts}
    if getattr(row, "mark_note", ""):
        row.mark_note = ""
    return row


def key(reference: str) -> str:
    """A reference as it is compared: spaces and capitals make no other one."""
    return "".join(reference.split()).upper()


def known_in(inspection: Inspection) -> frozenset[str]:
    """The keys of the references that are limited on any list of an inspection. One query."""
    there = ListedCase.objects.filter(long_list__inspection=inspection, limited=True)
    return frozenset(key(one) for one in there.values_list("reference", flat=True))


def says_so(facts: dict[str, str]) -> bool:
    """Whether a row of a list says itself that access is limited."""
    return facts.get(LIMITED) == "yes"


def follow(inspection: Inspection, references: Collection[str]) -> int:
    """Has the cases under these references follow what is said of them now, on every accepted list of an inspection:
    by a row of a list, or by the newest mark on a draw. Answers how many changed. Manual 4.4e."""
    wanted = {key(one) for one in references}
    listed = ListedCase.objects.filter(long_list__inspection=inspection)
    keys = [pk for pk, reference in listed.values_list("pk", "reference") if key(reference) in wanted] if wanted else []
    there = list(listed.filter(pk__in=keys).only("reference", "facts", "limited"))
    limited = _marked(keys) | {key(one.reference) for one in there if says_so(one.facts)}
    changed = [one for one in there if one.limited != (key(one.reference) in limited)]
    for one in changed:
        one.limited = not one.limited
    ListedCase.objects.bulk_update(changed, ["limited"], batch_size=500)
    return len(changed)


def _marked(cases: Collection[int]) -> set[str]:
    """The references on which the newest mark of some draw says that access is limited."""
    later = Exclusion.objects.filter(drawn=OuterRef("drawn"), pk__gt=OuterRef("pk"))
    standing = Exclusion.objects.filter(~Exists(later), drawn__case__in=cases, reason=REASON)
    return {key(one) for one in standing.values_list("drawn__case__reference", flat=True)}


def counted(inspection: Inspection) -> dict[str, int]:
    """How many limited-access cases the newest accepted version of each list holds, by list. One query."""
    accepted = LongList.objects.filter(inspection=inspection, state=LongList.State.ACCEPTED)
    newest = accepted.filter(case_list=OuterRef("case_list")).order_by("-pk").values("pk")[:1]
    found = (
        accepted.filter(pk=Subquery(newest))
        .order_by()
        .values_list("case_list")
        .annotate(limited=Count("cases", filter=Q(cases__limited=True)))
    )
    return {name: count for name, count in found if count}
