"""Chapters 6.4 to 6.10: shape of what is typed about sites, meetings and days of the fieldwork."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.design.dates import DateField

LONGEST = 5000
KNOWN = [("yes", "Yes"), ("no", "No"), ("", "Not known")]
STATES = [("open", "Not yet"), ("ready", "Ready"), ("problem", "Problem")]


def _known(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


class Day(forms.Form):
    """The talk at the end of a day."""

    day = DateField(label="Day")
    text = forms.CharField(
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        help_text="How cases go, themes that come up, what is missing. Name no officer",
    )
    actions = forms.CharField(
        label="What is to be done, and by whom",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
    )


class Welfare(forms.Form):
    """A note on welfare."""

    text = forms.CharField(label="Your note", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST)


class Answer(forms.Form):
    """The deputy's answer."""

    answer = forms.CharField(label="Answer", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST)


class NewSite(forms.Form):
    """A place where the team works."""

    name = forms.CharField(label="Name of the site", max_length=150)
    hours = forms.CharField(label="Opening and closing times", max_length=150, required=False)
    contact = forms.CharField(label="Who to turn to there", max_length=200, required=False)


class SiteLines(forms.Form):
    """State and note of every line of a site, `state-KEY` and `note-KEY`."""

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [key for key, *_ in lines]
        for key, title, state, note in lines:
            self.fields[f"state-{key}"] = forms.ChoiceField(label=title, choices=STATES, initial=state)
            self.fields[f"note-{key}"] = forms.CharField(
                label=f"Note on {title}", max_length=300, required=False, initial=note
            )

    def given(self) -> dict[str, tuple[str, str]]:
        """key -> (state, note)."""
        return {key: (self.cleaned_data[f"state-{key}"], self.cleaned_data[f"note-{key}"]) for key in self.keys}


class Meeting(forms.Form):
    """A meeting as it was held."""

    govuk = {name: {"inline": True, "small": True} for name in ("same_grade", "line_managers", "private")}

    meeting = forms.ChoiceField(label="Which meeting", required=False)
    title = forms.CharField(
        label="Or another meeting", max_length=200, required=False, help_text="Where it is none of the list"
    )
    held_on = DateField(label="Day on which it was held")
    place = forms.CharField(label="Place", max_length=150, required=False)
    people = forms.IntegerField(label="How many took part", min_value=1, max_value=500)
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=600, required=False)
    same_grade = forms.ChoiceField(
        label="Were they all of one grade or role?", choices=KNOWN, widget=forms.RadioSelect, required=False
    )
    line_managers = forms.ChoiceField(
        label="Was a line manager or senior manager of those present there?",
        choices=KNOWN,
        widget=forms.RadioSelect,
        required=False,
    )
    private = forms.ChoiceField(
        label="Was it in private, without interruptions?", choices=KNOWN, widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        required=False,
        help_text="What people say is used in aggregate only: name nobody",
    )

    def __init__(self, *args: Any, meetings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = dict(meetings)
        self.fields["meeting"].choices = [("", "Choose"), *meetings]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("meeting") and not given.get("title"):
            self.add_error("meeting", "Choose the meeting, or enter which one it was")
        elif given.get("meeting"):
            given["title"] = self.titles[given["meeting"]]
        for name in ("same_grade", "line_managers", "private"):
            given[name] = _known(given.get(name, ""))
        return given
