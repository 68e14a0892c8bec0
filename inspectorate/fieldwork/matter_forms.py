"""Chapter 6.1: shape of what is typed about a matter."""

from typing import Any

from django import forms

from inspectorate.fieldwork.alert_forms import AgainForm, text
from inspectorate.methodology.fieldwork import MatterKind

__all__ = ["AgainForm", "AnswerForm", "CloseForm", "EvidenceForm", "RaiseForm"]


class RaiseForm(forms.Form):
    """What kind of matter it is, and what was found."""

    kind = forms.ChoiceField(label="What it is", widget=forms.RadioSelect)
    text = text("What you found, and whom you told", rows=4)

    def __init__(self, *args: Any, kinds: tuple[MatterKind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.id, one.title) for one in kinds]  # type: ignore[attr-defined]
        self.govuk = {"kind": {"hints": {one.id: f"To expect: {one.expects}" for one in kinds}}}


class AnswerForm(forms.Form):
    """What was answered."""

    text = text("Who answered, when and what", rows=3)


class EvidenceForm(forms.Form):
    """A file that shows what was done."""

    text = text("What the file shows", rows=3)
    upload = forms.FileField(label="The file")


class CloseForm(forms.Form):
    """The outcome of a matter."""

    outcome = forms.ChoiceField(label="Outcome", widget=forms.RadioSelect)
    text = text("A last note", rows=3, required=False)

    def __init__(self, *args: Any, kind: MatterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one, one) for one in kind.outcomes]  # type: ignore[attr-defined]
