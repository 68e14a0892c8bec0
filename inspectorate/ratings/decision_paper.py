"""Chapter 7.2f and 7.2g: what the Ratings Panel Decision document says, and what the inspected body gets of it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inspectorate.audit import clock
from inspectorate.design import words
from inspectorate.documents.paper import Block, Heading, Paper, Points, Table, Text, paragraphs
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision

AUTHOR = "HM Inspectorate of Probation"


def fingerprint(decision: Decision) -> str:
    """SHA-256 of everything that the decision says but its signature, as 64 hexadecimal digits."""
    said = {
        "result": {name: value for name, value in decision.result.items() if name != "signature"},
        "total": decision.total,
        "maximum": decision.maximum,
        "overall": decision.overall,
        "summary": decision.summary,
        "opens_at": decision.opens_at.astimezone(clock.LONDON).isoformat(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def decision_paper(inspection: Inspection, decision: Decision) -> Paper:
    """The Ratings Panel Decision document, for the inspectorate. Manual 7.2f."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    blocks = (
        *_overall(inspection, decision),
        *_standards(framework, decision),
        *_key_questions(framework, decision),
        *_domain_one(framework, decision),
        *_discretion(framework, decision),
        *_views(decision),
        Heading("Summary note"),
        *paragraphs(decision.summary),
        *_members(inspection, decision),
        *_minutes(decision),
        *_signature(decision),
    )
    return Paper(f"Ratings Panel Decision: {inspection.body}", AUTHOR, decision.at, blocks)


def agreed_paper(inspection: Inspection, decision: Decision) -> Paper:
    """The agreed ratings with the summary note, for the inspected body: nothing of what was overridden. Manual 7.2g."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    blocks = (
        *_overall(inspection, decision),
        Text("Until the report is published the ratings are for you alone."),
        *_standards(framework, decision),
        Heading("Summary note"),
        *paragraphs(decision.summary),
    )
    return Paper(f"Agreed ratings: {inspection.body}", AUTHOR, decision.at, blocks)


def _label(slug: str | None) -> str:
    return "Not rated" if slug is None else Rating.from_slug(slug).label


def _moment(text: str) -> str:
    return words.moment(datetime.fromisoformat(text))


def _overall(inspection: Inspection, decision: Decision) -> Iterator[Block]:
    yield Text(
        f"{inspection.get_kind_display()}, fieldwork from {words.date(inspection.fieldwork)}. "
        f"Overall: {_label(decision.overall)}, {decision.total} of {decision.maximum} points."
    )


def _standards(framework: Framework, decision: Decision) -> Iterator[Block]:
    rated = decision.result["standards"]
    rows = tuple(
        (f"{one.id} {one.title}", _label(rated[one.id]["rating"]), str(rated[one.id]["score"]))
        for one in framework.standards
        if one.rated
    )
    yield Heading("Ratings")
    yield Table("Ratings of the standards", ("Standard", "Rating", "Score"), rows, (5, 3, 1))


def _key_questions(framework: Framework, decision: Decision) -> Iterator[Block]:
    rows = []
    for standard in framework.standards:
        for question in standard.key_questions if standard.source == "cases" else ():
            row = decision.result["key_questions"][question.id]
            if row["n"]:
                figures = (f"{row['yes']} of {row['n']}", f"{row['percent']}% ({row['unrounded']:.2f}%)")
            else:
                figures = ("No case counts", "None")
            rows.append(
                (
                    f"{question.id} {question.label}",
                    *figures,
                    _label(row["band"]),
                    _label(row.get("panel", row["band"])),
                )
            )
    yield Heading("Key questions")
    yield Table(
        "Key questions over cases, as computed and as decided",
        ("Key question", "Yes", "Percentage (unrounded)", "Computed", "Decided"),
        tuple(rows),
        (5, 2, 3, 3, 3),
    )


def _domain_one(framework: Framework, decision: Decision) -> Iterator[Block]:
    titles = {one.id: one.title for one in framework.standards if one.source == "panel"}
    rows = tuple(
        (f"{one['subject']} {titles[one['subject']]}", _label(one["was"]), _label(one["decided"]), _reason(one))
        for one in decision.result["decisions"]
        if one["stands"] and one["subject"] in titles
    )
    yield Heading("Domain one")
    yield Table(
        "Domain one, as proposed and as decided", ("Standard", "Proposed", "Decided", "Reason"), rows, (4, 3, 3, 5)
    )


def _reason(one: Mapping[str, Any]) -> str:
    return one["reason"] or "Accepted"


def _discretion(framework: Framework, decision: Decision) -> Iterator[Block]:
    taken = [
        one for one in decision.result["decisions"] if one["stands"] and framework.has_key_question(one["subject"])
    ]
    yield Heading("Discretion")
    if not taken:
        yield Text("The panel did not use its discretion: every key question stays as computed.")
        return
    rows = tuple(
        (
            f"{one['subject']} {framework.key_question(one['subject']).label}",
            _label(one["was"]),
            _label(one["decided"]),
            one["reason"] or "Left as computed",
        )
        for one in taken
    )
    yield Table(
        "Key questions within the window of discretion on which the panel decided",
        ("Key question", "Computed", "Decided", "Reason"),
        rows,
        (4, 3, 3, 5),
    )


def _views(decision: Decision) -> Iterator[Block]:
    rows = tuple(
        (subject, f"{by}, {_moment(at)}", _label(rating), text)
        for subject, rating, text, by, at in decision.result["views"]
    )
    yield Heading("Other views")
    if rows:
        yield Table("Other views, and whose they are", ("Item", "Whose", "Rating", "Why"), rows, (1, 4, 3, 6))
    else:
        yield Text("None was recorded.")


def _members(inspection: Inspection, decision: Decision) -> Iterator[Block]:
    roles = packs.pack_of(inspection).roles
    yield Heading("Members present")
    yield Points(tuple(_member(one, roles.role(one["role"]).title) for one in decision.result["members"]))


def _member(one: Mapping[str, Any], title: str) -> str:
    away = ", declared a connection with the inspected body: did not count and decided nothing"
    return f"{one['name']}, {title.lower()}{away if one.get('connected') else ''}"


def _minutes(decision: Decision) -> Iterator[Block]:
    rows = []
    for one in decision.result["minutes"]:
        said = [one["what"] + ".", one["words"]]
        said += [f"Correction by {by}, {_moment(at)}: {text}" for text, by, at in one["corrections"]]
        rows.append(
            (str(one["number"]), _moment(one["at"]), " ".join(each for each in said if each), ", ".join(one["present"]))
        )
    yield Heading("Minutes")
    yield Table("Minutes, as things fell", ("Entry", "When", "What", "Present"), tuple(rows), (1, 3, 6, 4))


def _signature(decision: Decision) -> Iterator[Block]:
    signed = decision.result["signature"]
    yield Heading("Signature")
    yield Text(f"Signed by {signed['name']} in the chair, {_moment(signed['at'])}.")
    yield Text(f"Fingerprint of this decision (SHA-256): {signed['digest']}")
    yield Text(
        f"{decision.result['submitted']} of {decision.result['sampled']} cases counted. "
        f"Fingerprint of their answers: {decision.result['digest']}"
    )
