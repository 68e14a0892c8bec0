"""Chapter 7.2a: shape of what the data team types: why a finding is right, and why a new version is signed."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

LONGEST = 2000


class Explaining(forms.Form):
    """Findings, one by one or all of a kind as the page showed them, and why they are right as they are."""

    findings = forms.MultipleChoiceField(label="Findings", widget=forms.CheckboxSelectMultiple, required=False)
    kinds = forms.MultipleChoiceField(label="All of a kind", widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(
        label="Why what you chose is right as it is",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        help_text="Name no person",
        error_messages={"required": "Enter why what you chose is right as it is"},
    )

    def __init__(self, *args: Any, keys: Sequence[str], kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]
        for name in ("findings", "kinds"):
            self.fields[name].error_messages["invalid_choice"] = (
                "Something that you chose is not found any more: look at the page again"
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen, sent = set(found.get("findings", ())), cast(QueryDict, self.data)
        for kind in found.get("kinds", ()):
            chosen |= set(sent.getlist(f"of-{kind}"))
        if not self.errors and not chosen:
            self.add_error("findings", "Choose what you explain")
        return {"findings": chosen, "reason": found.get("reason", "")}


class Signing(forms.Form):
    """Why a new version takes the place of the one before; nothing for the first."""

    reason = forms.CharField(
        label="Why a new version is signed",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        required=False,
    )
