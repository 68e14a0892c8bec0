"""Chapter 4.4, stages 3 and 4: shape of what is given and typed on a returned sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from inspectorate.design.dates import DateField
from inspectorate.sampling.officers import LONGEST_NOTE
from inspectorate.sampling.returning import Standing

LONGEST_REASON = 1000
ANSWERS = (("", "No answer yet"), ("accept", "Accept"), ("refuse", "Refuse"))


class SheetFile(forms.Form):
    """The returned sheet of a provisional sample."""

    upload = forms.FileField(
        label="Sheet that was filled in",
        help_text="The workbook of this page, or its sheet of exclusions as .csv",
        error_messages={"required": "Choose the sheet that was filled in", "empty": "The file is empty"},
    )


class EvidenceFile(forms.Form):
    """A document that shows why a case is excluded."""

    upload = forms.FileField(
        label="Document",
        help_text="A text, table, presentation, PDF or picture",
        error_messages={"required": "Choose the document", "empty": "The file is empty"},
    )


class DaysAway(forms.Form):
    """Days of fieldwork on which an officer cannot be interviewed."""

    officer = forms.ChoiceField(
        label="Responsible officer", error_messages={"required": "Select the responsible officer"}
    )
    first_day = DateField(label="First day away")
    last_day = DateField(label="Last day away")
    note = forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, officers: Sequence[str], first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = [("", "Choose an officer"), *((one, one) for one in officers)]  # type: ignore[attr-defined]
        for name in ("first_day", "last_day"):
            field: Any = self.fields[name]
            field.earliest, field.latest = first, last

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("first_day") and given.get("last_day") and given["last_day"] < given["first_day"]:
            self.add_error("last_day", "Last day away must be on or after the first day away")
        return given


class Answers(forms.Form):
    """For each exclusion that stands whether it is accepted, and why not."""

    def __init__(self, *args: Any, standing: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._standing = standing
        for one in standing:
            now = "" if one.answer is None else "accept" if one.answer.accepted else "refuse"
            self.fields[f"answer-{one.mark.pk}"] = forms.ChoiceField(choices=ANSWERS, required=False, initial=now)
            self.fields[f"why-{one.mark.pk}"] = forms.CharField(
                required=False, max_length=LONGEST_REASON, initial=one.answer.reason if one.answer else ""
            )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for one in self._standing:
            refused = given.get(f"answer-{one.mark.pk}") == "refuse"
            if refused and not given.get(f"why-{one.mark.pk}") and f"why-{one.mark.pk}" not in self.errors:
                case = one.mark.drawn.case
                name = "this limited-access case" if case.limited else case.reference
                self.add_error(f"why-{one.mark.pk}", f"Say why the exclusion of {name} is refused")
        return given

    def given(self) -> dict[int, tuple[bool, str]]:
        """Key of the mark -> (accepted, reason), as the action takes it; marks without an answer are left out."""
        found = {}
        for one in self._standing:
            answer = self.cleaned_data[f"answer-{one.mark.pk}"]
            if answer:
                why = self.cleaned_data[f"why-{one.mark.pk}"] if answer == "refuse" else ""
                found[one.mark.pk] = (answer == "accept", why)
        return found
