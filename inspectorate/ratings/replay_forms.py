"""Shape of what is asked of past inspections: other figures to rate them by, and which of them to mark."""

from collections.abc import Mapping
from typing import Any

from django import forms

from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import ROUNDING_WORDS, STANDARD_RULES, Sandbox
from inspectorate.methodology.standards import Condition, Rating

ABOVE = (Rating.REQUIRES_IMPROVEMENT, Rating.GOOD, Rating.OUTSTANDING)
RULES = {
    "lowest": "Its lowest key question",
    "second-lowest": "Its second lowest key question",
    "middle": "Its middle key question, the lower of two",
    "together": "All answers to its key questions counted together",
}
NOTHING = "nothing"


class Marking(forms.Form):
    """Which inspection to mark among the others."""

    marked = forms.ChoiceField(label="Inspection to mark", required=False,
                               error_messages={"invalid_choice": "Choose one of these inspections"})  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["marked"].choices = [("", "None"), *choices]  # type: ignore[attr-defined]


class Replaying(forms.Form):
    """Figures other than those of the pack; every field begins with what the pack says."""

    rounding = forms.ChoiceField(label="How a percentage is rounded", choices=list(ROUNDING_WORDS.items()))
    rule = forms.ChoiceField(label="What decides a standard", choices=[(rule, RULES[rule]) for rule in STANDARD_RULES])
    question = forms.ChoiceField(label="Key question with another sub-sample", required=False)
    out = forms.ChoiceField(label="Cases left out of it", required=False)
    settings = forms.MultipleChoiceField(
        label="Sub-samples that the manual does not state", widget=forms.CheckboxSelectMultiple, required=False
    )

    govuk = {"settings": {"small": True}}

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least = {band.rating: band.least for band in pack.ratings.bands}
        totals = {band.rating: band.least for table in pack.ratings.overall for band in table.bands}
        self.most = max(band.most for table in pack.ratings.overall for band in table.bands)
        for rating in ABOVE:
            self._number(f"least-{rating.slug}", f"{rating.label} from, per cent", least[rating], 100)
            self._number(f"total-{rating.slug}", f"{rating.label} from, points", totals[rating], self.most)
        self.initial.setdefault("rounding", pack.ratings.rounding)
        questions = {q.id: q.label for s in pack.standards.standards if s.source == "cases" for q in s.key_questions}
        facts = [(f"{fact.id}={value}", f"{fact.label}: {value.replace('-', ' ')}")
                 for fact in pack.standards.facts for value in fact.values]  # fmt: skip
        self._offer("question", [("", "None"), *((key, f"{key} {label}") for key, label in sorted(questions.items()))])
        self._offer("out", [(NOTHING, "No case is left out"), *facts])
        used = {c.setting for s in pack.standards.standards for q in s.key_questions for c in (*q.only, *q.leave_out)}
        self.switches = {one.id: one.on for one in pack.standards.settings if one.id in used}
        self._offer("settings", [(one.id, one.statement) for one in pack.standards.settings if one.id in used])
        self.initial.setdefault("settings", [name for name, on in self.switches.items() if on])

    def _number(self, name: str, label: str, value: int, most: int) -> None:
        self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=most, initial=value)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each rating begins above the one below it."""
        given = super().clean() or {}
        for sort in ("least", "total"):
            edges = [given.get(f"{sort}-{rating.slug}") for rating in ABOVE]
            for low, high, rating in zip(edges, edges[1:], ABOVE[1:], strict=False):
                if low is not None and high is not None and high <= low:
                    self.add_error(f"{sort}-{rating.slug}", f"{rating.label} has to begin above {low}")
        return given

    def sandbox(self) -> Sandbox:
        """What was chosen."""
        given, question = self.cleaned_data, self.cleaned_data["question"]
        out = () if given["out"] in ("", NOTHING) else (self._condition(given["out"]),)
        return Sandbox(
            least={rating: given[f"least-{rating.slug}"] for rating in ABOVE},
            totals={rating: given[f"total-{rating.slug}"] for rating in ABOVE},
            rounding=given["rounding"],
            rule=given["rule"],
            leave_out={question: out} if question else {},
        )

    def _condition(self, chosen: str) -> Condition:
        fact, _, value = chosen.partition("=")
        return Condition(fact, (value,))

    def switched(self) -> Mapping[str, bool]:
        """Every switch, on where it was ticked."""
        return {name: name in self.cleaned_data["settings"] for name in self.switches}
