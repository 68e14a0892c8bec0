"""Chapter 4: shape of what is given and typed about lists and samples."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.design.dates import DateField
from inspectorate.sampling.samples import Proposal, Units

LONGEST_REASON = 1000
# Each drawn case asks for two fields on the page of exclusions; a form may hold 5,000.
MOST_CASES = 1000


class ListFile(forms.Form):
    """The file of a long list."""

    upload = forms.FileField(
        label="Long list",
        help_text="An .xlsx or .csv file with one row for each case",
        error_messages={"required": "Choose the file that holds the long list", "empty": "The file is empty"},
    )


class Matching(forms.Form):
    """For each header of a file the column of the specification that it is read as."""

    def __init__(
        self, *args: Any, headers: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for place, (header, column) in enumerate(headers):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header or f"Column {place + 1}, which has no header",
                choices=[("", "Not read"), *columns],
                initial=column,
                required=False,
            )

    def chosen(self) -> list[str]:
        """The column id, or "", of each header in order."""
        return [self.cleaned_data[name] for name in self.fields]


class AskedDays(forms.Form):
    """The days that a list is to cover, and why not those of the plan."""

    first_day = DateField(label="First day")
    last_day = DateField(label="Last day")
    reason = forms.CharField(
        label="Reason for other days than those of the plan",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_REASON,
    )


class ExpectedCases(forms.Form):
    """How many cases a list is expected to hold."""

    cases = forms.IntegerField(label="Number of cases expected", min_value=1, max_value=1_000_000)
    source = forms.CharField(
        label="Where the number is from",
        help_text="For example, monthly commencements published for the body",
        max_length=200,
    )

    govuk = {"cases": {"width": 5}}


class DrawForm(forms.Form):
    """What a draw is made with."""

    size = forms.IntegerField(label="Number of cases", min_value=1, max_value=MOST_CASES)
    substitutes = forms.IntegerField(label="Number of substitutes", min_value=0, max_value=MOST_CASES)
    units = forms.MultipleChoiceField(
        label="Units to draw from", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose a unit"}
    )
    units_reason = forms.CharField(
        label="Why units are left out",
        help_text="Only where you did not choose all of them",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_REASON,
    )
    reason = forms.CharField(
        label="Why another draw is needed", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_REASON
    )
    seed = forms.RegexField(
        r"^\s*(?:[0-9A-Fa-f]{2}){16,32}\s*$",
        label="Seed, if it was made elsewhere",
        help_text="32 to 64 hexadecimal digits. Leave it empty and the system throws the dice",
        required=False,
        error_messages={"invalid": "A seed has 32 to 64 hexadecimal digits, an even number of them"},
    )

    govuk = {
        "size": {"width": 4},
        "substitutes": {"width": 4},
        "units": {"small": True},
        "seed": {"classes": "govuk-input--code"},
    }

    def __init__(
        self,
        *args: Any,
        proposal: Proposal,
        population: int,
        units: Sequence[tuple[Units, int]],
        again: bool,
        **kw: Any,
    ) -> None:
        names = [(str(place), f"{' / '.join(unit)} ({cases})") for place, (unit, cases) in enumerate(units)]
        rest = population - proposal.size
        initial = {
            "size": proposal.size,
            "substitutes": min(rest, (proposal.size + 1) // 2),
            "units": [place for place, _ in names],
        }
        super().__init__(*args, **{**kw, "initial": initial})
        self._units = [unit for unit, _ in units]
        if any(self._units):
            self.fields["units"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["units"], self.fields["units_reason"]
        if not again:
            del self.fields["reason"]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        found = {name: self.cleaned_data.get(name, "") for name in ("size", "substitutes", "units_reason", "reason")}
        seed = self.cleaned_data["seed"].strip()
        units = [self._units[int(place)] for place in self.cleaned_data.get("units", [])]
        return found | {"units": units, "seed": bytes.fromhex(seed) if seed else None}


class Marks(forms.Form):
    """The exclusions of a provisional sample: for each drawn case a reason and a note.

    `rows` are those of `samples.marked_rows`.
    """

    def __init__(self, *args: Any, rows: Sequence[Any], reasons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        for row in rows:
            self.fields[f"reason-{row.pk}"] = forms.ChoiceField(
                choices=[("", "Not excluded"), *reasons], required=False, initial=row.mark_reason or ""
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                required=False, max_length=2000, initial=row.mark_note or "" if row.mark_reason else ""
            )

    def given(self) -> dict[str, tuple[str, str]]:
        """Reference -> (reason, note), as the action takes it; cases that the page did not send stay as they are."""
        return {
            row.case.reference: (self.cleaned_data[f"reason-{row.pk}"], self.cleaned_data[f"note-{row.pk}"])
            for row in self._rows
            if f"reason-{row.pk}" in self.data
        }


class ReceiptFile(forms.Form):
    """A receipt to be compared with the list that is kept."""

    upload = forms.FileField(
        label="Receipt",
        help_text="The .json file of a draw. Leave it empty to verify the one kept here",
        required=False,
    )
