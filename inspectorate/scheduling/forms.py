"""Shape of what is typed about who inspects which case."""

from typing import Any

from django import forms

from inspectorate.accounts.models import User
from inspectorate.scheduling.models import Conflict


class Reallocation(forms.Form):
    """Another inspector for a case, and why."""

    to = forms.ModelChoiceField(User.objects.none(), label="Inspector", empty_label="Choose an inspector")
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), max_length=500)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(pk__in=[p.pk for p in people])  # type: ignore[attr-defined]


class Connection(forms.Form):
    """A connection that could be a conflict of interest."""

    what = forms.ChoiceField(
        choices=Conflict.What.choices, widget=forms.RadioSelect, label="What is the connection with?"
    )
    name = forms.CharField(
        max_length=150,
        label="Name of the office or officer, or the case reference",
        help_text="Written as in your schedule of cases",
    )
