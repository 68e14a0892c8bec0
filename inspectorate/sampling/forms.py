"""Chapter 4: shape of what is given and typed about lists and samples."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.design.dates import DateField

LONGEST_REASON = 1000


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
