"""Chapter 6.1: shape of what is typed about a case that was judged."""

from collections.abc import Sequence
from typing import Any

from django import forms

LONGEST = 5000
ANSWER = [("yes", "Yes"), ("no", "No"), ("na", "Not applicable")]


class _Apart(forms.Form):
    """A form that shares its page with others: the ids of its fields begin with its own name."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s", **kwargs)


class Reopen(_Apart):
    """Why a case is opened again."""

    reason = forms.CharField(
        label="Why the case is opened again", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST
    )


class Checked(_Apart):
    """What a check found."""

    agreed = forms.ChoiceField(
        label="Do the answers follow from the evidence?",
        choices=[("yes", "Yes"), ("no", "No, something is to be looked at again")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="What you found",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        help_text="Needed where you do not agree",
    )


class _OfQuestion(_Apart):
    def __init__(self, *args: Any, questions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "Choose"), *questions]  # type: ignore[attr-defined]


class Note(_OfQuestion):
    """A note on one answer."""

    field = forms.ChoiceField(label="Question")
    text = forms.CharField(label="Your note", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST)


class Correct(_OfQuestion):
    """Another answer to one question, and why."""

    field = forms.ChoiceField(label="Question")
    value = forms.ChoiceField(label="New answer", choices=ANSWER, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why the answer is changed", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST
    )


class Reply(forms.Form):
    """A word on a note; `what` says whether it also resolves it or opens it again."""

    text = forms.CharField(label="Reply", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST)
