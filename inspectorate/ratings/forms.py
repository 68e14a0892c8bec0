"""Shape of what is typed before and in the ratings panel: a proposal, who sits, a decision, the summary note."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.standards import Rating
from inspectorate.programme.models import Membership

LONGEST = 5000


def _ratings(offered: Iterable[Rating]) -> list[tuple[str, str]]:
    return [(rating.slug, rating.label) for rating in sorted(offered, reverse=True)]


class Issue(forms.Form):
    """Issuing the indicative ratings, with a reason while cases are missing."""

    reason = forms.CharField(
        label="Why the ratings are issued without the missing cases",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        required=False,
    )


class Proposing(forms.Form):
    """A proposed rating with its rationale and the evidence that supports it."""

    rating = forms.ChoiceField(label="Proposed rating", widget=forms.RadioSelect)
    evidence = forms.MultipleChoiceField(
        label="Evidence that supports it",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one piece of evidence that supports this rating"},
    )
    rationale = forms.CharField(
        label="Why the evidence leads to this rating",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
        error_messages={"required": "Say why the evidence leads to this rating"},
    )

    def __init__(self, *args: Any, notes: Sequence[EvidenceNote], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = {str(note.public_id): note for note in notes}
        self.fields["rating"].choices = _ratings(Rating)  # type: ignore[attr-defined]
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            (key, f"{note.key_question}, {note.weighs}, {note.get_source_display().lower()}: {note.text}")
            for key, note in self.notes.items()
        ]

    def clean_rating(self) -> Rating:
        return Rating.from_slug(self.cleaned_data["rating"])

    def clean_evidence(self) -> list[EvidenceNote]:
        return [self.notes[key] for key in self.cleaned_data["evidence"]]


class Attending(forms.Form):
    """Who sits on the panel, from the people who hold its roles."""

    members = forms.MultipleChoiceField(
        label="Who sits on the panel", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, people: QuerySet[Membership], titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(held.pk): held for held in people}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (key, f"{held.user.name}, {titles[held.role]}") for key, held in self.people.items()
        ]

    def clean_members(self) -> list[Membership]:
        return [self.people[key] for key in self.cleaned_data["members"]]


class Deciding(forms.Form):
    """What the panel decides on one standard or key question."""

    rating = forms.ChoiceField(
        label="The panel decides",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the rating that the panel decides"},
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
        help_text="Needed wherever the panel leaves what was computed or proposed",
    )

    def __init__(self, *args: Any, offered: Iterable[Rating], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rating"].choices = _ratings(offered)  # type: ignore[attr-defined]

    def clean_rating(self) -> Rating:
        return Rating.from_slug(self.cleaned_data["rating"])


class Closing(forms.Form):
    """The summary note with which the panel's decision is locked."""

    summary = forms.CharField(
        label="Summary note",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
        help_text="The inspected body reads it with the ratings. Name no member of staff and no case.",
        error_messages={"required": "Write the summary note: the inspected body reads it with the ratings"},
    )
