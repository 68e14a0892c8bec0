"""Shape of what is typed when a step of the report is completed."""

from django import forms


class Completing(forms.Form):
    """A note with the step, for those who do the next one."""

    note = forms.CharField(
        label="Note for those who do the next step",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
