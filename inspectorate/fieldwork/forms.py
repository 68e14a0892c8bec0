"""Shape of what is given in fieldwork beside the case form itself: domain one evidence, and copies of a case."""

from typing import Any

from django import forms

from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.standards import Standard


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


class Copy(forms.Form):
    """A filled workbook of a case, or an emergency copy of it."""

    upload = forms.FileField(label="Filled spreadsheet (.xlsx) or emergency copy (.json)")
