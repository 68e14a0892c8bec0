"""Chapter 6.8: shape of what is typed about an alert."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dateparse import parse_datetime

from inspectorate.fieldwork.models import Alert
from inspectorate.methodology.fieldwork import AlertRules

LONGEST = 5000


def text(label: str, *, rows: int = 4, required: bool = True, help_text: str = "") -> forms.CharField:
    """A box for several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, help_text=help_text, max_length=LONGEST)


class AlertForm(forms.Form):
    """The three questions of the manual and the kind; the id makes one alert of what is sent twice."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    made_at = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="What it is about",
        choices=Alert.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it is about"},
    )
    what = text("What might happen if nothing is done?", help_text="Who is at risk, from whom, and what you know")
    likely = forms.ChoiceField(label="How likely is it?", choices=Alert.Likely.choices, widget=forms.RadioSelect)
    imminent = forms.ChoiceField(
        label="When might it happen?", choices=Alert.Imminent.choices, widget=forms.RadioSelect
    )
    govuk = {"kind": {"small": True}, "likely": {"small": True}, "imminent": {"small": True}}

    def clean_made_at(self) -> datetime | None:
        """The device's time, where it says one that can be understood."""
        try:
            said = parse_datetime(self.cleaned_data["made_at"])
        except ValueError:
            return None
        return said if said and said.tzinfo else None


class AcknowledgeForm(forms.Form):
    """Taking an alert up."""

    text = text("What you do next", rows=3, required=False)


class TellForm(forms.Form):
    """Who was told, how and when, and what said who the person is."""

    told = forms.CharField(label="Who was told", max_length=200, help_text="Organisation, name and position")
    text = text("How, when and what you asked them to do", rows=3, help_text="For example, by telephone at 10:20am")
    identity = forms.MultipleChoiceField(
        label="What you passed on that says who somebody is",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Only what they need to act. Select nothing if they can act without",
    )

    def __init__(self, *args: Any, rules: AlertRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identity"].choices = [(one.id, one.title) for one in rules.identity]  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """What the organisation did."""

    text = text("What the organisation did")


class AssureForm(forms.Form):
    """The assurance, with the file that shows it."""

    text = text("What you are assured of, and by whom", rows=3)
    upload = forms.FileField(label="The file that shows it")


class CloseForm(forms.Form):
    """The last word on an alert."""

    text = text("A last note", rows=3, required=False)


class AgainForm(forms.Form):
    """Why something that was closed is opened again."""

    text = text("Why it is opened again", rows=3)


class SealForm(forms.Form):
    """Which fields of an interview are shown on an alert, and why."""

    fields_shown = forms.MultipleChoiceField(
        label="What the readers of this alert will see",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what the readers of this alert will see"},
    )
    reason = text("Why somebody needs protection at once", rows=3)

    def __init__(self, *args: Any, there: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_shown"].choices = there  # type: ignore[attr-defined]
