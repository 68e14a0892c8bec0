"""Shape of what is typed about the call, the steps of the report, and the national results."""

import datetime

from django import forms

from inspectorate.audit import clock
from inspectorate.design.dates import DateField

TIMES = ["%I%p", "%I:%M%p", "%I.%M%p", "%I %p", "%I:%M %p", "%H:%M", "%H.%M"]


class Calling(forms.Form):
    """The record of the call about the decision."""

    call_date = DateField(label="Date of the call")
    call_time = forms.TimeField(
        label="Time of the call",
        help_text="For example, 9:30am or 14:00",
        input_formats=TIMES,
        widget=forms.TextInput,
        error_messages={"invalid": "Enter a time, such as 9:30am or 14:00"},
    )
    spoke_to = forms.CharField(label="Who you spoke to", max_length=150)
    position = forms.CharField(label="Position", max_length=150, help_text="For example, chief executive")
    said = forms.CharField(
        label="What was said", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False
    )
    reason = forms.CharField(
        label="Why on another day",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="Only when the call was not on the day given above",
    )

    govuk = {"call_time": {"width": 10}}

    def called_at(self) -> datetime.datetime:
        """The instant of the call, typed as London time."""
        return datetime.datetime.combine(self.cleaned_data["call_date"], self.cleaned_data["call_time"], clock.LONDON)


class Completing(forms.Form):
    """A note with the step, for those who do the next one."""

    note = forms.CharField(
        label="Note for those who do the next step",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


class Publishing(forms.Form):
    """The edition as it was shown, and whether it takes in the bodies that wait."""

    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2010, max_value=2090)
    everybody = forms.BooleanField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class Signing(Publishing):
    """A signature for an edition that the gate refuses."""

    reason = forms.CharField(
        label="Why it is published in spite of the gate",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="Everybody who sees the edition reads this",
    )
