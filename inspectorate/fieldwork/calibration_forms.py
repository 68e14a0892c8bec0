"""Chapters 3.9 and 6.1: shape of what is typed about cases judged twice, and of training cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from inspectorate.fieldwork.models import Settlement
from inspectorate.fieldwork.quality_forms import ANSWER

Choices = Sequence[tuple[str, str]]


class DrawSeconds(forms.Form):
    """How many cases of a list are drawn to be judged a second time."""

    case_list = forms.ChoiceField(label="List")

    def __init__(self, *args: Any, lists: Choices, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case_list"].choices = lists  # type: ignore[attr-defined]
        self.fields["wanted"] = forms.IntegerField(
            label="How many cases", min_value=1, max_value=most, widget=forms.NumberInput(attrs={"size": 3})
        )


class GiveSecond(forms.Form):
    """One case and its second inspector, picked by hand."""

    case = forms.ChoiceField(label="Case")
    inspector = forms.ChoiceField(label="Second inspector")

    def __init__(self, *args: Any, cases: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [("", "Choose"), *cases]  # type: ignore[attr-defined]
        self.fields["inspector"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class Settle(forms.Form):
    """What was made of a question on which two judgements differ."""

    field = forms.ChoiceField(label="Question")
    outcome = forms.ChoiceField(
        label="What you make of it", choices=Settlement.Outcome.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)

    def __init__(self, *args: Any, fields: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "Choose"), *fields]  # type: ignore[attr-defined]


class NewTrainingCase(forms.Form):
    """A training case: a title by which people know it, without a name, and the list whose questions it is asked."""

    title = forms.CharField(label="Title", max_length=150, help_text="As it is known in the training. Name nobody.")
    case_list = forms.ChoiceField(label="Questions of the list")

    def __init__(self, *args: Any, lists: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case_list"].choices = lists  # type: ignore[attr-defined]


class TrainingSheet(forms.Form):
    """Every key question of a training case, to be answered at once."""

    def __init__(self, *args: Any, questions: Mapping[str, str], given: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.govuk = {one: {"inline": True} for one in questions}
        for one, words in questions.items():
            self.fields[one] = forms.ChoiceField(
                label=f"{one} {words}", choices=ANSWER, widget=forms.RadioSelect, initial=given.get(one),
                error_messages={"required": f"Choose an answer to {one}"},
            )  # fmt: skip
