"""Shape of what is typed about the programme: a new inspection, a team member, a moved date, a stop, and units."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from inspectorate.accounts.models import User
from inspectorate.design.dates import DateField
from inspectorate.methodology.roles import Role
from inspectorate.programme.models import BodyKind, InspectedBody, Membership, Nation


def inspectorate_people() -> Any:
    """Accounts that hold no role on an inspected body's side."""
    bodys = Membership.objects.filter(user=OuterRef("pk"), ended_at=None).exclude(side="inspectorate")
    return User.objects.filter(~Exists(bodys), is_active=True).order_by("name")


class NewInspection(forms.Form):
    """Body, Monday of fieldwork week 1, nation and team."""

    body = forms.ModelChoiceField(InspectedBody.objects.all(), label="Inspected body", empty_label="Choose a body")
    fieldwork = DateField(label="Monday of fieldwork week 1", help_text="For example, 3 6 2019")
    nation = forms.ChoiceField(
        choices=Nation.choices,
        widget=forms.RadioSelect,
        label="Nation",
        help_text="In Wales the report is published later, to allow for its translation",
    )
    lead = forms.ModelChoiceField(User.objects.none(), label="Lead inspector", empty_label="Choose a person")
    deputy = forms.ModelChoiceField(User.objects.none(), label="Deputy lead inspector", empty_label="Choose a person")
    administrator = forms.ModelChoiceField(User.objects.none(), label="Administrator", empty_label="Choose a person")
    assistants = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Assistant inspectors",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="You can add more people to the team later",
    )
    accept_clashes = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = inspectorate_people()
        for name in ("lead", "deputy", "administrator", "assistants"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("lead") and given.get("lead") == given.get("deputy"):
            self.add_error("deputy", "The deputy lead inspector must be another person than the lead inspector")
        return given

    def team(self) -> dict[str, list[User]]:
        """The people under the ids of their roles."""
        given = self.cleaned_data
        return {
            "lead-inspector": [given["lead"]],
            "deputy-lead-inspector": [given["deputy"]],
            "administrator": [given["administrator"]],
            "assistant-inspector": list(given["assistants"]),
        }


class TeamMember(forms.Form):
    """A person, by e-mail address, and a role; a new address makes an account."""

    role = forms.ChoiceField(label="Role")
    email = forms.EmailField(label="E-mail address")
    name = forms.CharField(label="Full name", max_length=150, help_text="Used when this person has no account yet")

    def __init__(self, *args: Any, roles: tuple[Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.id, role.title) for role in roles]  # type: ignore[attr-defined]


class MovedDate(forms.Form):
    """A new day for a dated event, and why."""

    to = DateField(label="New date")
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Everyone on the plan sees it",
    )


class Stopping(forms.Form):
    """Why an inspection ends without ratings."""

    reason = forms.CharField(
        label="Why it is stopped",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="It stands on every page of the inspection, for the inspected body too. Name no person and no case.",
    )


class TierNames(forms.Form):
    """What the body calls its units."""

    tier_1 = forms.CharField(label="Name for tier 1 units", max_length=80, help_text="For example, cluster")
    tier_2 = forms.CharField(label="Name for tier 2 units", max_length=80, help_text="For example, team")


class NewUnits(forms.Form):
    """Units, one tier 1 unit a line with its tier 2 units behind a colon."""

    units = forms.CharField(
        label="Units",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One tier 1 unit a line, its tier 2 units behind a colon: North: Harbour team, Hill team",
    )

    def clean_units(self) -> dict[str, list[str]]:
        units: dict[str, list[str]] = {}
        for line in self.cleaned_data["units"].splitlines():
            first, _, rest = line.partition(":")
            if first.strip():
                units.setdefault(first.strip(), []).extend(name.strip() for name in rest.split(",") if name.strip())
        if not units:
            raise forms.ValidationError("Enter at least one tier 1 unit")
        return units


class NewAccount(forms.Form):
    """A person with a national office."""

    email = forms.EmailField(label="E-mail address")
    name = forms.CharField(label="Full name", max_length=150)
    office = forms.ChoiceField(label="Office")
    kind = forms.ChoiceField(
        label="Kind of inspected body",
        choices=[("", "Every kind"), *BodyKind.choices],
        required=False,
        help_text="For heads of inspection: the relevant head sits on the ratings panel",
    )

    def __init__(self, *args: Any, offices: tuple[Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(role.id, role.title) for role in offices]  # type: ignore[attr-defined]
