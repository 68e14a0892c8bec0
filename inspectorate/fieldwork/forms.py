"""Shape of what is typed in fieldwork beside the case form itself: domain one evidence, and cases that drop out."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.standards import Standard

LONGEST_NOTE = 2000


class Evidence(forms.Form):
    """A piece of domain one evidence."""

    key_question = forms.ChoiceField(label="Key question")
    source = forms.ChoiceField(choices=EvidenceNote.Source.choices, widget=forms.RadioSelect, label="Kind of source")
    weighs = forms.ChoiceField(
        choices=[("for", "For"), ("against", "Against")], widget=forms.RadioSelect, label="It weighs"
    )
    text = forms.CharField(
        label="What the evidence says",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Name no member of staff: what people say in meetings and interviews is used in aggregate only",
    )

    def __init__(self, *args: Any, standards: tuple[Standard, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key_question"].choices = [  # type: ignore[attr-defined]
            (f"{standard.id} {standard.title}", [(q.id, f"{q.id} {q.label}") for q in standard.key_questions])
            for standard in standards
        ]


class DropOutReport(forms.Form):
    """Why a case should have been excluded, and the talk with its officer."""

    reason = forms.ChoiceField(label="Why it should have been excluded", widget=forms.RadioSelect)
    note = forms.CharField(
        label="What was said",
        help_text="The short talk with the responsible officer, or what the record shows where there was none",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_NOTE,
    )

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


class DropOutDecision(forms.Form):
    """What becomes of a case that should have been excluded; `seen` is the substitute that the page shows."""

    decision = forms.ChoiceField(label="What becomes of the case", widget=forms.RadioSelect)
    note = forms.CharField(
        label="Why, and what you agreed with the inspector",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, decisions: Sequence[tuple[str, str]], seen: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]
        self.fields["seen"].initial = seen


class WhatIf(forms.Form):
    """How many more cases of a list drop out, to see what becomes of its margin."""

    list = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, of: str, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].initial = of
        self.fields["out"] = forms.IntegerField(label="If so many more cases drop out", min_value=0, max_value=most)
