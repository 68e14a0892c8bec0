"""Shape of what is typed in fieldwork beside the case form itself: domain one evidence."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.documents.models import Document
from inspectorate.fieldwork.models import EvidenceNote, MeetingRecord
from inspectorate.methodology.standards import Standard


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
