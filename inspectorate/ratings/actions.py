"""What chapter 7.1 and 7.2 have people do: issue the data set, propose, open the panel, decide, release."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.design import words
from inspectorate.documents import actions as documents
from inspectorate.documents import letter_facts
from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology.ratings import (
    PanelChangeRefusedError,
    Result,
    result_as_json,
)
from inspectorate.methodology.standards import Framework, Rating, Standard
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection, Membership, PlannedEvent
from inspectorate.ratings import verified
from inspectorate.ratings.consolidation import CaseSet, case_set
from inspectorate.ratings.decision_file_actions import keep_files
from inspectorate.ratings.decision_paper import fingerprint
from inspectorate.ratings.members import not_relevant
from inspectorate.ratings.minutes import as_kept, minutes
from inspectorate.ratings.models import Attendance, Decision, IndicativeIssue, Panel, PanelDecision, Proposal
from inspectorate.ratings.sitting import Record, as_decided, overtaken, panel_rules, record, sitting, undecided

RELEASE = "ratings-to-body"
STOPPED = "This inspection was stopped on"


class CannotIssue(Exception):
    """The indicative ratings cannot be issued as things stand."""


class CannotPropose(Exception):
    """The proposal cannot be made like this."""


class PanelNotReady(Exception):
    """The panel cannot be opened yet; `missing` says all that has to come first, each as a sentence."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(self.missing))


class PanelNotOpen(Exception):
    """There is no open panel: not opened yet, or its decision is locked."""


class NotAPanelMember(Exception):
    """The role does not sit on this panel, or the person does not hold it."""


class NoQuorum(Exception):
    """People are wanting without whom the panel does not decide."""


class CannotDecide(Exception):
    """The decision cannot be taken like this; the message says why."""


class NotReleased(Exception):
    """The instant of the release has not come, or the inspected body was told already."""


@transaction.atomic
def issue_indicative_ratings(*, inspection: Inspection, by: User, reason: str = "") -> IndicativeIssue:
    """Issues the data signed as verified, with indicative ratings, to the lead and deputy. Manual 7.2a.

    `reason` is needed while cases are not submitted. Raises CannotIssue.
    """
    one_at_a_time(inspection)
    _refuse_after_the_end(inspection, CannotIssue)
    cases = case_set(inspection)
    if not cases.submitted:
        raise CannotIssue("No case is submitted yet, so there is nothing to issue.")
    if not cases.complete and not reason.strip():
        raise CannotIssue(
            f"Only {cases.submitted} of {len(cases.cases)} cases are submitted: "
            "wait for the others, or say why the ratings are issued without them."
        )
    signed = verified.newest(inspection)
    if signed is None:
        raise CannotIssue("The data are not verified yet: look at the checks, and sign the data first.")
    if changes := verified.beside(signed, cases.cases).changes:
        raise CannotIssue(
            f"{words.plural(len(changes), 'change')} came after version {signed.number} of the verified data was "
            "signed: sign a new version first."
        )
    before = inspection.indicative_issues.last()
    if before and before.digest == cases.digest() and before.sampled == len(cases.cases):
        raise CannotIssue(f"These ratings were issued on {before.at:%-d %B %Y} and nothing has changed since.")
    issue = IndicativeIssue.objects.create(
        inspection=inspection,
        result=result_as_json(cases.rate(domain_one={})),
        digest=cases.digest(),
        sampled=len(cases.cases),
        submitted=cases.submitted,
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )
    note_done(inspection=inspection, event="indicative-ratings", by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="issue_indicative_ratings",
        subject=issue,
        summary=f"Issued the indicative ratings of {issue.submitted} of {issue.sampled} cases",
        details={"digest": issue.digest, "reason": issue.reason},
    )
    return issue


def _refuse_after_the_end(inspection: Inspection, refusal: type[Exception]) -> None:
    ended = Inspection.objects.filter(pk=inspection.pk).values_list("stopped_at", "panel__decision")
    stopped, decided = ended.get()
    if decided:
        raise refusal("The ratings panel has decided, and everything is locked.")
    if stopped:
        raise refusal(f"{STOPPED} {stopped.astimezone(clock.LONDON):%-d %B %Y}: it is not rated.")


@transaction.atomic
def propose_domain_one(
    *, inspection: Inspection, standard: str, rating: Rating, rationale: str, evidence: Iterable[EvidenceNote], by: User
) -> Proposal:
    """Proposes a rating of a domain one standard; earlier proposals stay. Manual 7.1c. Raises CannotPropose."""
    one_at_a_time(inspection)
    found = _domain_one(inspection).get(standard)
    if found is None:
        raise CannotPropose(f"Standard {standard} is not rated by judgement.")
    if Panel.objects.filter(inspection=inspection).exists():
        raise CannotPropose("The ratings panel is open: what it has before it stays as proposed.")
    if not rationale.strip():
        raise CannotPropose("Say why the evidence leads to this rating.")
    notes = list(evidence)
    questions = {question.id for question in found.key_questions}
    if not notes:
        raise CannotPropose("Choose at least one piece of evidence that supports this rating.")
    if any(note.inspection_id != inspection.pk or note.key_question not in questions for note in notes):
        raise CannotPropose(f"Choose evidence on standard {standard} of this inspection.")
    proposal = Proposal.objects.create(
        inspection=inspection, standard=standard, rating=rating.slug, rationale=rationale.strip(), by=by, at=clock.now()
    )
    proposal.evidence.set(notes)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="propose_domain_one",
        subject=proposal,
        summary=f"Proposed {rating.label} for standard {standard}",
        details={"evidence": [str(note.public_id) for note in notes]},
    )
    return proposal


def _domain_one(inspection: Inspection) -> dict[str, Standard]:
    framework = packs.pack_of(inspection).framework(inspection.kind)
    return {standard.id: standard for standard in framework.standards if standard.source == "panel"}


def not_ready(inspection: Inspection, said: Record, issue: IndicativeIssue | None) -> list[str]:
    """What has to come before the panel can be opened, each as a sentence."""
    if inspection.stopped_at:
        return [f"{STOPPED} {inspection.stopped_at.astimezone(clock.LONDON):%-d %B %Y}: no ratings panel opens."]
    missing = [] if issue else ["The data team has not issued the indicative ratings."]
    proposed = said.proposed()
    for standard in _domain_one(inspection).values():
        if standard.id not in proposed:
            missing.append(f"Standard {standard.id} {standard.title} has no proposed rating.")
    return missing


@transaction.atomic
def open_panel(*, inspection: Inspection, by: User) -> Panel:
    """Opens the ratings panel. Manual 7.2b. Raises PanelNotReady."""
    one_at_a_time(inspection)
    inspection.refresh_from_db(fields=["stopped_at"])
    if Panel.objects.filter(inspection=inspection).exists():
        raise PanelNotReady(["The panel is open already."])
    issue = inspection.indicative_issues.last()
    missing = not_ready(inspection, record(inspection), issue)
    if issue and issue.digest != case_set(inspection).digest():
        missing.append(_changed_since(issue))
    if missing:
        raise PanelNotReady(missing)
    panel = Panel.objects.create(inspection=inspection, opened_by=by, opened_at=clock.now())
    trail.record_change(
        chain=inspection.chain, by=by, action="open_panel", subject=panel, summary="Opened the ratings panel"
    )
    return panel


def _changed_since(issue: IndicativeIssue) -> str:
    return (
        f"Answers changed after the indicative ratings were issued on {issue.at:%-d %B %Y}: "
        "the data team has to issue them again."
    )


def _open(inspection: Inspection) -> Panel:
    one_at_a_time(inspection)
    panel = Panel.objects.filter(inspection=inspection).first()
    if panel is None:
        raise PanelNotOpen("The ratings panel has not been opened.")
    _refuse_after_the_end(inspection, PanelNotOpen)
    return panel


@transaction.atomic
def record_attendance(*, inspection: Inspection, members: Iterable[Membership], by: User) -> list[Attendance]:
    """Records who sits on the panel: exactly these people in these roles. Manual 7.2b.

    Somebody left out who sat before is kept with the instant of leaving. Raises PanelNotOpen, NotAPanelMember.
    """
    panel, now = _open(inspection), clock.now()
    rules = panel_rules(packs.pack_of(inspection).ratings, inspection.kind)
    wanted: dict[tuple[int, str], Membership] = {}
    for held in members:
        if held.role not in (*rules.quorum, *rules.may_attend) or held.ended_at is not None:
            raise NotAPanelMember(f"{held.user.name} does not sit on the panel as {held.role}.")
        if refusal := not_relevant(inspection, held):
            raise NotAPanelMember(refusal)
        if held.inspection_id not in (None, inspection.pk):
            raise NotAPanelMember(f"{held.user.name} holds this role on another inspection.")
        if any(user_id == held.user_id and role != held.role for user_id, role in wanted):
            raise NotAPanelMember(f"{held.user.name} takes one seat: choose the role in which they sit.")
        wanted[held.user_id, held.role] = held
    sitting = {(one.member_id, one.role): one for one in panel.attendances.filter(ended_at=None)}
    for key in sitting.keys() - wanted.keys():
        sitting[key].ended_at = now
        sitting[key].save(update_fields=["ended_at"])
    for user_id, role in wanted.keys() - sitting.keys():
        Attendance.objects.create(panel=panel, member_id=user_id, role=role, at=now)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="record_attendance",
        subject=panel,
        summary=f"Recorded who sits on the ratings panel: {', '.join(sorted(role for _, role in wanted)) or 'nobody'}",
        details={"members": sorted(held.user.email for held in wanted.values())},
    )
    return list(panel.attendances.filter(ended_at=None).select_related("member"))


def _quorate(inspection: Inspection, by: User) -> Panel:
    """The open panel with its quorum, nobody counted who has a connection with the body; only its chair decides.
    Raises PanelNotOpen, NoQuorum, CannotDecide."""
    panel, pack, here = _open(inspection), packs.pack_of(inspection), sitting(inspection)
    assert here is not None
    if missing := here.missing(pack.ratings, inspection.kind):
        titles = ", ".join(pack.roles.role(role).title.lower() for role in missing)
        away = [one.name for one in here.members if one.connected and one.role in missing]
        why = f" {', '.join(away)} declared a connection with the inspected body and does not count." if away else ""
        raise NoQuorum(f"The panel has no quorum and cannot decide: missing is the {titles}.{why}")
    if not here.chaired_by(by.pk, pack.ratings, inspection.kind):
        raise CannotDecide("Only the chair who sits on the panel records its decision.")
    return panel


@transaction.atomic
def decide_standard(
    *, inspection: Inspection, standard: str, rating: Rating, by: User, reason: str = ""
) -> PanelDecision:
    """Accepts the proposed rating of a domain one standard, or changes it with a reason. Manual 7.2c.

    Raises PanelNotOpen, NoQuorum, CannotDecide.
    """
    panel, said = _quorate(inspection, by), record(inspection)
    proposal = said.proposed().get(standard)
    if proposal is None:
        raise CannotDecide(f"Standard {standard} has no proposed rating to decide on.")
    if rating.slug != proposal.rating and not reason.strip():
        raise CannotDecide(f"Give the reason why {rating.label} and not {proposal.scale.label}, as proposed.")
    return _decided(panel, inspection, said, standard, proposal.rating, rating, reason, by)


@transaction.atomic
def use_discretion(
    *, inspection: Inspection, key_question: str, rating: Rating, reason: str, by: User
) -> PanelDecision:
    """Changes the rating of a key question within the window of discretion; the computed one stays. Manual 7.2d.

    Deciding for the computed rating leaves it as it is, or takes an earlier change back. Raises PanelNotOpen, NoQuorum,
    CannotDecide and, by the rule, PanelChangeRefusedError.
    """
    panel, said, cases = _quorate(inspection, by), record(inspection), case_set(inspection)
    framework = cases.framework
    if not framework.has_key_question(key_question) or framework.standard_of(key_question).source != "cases":
        raise CannotDecide(f"{key_question} is not a key question that is counted over cases.")
    result = as_decided(cases, said, {key_question: rating})
    computed = result.key_question(key_question).computed
    if computed is None:
        raise PanelChangeRefusedError(f"Key question {key_question} has no cases: there is no rating to change.")
    before = None if key_question in overtaken(cases, said) else said.decided().get(key_question)
    if before and rating.slug == before.rating:
        raise CannotDecide(f"Key question {key_question} is {rating.label} already.")
    if not reason.strip() and (before or rating is not computed):
        raise CannotDecide("Give the reason: discretion is used exceptionally, and never without one.")
    return _decided(panel, inspection, said, key_question, computed.slug, rating, reason, by)


def _decided(
    panel: Panel, inspection: Inspection, said: Record, subject: str, was: str, rating: Rating, reason: str, by: User
) -> PanelDecision:
    before = said.decided().get(subject)
    if before and (before.was, before.rating, before.words) == (was, rating.slug, reason.strip()):
        raise CannotDecide(f"The panel has decided {rating.label} for {subject} already.")
    decision = PanelDecision.objects.create(
        panel=panel, subject=subject, was=was, decided=rating.slug, reason=reason.strip(), by=by, at=clock.now()
    )
    changed = f", in place of {Rating.from_slug(was).label}" if was != rating.slug else ""
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="decide_rating",
        subject=decision,
        summary=f"Panel: {subject} is {rating.label}{changed}",
        details={"was": was, "reason": decision.reason},
    )
    return decision


@transaction.atomic
def decide(*, inspection: Inspection, summary: str, by: User) -> Decision:
    """Completes and locks the panel's decision, and writes its summary note; both open to the inspected body at the
    instant of the plan. Manual 7.2f, 7.2g. Raises PanelNotOpen, NoQuorum, CannotDecide."""
    panel, said, cases = _quorate(inspection, by), record(inspection), case_set(inspection)
    result = _final(inspection, cases, said, summary)
    release = PlannedEvent.objects.get(inspection=inspection, event=RELEASE)
    assert release.instant is not None
    assert result.total is not None
    assert result.overall is not None
    decision = Decision(
        panel=panel,
        result=_written(inspection, cases, said, result),
        total=result.total,
        maximum=result.maximum,
        overall=result.overall.slug,
        summary=summary.strip(),
        opens_at=release.instant,
        by=by,
        at=clock.now(),
    )
    signature = {"name": by.name, "at": decision.at.isoformat(), "digest": fingerprint(decision)}
    decision.result["signature"] = signature
    decision.save(force_insert=True)
    keep_files(inspection=inspection, decision=decision, by=by)
    _send_summary(inspection, cases.framework, decision, by)
    for event in ("ratings-panel", "panel-decision"):
        note_done(inspection=inspection, event=event, by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="decide",
        subject=decision,
        summary=f"Locked the panel's decision: {result.overall.label}, {result.total} of {result.maximum}",
        details={"opens_at": decision.opens_at, "digest": decision.result["digest"], "signed": signature["digest"]},
    )
    return decision


def _final(inspection: Inspection, cases: CaseSet, said: Record, summary: str) -> Result:
    issue = inspection.indicative_issues.last()
    if issue is None or issue.digest != cases.digest():
        raise CannotDecide(_changed_since(issue) if issue else "The indicative ratings were not issued.")
    if waiting := undecided(cases.framework, said):
        raise CannotDecide(f"The panel has not decided on standard {', '.join(waiting)}.")
    if late := overtaken(cases, said):
        raise CannotDecide(f"Answers changed after the panel decided on {', '.join(late)}: decide again.")
    if not summary.strip():
        raise CannotDecide("Write the summary note: the inspected body reads it with the ratings.")
    result = as_decided(cases, said)
    if result.total is None:
        raise CannotDecide(f"There is no overall rating without standard {', '.join(result.missing)}: it is not rated.")
    return result


def _written(inspection: Inspection, cases: CaseSet, said: Record, result: Result) -> dict[str, Any]:
    """The result with everything that explains it, as it was when it was locked."""
    here, newest = sitting(inspection), said.decided()
    assert here is not None
    return {
        **result_as_json(result),
        "digest": cases.digest(),
        "submitted": cases.submitted,
        "sampled": len(cases.cases),
        "members": [{"name": one.name, "role": one.role, "connected": one.connected} for one in here.members],
        "decisions": [
            {
                "subject": one.subject,
                "was": one.was,
                "decided": one.rating,
                "reason": one.words,
                "by": one.by,
                "at": one.at.isoformat(),
                "stands": newest[one.subject] is one,
            }
            for one in said.all
            if one.decided
        ],
        "views": [[one.subject, one.rating, one.words, one.by, one.at.isoformat()] for one in said.views],
        "minutes": [as_kept(one) for one in minutes(inspection, said)],
    }


def _send_summary(inspection: Inspection, framework: Framework, decision: Decision, by: User) -> None:
    rows = [
        f"| {s.id} {s.title} | {Rating.from_slug(decision.result['standards'][s.id]['rating']).label} |"
        for s in framework.standards
        if s.rated
    ]
    values = letter_facts.of(inspection) | {
        "overall_rating": Rating.from_slug(decision.overall).label,
        "total_score": str(decision.total),
        "maximum_score": str(decision.maximum),
        "ratings_table": "\n".join(["| Standard | Rating |", "| --- | --- |", *rows]),
        "panel_summary": decision.summary,
        "panel_members": ", ".join(one["name"] for one in decision.result["members"]),
    }
    documents.send_letter(
        inspection=inspection,
        template="panel-summary",
        addressed_to=values["senior_leader"],
        subject=f"Ratings of {inspection.body}",
        values=values,
        by=by,
        opens_at=decision.opens_at,
        outward=True,
    )


@transaction.atomic
def release_decision(*, inspection: Inspection, by: User) -> None:
    """Tells the inspected body, at the instant of the release or after it, that the decision waits. Manual 7.2g.

    The pages open by themselves; this sends the e-mail without content and notes the event. Raises NotReleased.
    """
    one_at_a_time(inspection)
    decision = Decision.objects.filter(panel__inspection=inspection, opens_at__lte=clock.now()).first()
    planned = PlannedEvent.objects.get(inspection=inspection, event=RELEASE)
    if decision is None:
        raise NotReleased("The decision is not open to the inspected body yet.")
    if planned.done_at:
        raise NotReleased(f"The inspected body was told on {planned.done_at:%-d %B %Y}.")
    note_done(inspection=inspection, event=RELEASE, by=by)
    documents.tell_body(inspection=inspection, what="The decision of the ratings panel", right="decision.read")
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="release_decision",
        subject=decision,
        summary="Told the inspected body that the panel's decision is there",
    )
