"""Chapter 4.4e: shape of what is typed to name a reader of limited-access cases."""

from typing import Any

from django import forms

from inspectorate.accounts.models import User


class Reader(forms.Form):
    """Somebody of the team, and why."""

    reader = forms.ModelChoiceField(User.objects.none(), label="Person", empty_label="Choose a person")
    reason = forms.CharField(
        label="Why this person has to read these cases", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in people]
        ).order_by("name")
