"""Chapter 3: shape of what is typed about the call, the plan, the planning meeting and the evidence."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings

from inspectorate.audit import clock
from inspectorate.design.dates import DateField
from inspectorate.methodology.planning import AgendaItem, Attendee
from inspectorate.methodology.roles import Roles
from inspectorate.methodology.standards import KeyQuestion
from inspectorate.planning.models import EvidenceAssessment

TIMES = ["%I%p", "%I:%M%p", "%I.%M%p", "%I %p", "%I:%M %p", "%H:%M", "%H.%M"]
TIME_HINT = "For example, 9:30am or 14:00"


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=TIME_HINT,
        input_formats=TIMES,
        widget=forms.TextInput,
        error_messages={"invalid": "Enter a time, such as 9:30am or 14:00"},
    )


def _text(label: str, rows: int = 4, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, help_text=help_text)


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, clock.LONDON)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class CallForm(forms.Form):
    """The record of the announcement call."""

    call_date = DateField(label="Date of the call")
    call_time = _time("Time of the call")
    spoke_to = forms.CharField(label="Who you spoke to", max_length=150)
    position = forms.CharField(label="Position", max_length=149, help_text="For example, chief executive")
    link_manager_name = forms.CharField(label="Full name of the link manager", max_length=150)
    link_manager_email = forms.EmailField(label="E-mail address of the link manager")
    meeting_date = DateField(label="Date of the telephone planning meeting")
    meeting_time = _time("Time of the telephone planning meeting")
    agreed = _text("What was agreed", required=False)
    partners = _text(
        "Partner organisations to write to",
        required=False,
        help_text="One on each line. A letter to each is written for you to send",
    )
    reason = _text("Why on another day", 3, required=False, help_text="Only when a day differs from those given above")

    govuk = {name: {"width": 10} for name in ("call_time", "meeting_time")}

    def clean_partners(self) -> list[str]:
        return _named_once(self.cleaned_data["partners"])

    def called_at(self) -> datetime.datetime:
        return _moment(self.cleaned_data["call_date"], self.cleaned_data["call_time"])

    def planning_meeting_at(self) -> datetime.datetime:
        return _moment(self.cleaned_data["meeting_date"], self.cleaned_data["meeting_time"])


def _named_once(text: str) -> list[str]:
    names = _lines(text)
    long = [name for name in names if len(name) > 150]
    if long:
        raise forms.ValidationError(f"The name {long[0][:40]}… must be at most 150 characters")
    return names


class PartnersForm(forms.Form):
    """More partner organisations to write to."""

    partners = _text("Partner organisations", help_text="One on each line")

    def clean_partners(self) -> list[str]:
        return _named_once(self.cleaned_data["partners"])


class DivisionForm(forms.Form):
    """An NPS division that manages some of the orders whose unpaid work is inspected."""

    division = forms.CharField(
        label="NPS division", max_length=140, help_text="The one that manages some of the orders in the sample"
    )
    addressed_to = forms.CharField(
        label="Who the letter goes to",
        max_length=150,
        help_text="Name and position, for example divisional director",
    )


class ConcernForm(forms.Form):
    """A date that collides with something else."""

    what = _text("What this date conflicts with", help_text="Say which other day would suit, if you know one")


class AnswerForm(forms.Form):
    """What was decided about a date."""

    decision = forms.ChoiceField(
        label="Decision", choices=[("moved", "Move the date"), ("kept", "Keep the date")], widget=forms.RadioSelect
    )
    moved_to = DateField(label="New date", required=False, help_text="Only when you move the date")
    reason = _text("Reason", 3, help_text="The inspected body sees it")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("decision") == "moved" and not given.get("moved_to") and "moved_to" not in self.errors:
            self.add_error("moved_to", "Enter the new date")
        if given.get("decision") == "kept":
            given["moved_to"] = None
        return given


class MeetingForm(forms.Form):
    """Minutes of the telephone planning meeting: a field for each item of the agenda."""

    held_date = DateField(label="Date of the meeting")
    held_time = _time("Time it started")
    present = forms.MultipleChoiceField(label="Who took part", widget=forms.CheckboxSelectMultiple)
    names = _text("Names", 3, required=False, help_text="One on each line")
    tier_1 = forms.CharField(
        label="What the body calls its tier 1 units", max_length=80, required=False, help_text="For example, cluster"
    )
    tier_2 = forms.CharField(
        label="What the body calls its tier 2 units", max_length=80, required=False, help_text="For example, team"
    )

    govuk = {"held_time": {"width": 10}}

    def __init__(
        self, *args: Any, agenda: Iterable[AgendaItem], attendees: Iterable[Attendee], roles: Roles, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agenda = tuple(agenda)
        choices = [(one.role, roles.role(one.role).title) for one in attendees]
        self.fields["present"].choices = choices  # type: ignore[attr-defined]
        for item in self.agenda:
            self.fields[f"item-{item.id}"] = _text(item.title, 3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("tier_1")) != bool(given.get("tier_2")):
            missing = "tier_2" if given.get("tier_1") else "tier_1"
            self.add_error(missing, "Enter the names of both tiers, or of neither")
        if not self.errors and not any(self.notes().values()):
            self.add_error(None, "Write what was said about at least one item")
        return given

    def held_at(self) -> datetime.datetime:
        return _moment(self.cleaned_data["held_date"], self.cleaned_data["held_time"])

    def notes(self) -> dict[str, str]:
        """What was said, under the ids of the agenda items."""
        return {item.id: self.cleaned_data.get(f"item-{item.id}", "").strip() for item in self.agenda}


class GiveForm(forms.Form):
    """A document given as evidence."""

    title = forms.CharField(label="Name of the document", max_length=200)
    covers = forms.CharField(
        label="Period it covers", max_length=100, required=False, help_text="For example, April 2018 to March 2019"
    )
    upload = forms.FileField(
        label="Document",
        allow_empty_file=True,  # an empty file is refused with a sentence of our own
        max_length=500,
        help_text=f"PDF, Word, PowerPoint, spreadsheet, text or picture, up to {settings.UPLOAD_LIMIT_BYTES >> 20} MB",
    )


class AssessForm(forms.Form):
    """What an item says to one key question."""

    key_question = forms.ChoiceField(label="Key question", widget=forms.RadioSelect)
    finding = forms.ChoiceField(
        label="What the document shows",
        choices=EvidenceAssessment.Finding.choices,
        widget=forms.RadioSelect,
    )
    note = _text("Note", 3, required=False, help_text="Only the inspectorate sees it")

    def __init__(self, *args: Any, questions: Iterable[KeyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key_question"].choices = [(q.id, f"{q.id} {q.label}") for q in questions]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """A further request for evidence."""

    what = _text("What is needed", 3, help_text="The inspected body sees these words")
