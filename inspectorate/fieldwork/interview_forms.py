"""Chapter 6.7: shape of what is typed about an officer interview, heading by heading as the pack has them."""

from typing import Any

from django import forms

from inspectorate.audit import clock
from inspectorate.design.dates import DateField
from inspectorate.fieldwork.alert_forms import text
from inspectorate.fieldwork.interviews import FEEDBACK_TITLE, VIEW
from inspectorate.fieldwork.models import OfficerInterview
from inspectorate.methodology.fieldwork import InterviewRules

NOTHING = "none"


class InterviewForm(forms.Form):
    """How and when it was held, what was said under each heading, and the feedback that was given."""

    mode = forms.ChoiceField(label="How it was held", choices=OfficerInterview.Mode.choices, widget=forms.RadioSelect)
    held_on = DateField(label="Day of the interview", required=False, latest=clock.today)

    def __init__(self, *args: Any, rules: InterviewRules, newest: OfficerInterview | None, **kwargs: Any) -> None:
        initial = {}
        if newest:
            own = {name: getattr(newest, name) for name in ("mode", "held_on", "feedback_given", "feedback")}
            initial = {**newest.evidence, **own}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.rules = rules
        views = [*((one.id, one.title) for one in rules.views), (NOTHING, "Not talked about")]
        for one in rules.headings:
            if one.domain == "one":
                self.fields[one.id + VIEW] = forms.ChoiceField(
                    label=f"{one.title}: in the officer's view", choices=views, required=False,
                    widget=forms.RadioSelect,
                )  # fmt: skip
            label = f"{one.title}: what was said" if one.domain == "one" else one.title
            self.fields[one.id] = text(label, rows=2, required=False, help_text=one.hint)
        self.fields["feedback_given"] = forms.BooleanField(
            label="I gave the officer constructive feedback", required=False
        )
        self.fields["feedback"] = text(FEEDBACK_TITLE, rows=2, required=False)
        self.govuk = {one.id + VIEW: {"inline": True, "small": True, "optional": False} for one in rules.headings}

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        names = [name for one in self.rules.headings for name in (one.id, one.id + VIEW) if name in self.fields]
        own = {name: self.cleaned_data[name] for name in ("mode", "held_on", "feedback_given", "feedback")}
        evidence = {name: self.cleaned_data[name] for name in names}
        return own | {"evidence": {name: said for name, said in evidence.items() if said != NOTHING}}
