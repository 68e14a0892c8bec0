"""Chapter 4.4: shape of what is typed to waive faults of a long list."""

import re
from collections.abc import Collection
from typing import Any

from django import forms

from inspectorate.sampling.models import Waiver

LONGEST_REASON = 1000
ROWS = re.compile(r"(\d{1,7})(?:\s*(?:-|–|to)\s*(\d{1,7}))?")


class Waive(forms.Form):
    """What becomes of the faults of one kind, on which rows, and why they cannot be mended."""

    which = forms.ChoiceField(
        label="Which rows", choices=[("all", "All of them"), ("some", "Only some rows")], widget=forms.RadioSelect
    )
    rows = forms.CharField(
        label="Row numbers", help_text="For example 4, 9 or 12 to 15", required=False, max_length=2000
    )
    outcome = forms.ChoiceField(label="What becomes of them", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why they cannot be mended", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_REASON
    )

    def __init__(self, *args: Any, rows: Collection[int], outcomes: Collection[Waiver.Outcome], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._known = sorted(rows)
        words = {
            Waiver.Outcome.AS_WRITTEN: "The cell is taken as it is; a date or choice that is not understood, as empty",
            Waiver.Outcome.LEFT_OUT: "The whole row is left out",
        }
        self.fields["outcome"].choices = [(str(one), words[one]) for one in outcomes]  # type: ignore[attr-defined]
        if len(outcomes) == 1:
            self.fields["outcome"].initial = str(next(iter(outcomes)))
        if len(set(rows)) == 1:
            del self.fields["which"], self.fields["rows"]

    def clean_rows(self) -> set[int] | None:
        """The rows typed, None for all of them."""
        if self.cleaned_data.get("which") != "some":
            return None
        typed = self.cleaned_data["rows"].strip()
        parts = [part for part in re.split(r"\s*(?:,|;|\band\b|\bor\b)\s*", typed) if part]
        found = [ROWS.fullmatch(part) for part in parts]
        if not parts or not all(found):
            raise forms.ValidationError("Enter the row numbers, for example 4, 9 or 12 to 15")
        chosen: set[int] = set()
        for one in found:
            assert one is not None
            first, last = int(one[1]), int(one[2] or one[1])
            chosen |= {row for row in self._known if first <= row <= last} if one[2] else {first}
        return chosen

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data.get(name) for name in ("rows", "outcome", "reason")}
