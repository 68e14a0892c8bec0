"""Chapter 4.4: shape of what is typed for a draw: units, what it is prepared with, dice, more cases, proofs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inspectorate.methodology.sampling import throws_needed
from inspectorate.sampling.models import UnitChoice
from inspectorate.sampling.samples import Proposal, Units

LONGEST_REASON = 1000
# Each drawn case asks for two fields on the page of exclusions; a form may hold 5,000.
MOST_CASES = 1000
LONGEST_THROWS = 1200


class TryUnits(forms.Form):
    """A choice of units whose cost is to be shown; nothing is decided with it."""

    option = forms.ChoiceField(
        label="Which units are inspected cases to come from?", choices=UnitChoice.Option, widget=forms.RadioSelect
    )
    unit = forms.MultipleChoiceField(
        label="Units to draw from",
        help_text="Where all units are drawn from, what is ticked here does not count",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    govuk = {"unit": {"small": True}}

    def __init__(self, *args: Any, units: Sequence[tuple[Units, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = [unit for unit, _ in units]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(place), f"{' / '.join(unit)} ({cases})") for place, (unit, cases) in enumerate(units)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("option") not in (None, UnitChoice.Option.ALL) and not given.get("unit"):
            self.add_error("unit", "Choose at least one unit")
        return given

    def chosen(self) -> list[Units]:
        """The units of the choice, all of them where that is the option."""
        if self.cleaned_data["option"] == UnitChoice.Option.ALL:
            return list(self._units)
        return [self._units[int(place)] for place in self.cleaned_data["unit"]]


class DecideUnits(TryUnits):
    """A choice of units that was looked at, and why units are left out."""

    reason = forms.CharField(
        label="Why units are left out",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_REASON,
    )


class PrepareForm(forms.Form):
    """What a draw is prepared with."""

    size = forms.IntegerField(label="Number of cases", min_value=1, max_value=MOST_CASES)
    substitutes = forms.IntegerField(label="Number of substitutes", min_value=0, max_value=MOST_CASES)
    reason = forms.CharField(
        label="Why another draw is needed", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_REASON
    )

    govuk = {"size": {"width": 4}, "substitutes": {"width": 4}}

    def __init__(self, *args: Any, proposal: Proposal, population: int, again: bool, **kw: Any) -> None:
        rest = population - proposal.size
        initial = {"size": proposal.size, "substitutes": min(rest, (proposal.size + 1) // 2)}
        super().__init__(*args, **{**kw, "initial": initial})
        if not again:
            del self.fields["reason"]


class SeedForm(forms.Form):
    """Where the seed of a prepared draw is from, with the throws where that is dice."""

    seed_from = forms.ChoiceField(
        label="Where is the seed to come from?",
        choices=[("system", "The system makes it by chance"), ("dice", "Dice, thrown where both sides can see them")],
        widget=forms.RadioSelect,
        initial="system",
    )
    throws = forms.CharField(
        label="Throws of the dice",
        help_text=f"Only for dice. One digit from 1 to 6 for each throw, in order; at least {throws_needed()} throws",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_THROWS,
    )

    govuk = {"throws": {"classes": "govuk-input--code"}}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("seed_from") == "dice" and "throws" in given and not given["throws"]:
            self.add_error("throws", "Enter the throws of the dice")
        return given

    def thrown(self) -> str:
        """The throws as typed, "" where the system makes the seed."""
        return str(self.cleaned_data["throws"]) if self.cleaned_data["seed_from"] == "dice" else ""


class ExtendForm(forms.Form):
    """How many more cases join a sample, and why."""

    cases = forms.IntegerField(label="Number of cases that join", min_value=1, max_value=MOST_CASES)
    reason = forms.CharField(
        label="Why more cases are needed", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_REASON
    )

    govuk = {"cases": {"width": 4}}


class CopyFile(forms.Form):
    """Somebody's own copy of a long list, and a receipt that was downloaded, to be compared."""

    copy = forms.FileField(
        label="Your own copy of the long list",
        help_text="The .xlsx or .csv file as you have it. It is compared and not kept",
        error_messages={"empty": "The file is empty"},
    )
    upload = forms.FileField(
        label="Receipt",
        help_text="The .json file of a draw. Leave it empty to verify the one kept here",
        required=False,
    )

    def __init__(self, *args: Any, must: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy"].required = must
        if not must:
            self.fields["copy"].help_text = "An .xlsx or .csv file. Leave it empty to verify the list kept here"
