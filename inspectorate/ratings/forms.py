"""Shape of what is typed before and in the ratings panel: proposals, weights, views, decisions, the summary note."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.standards import Rating
from inspectorate.programme.models import Membership
from inspectorate.ratings.models import EvidenceWeighing

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

    def __init__(self, *args: Any, people: Iterable[Membership], titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(held.pk): held for held in people}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (key, f"{held.user.name}, {titles[held.role]}" + (f" for {held.kind}" if held.kind else ""))
            for key, held in self.people.items()
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


class Weighing(forms.Form):
    """Three marks of a piece of domain one evidence."""

    govuk = {name: {"inline": True, "small": True} for name in ("validity", "source", "impact")}

    validity = forms.ChoiceField(
        label="Validity", help_text="Does it show what it is said to show?", choices=EvidenceWeighing.MARKS,
        widget=forms.RadioSelect, error_messages={"required": "Mark its validity"},
    )  # fmt: skip
    source = forms.ChoiceField(
        label="Source", help_text="How near to the matter, and how independent, is who says it?",
        choices=EvidenceWeighing.MARKS, widget=forms.RadioSelect, error_messages={"required": "Mark its source"},
    )  # fmt: skip
    impact = forms.ChoiceField(
        label="Impact", help_text="How much does it say about the standard as a whole?",
        choices=EvidenceWeighing.MARKS, widget=forms.RadioSelect, error_messages={"required": "Mark its impact"},
    )  # fmt: skip


class OtherView(forms.Form):
    """Another view on a rating, in the holder's own words; the chair also records those of others who sit."""

    rating = forms.ChoiceField(
        label="The other view", widget=forms.RadioSelect, error_messages={"required": "Choose the rating of that view"}
    )
    text = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        error_messages={"required": "Say why: the view is minuted in these words"},
    )
    holder = forms.ChoiceField(label="Whose view it is", required=False)

    def __init__(self, *args: Any, offered: Iterable[Rating], holders: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rating"].choices = _ratings(offered)  # type: ignore[attr-defined]
        self.fields["holder"].choices = list(holders.items())  # type: ignore[attr-defined]
        if len(holders) < 2:
            del self.fields["holder"]

    def clean_rating(self) -> Rating:
        return Rating.from_slug(self.cleaned_data["rating"])


class Declaring(forms.Form):
    """A connection of a panel member with the inspected body, or that there is none any more."""

    stands = forms.ChoiceField(
        label="Have you a connection with the inspected body or its senior leaders?",
        choices=[("yes", "Yes"), ("no", "No, a connection that I declared is no more")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether there is a connection"},
    )
    text = forms.CharField(
        label="What it is, or why it is no more",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        help_text="Members of the panel read this",
        error_messages={"required": "Say what the connection is, or why it is no more"},
    )

    def clean_stands(self) -> bool:
        return bool(self.cleaned_data["stands"] == "yes")


class Correcting(forms.Form):
    """A correction of the minutes, as a later entry."""

    entry = forms.ChoiceField(label="Entry", error_messages={"required": "Choose the entry that is corrected"})
    text = forms.CharField(
        label="What is right",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        error_messages={"required": "Write what is right"},
    )

    def __init__(self, *args: Any, entries: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = list(entries)  # type: ignore[attr-defined]
