"""Shape of what is given in fieldwork beside the case form: domain one evidence, drop-outs, copies of a case."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.documents.models import Document
from inspectorate.fieldwork.models import EvidenceNote, MeetingRecord
from inspectorate.methodology.standards import Standard

LONGEST_NOTE = 2000


class Evidence(forms.Form):
    """A piece of domain one evidence, to a key question or to one of its prompts."""

    govuk = {"weighs": {"inline": True}, "strength": {"inline": True}}

    key_question = forms.ChoiceField(label="Key question or prompt")
    source = forms.ChoiceField(choices=EvidenceNote.Source.choices, widget=forms.RadioSelect, label="Kind of source")
    weighs = forms.ChoiceField(
        choices=[("for", "For"), ("against", "Against")], widget=forms.RadioSelect, label="It weighs"
    )
    strength = forms.ChoiceField(
        choices=[("weak", "Weak"), ("fair", "Fair"), ("strong", "Strong")],
        widget=forms.RadioSelect,
        label="How strong it is",
        initial="fair",
        required=False,
    )
    text = forms.CharField(
        label="What the evidence says",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Name no member of staff: what people say in meetings and interviews is used in aggregate only",
    )
    meeting = forms.ChoiceField(label="From which meeting", required=False)
    document = forms.ChoiceField(label="In which document", required=False)

    def __init__(
        self,
        *args: Any,
        standards: tuple[Standard, ...],
        meetings: Sequence[MeetingRecord] = (),
        documents: Sequence[Document] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of_prompt = {p.id: q.id for s in standards for q in s.key_questions for p in q.prompts}
        self.meetings = {str(one.pk): one for one in meetings}
        self.documents = {str(one.pk): one for one in documents}
        self.fields["key_question"].choices = [  # type: ignore[attr-defined]
            (
                f"{q.id} {q.label}",
                [(q.id, f"{q.id} {q.label}, as a whole"), *((p.id, f"{p.id} {p.text}"[:110]) for p in q.prompts)],
            )
            for standard in standards
            for q in standard.key_questions
        ]
        for name, known in (("meeting", self.meetings), ("document", self.documents)):
            if known:
                self.fields[name].choices = [("", "None"), *((key, str(one)) for key, one in known.items())]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        """What was typed, as `evidence.note_evidence` takes it."""
        given = dict(self.cleaned_data)
        chosen = given["key_question"]
        if chosen in self.of_prompt:
            given |= {"key_question": self.of_prompt[chosen], "prompt": chosen}
        given["strength"] = given["strength"] or "fair"
        given["meeting"] = self.meetings.get(given.get("meeting", ""))
        given["document"] = self.documents.get(given.get("document", ""))
        return given


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


class Copy(forms.Form):
    """A filled workbook of a case, or an emergency copy of it."""

    upload = forms.FileField(label="Filled spreadsheet (.xlsx) or emergency copy (.json)")
