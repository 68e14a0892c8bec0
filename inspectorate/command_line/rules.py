"""Chapters 2.3, 4.2 and 7.1 at a prompt: dates, sample sizes, ratings, and whether a pack is sound."""

import argparse
import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from inspectorate.command_line.answers import Answer, CommandFault, Table, add_command
from inspectorate.methodology import pack, ratings, timeline
from inspectorate.methodology.sampling import margin_reached, sample_size

DEFAULT_PACK = "probation-v3-2018"
KINDS = ("CRC", "NPS")


def add_commands(commands: Any) -> None:
    """The commands of this module."""
    dates_ = add_command(commands, "dates", "Every dated event of an inspection", dates)
    add_kind(dates_)
    dates_.add_argument("--nation", required=True, choices=("england", "wales"), type=str.lower)
    dates_.add_argument("--fieldwork", required=True, type=day, metavar="YYYY-MM-DD", help="Monday of fieldwork week 1")
    add_pack(dates_)

    size = add_command(commands, "sample-size", "Cases needed for a margin of error, or the margin of a size", sizes)
    size.add_argument("--population", required=True, type=int)
    wanted = size.add_mutually_exclusive_group()
    wanted.add_argument("--margin", type=number, help="percentage points; otherwise the pack's")
    wanted.add_argument("--size", type=int, help="cases inspected: gives the margin reached")
    size.add_argument("--confidence", type=number, help="per cent; otherwise the pack's")
    add_pack(size)

    rate_ = add_command(commands, "rate", "Ratings from a file of judgements", rate)
    rate_.add_argument("judgements", type=Path, help=f".csv with the columns {', '.join(ratings.COLUMNS)}")
    rate_.add_argument("--domain-one", default="", metavar="1.1=good,...", help="ratings decided by the panel")
    add_kind(rate_)
    add_pack(rate_)

    overall_ = add_command(commands, "overall", "Overall rating from the ratings of the standards", overall)
    overall_.add_argument("ratings", nargs="+", metavar="1.1=good")
    add_kind(overall_)
    add_pack(overall_)

    packs = commands.add_parser("pack", help="Packs: the figures of a manual").add_subparsers(required=True)
    check_ = add_command(packs, "check", "Whether a pack is sound, with all its faults", check)
    check_.add_argument("path", help="folder of a pack, or the id of one that is shipped")


def add_kind(command: argparse.ArgumentParser) -> None:
    """The kind of inspected body."""
    command.add_argument("--kind", required=True, choices=KINDS, type=str.upper)


def add_pack(command: argparse.ArgumentParser) -> None:
    """The pack whose figures are used."""
    command.add_argument("--pack", default=DEFAULT_PACK, help="id or folder of a pack")


def day(text: str) -> date:
    """A date as written in a command."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write it as YYYY-MM-DD") from None


def number(text: str) -> float:
    """A number as written in a command; whole ones stay whole."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
    return int(value) if value.is_integer() else value


def dates(args: argparse.Namespace) -> Answer:
    """Every dated event, in order."""
    plan = timeline.plan(pack.load(args.pack).timeline, fieldwork=args.fieldwork, nation=args.nation, kind=args.kind)
    data = [
        {
            "id": dated.event.id,
            "title": dated.event.title,
            "week": dated.week,
            "date": dated.date.isoformat(),
            "last_date": dated.last_date.isoformat() if dated.last_date else None,
            "time": dated.event.time or None,
            "owner": dated.event.owner,
            "audience": dated.event.audience,
            "manual": dated.event.manual,
            "proposed": dated.event.proposed,
        }
        for dated in plan
    ]
    shown = ("last_date", "time", "title", "owner", "manual")
    rows = [
        (one["week"], f"{dated.date:%a} {one['date']}", *(one[key] for key in shown))
        for one, dated in zip(data, plan, strict=True)
    ]
    return Answer(data, (Table(("Week", "Date", "Until", "Time", "Event", "Owner", "Manual"), rows),))


def sizes(args: argparse.Namespace) -> Answer:
    """Cases needed, or the margin that a number of cases reaches."""
    rule = pack.load(args.pack).sampling.size
    confidence = whole(rule.confidence if args.confidence is None else args.confidence)
    if args.size is not None:
        found = margin_reached(args.size, args.population, confidence=confidence)
    else:
        margin = whole(rule.margin if args.margin is None else args.margin)
        found = sample_size(args.population, margin=margin, confidence=confidence, rounding=rule.rounding)
    data = {
        "population": found.population,
        "size": found.size,
        "margin": found.margin,
        "confidence": found.confidence,
    }
    return Answer(data, (Table(("Population", "Size", "Margin", "Confidence"), [list(data.values())]),))


def whole(value: float) -> float:
    """5.0 as 5, so that it is shown as it was written."""
    return int(value) if float(value).is_integer() else value


def rate(args: argparse.Namespace) -> Answer:
    """Ratings of one inspection from its judgements."""
    used = pack.load(args.pack)
    framework = used.framework(args.kind)
    cases = _told(ratings.read_judgements, framework, list(_rows(args.judgements)))
    domain_one = _told(ratings.read_ratings, framework, [word for word in args.domain_one.split(",") if word.strip()])
    result = _told(ratings.rate, framework, used.ratings, cases, domain_one=domain_one)
    data: dict[str, Any] = ratings.result_as_json(result)
    headings = ("Key question", "Yes", "Of", "Per cent", "Unrounded", "Band", "Within window", "Cases to change")
    questions = [(id_, *list(row.values())[: len(headings) - 1]) for id_, row in data["key_questions"].items()]
    standards = [(id_, *row.values()) for id_, row in data["standards"].items()]
    tables = (
        Table(headings, questions),
        Table(("Standard", "Rating", "Score", "Decided by"), standards),
        Table(("Total", "Overall"), [(data["total"], data["overall"])]),
    )
    return Answer(data, tables)


def overall(args: argparse.Namespace) -> Answer:
    """Total and overall rating of one inspection; every scored standard is needed."""
    used = pack.load(args.pack)
    framework = used.framework(args.kind)
    result = ratings.overall(used.ratings, framework, _told(ratings.read_ratings, framework, args.ratings))
    if result.missing:
        raise CommandFault(f"the overall rating needs every standard of {args.kind}; add {', '.join(result.missing)}")
    data = ratings.overall_as_json(result)
    return Answer(data, (Table(("Total", "Maximum", "Overall"), [list(data.values())]),))


def check(args: argparse.Namespace) -> Answer:
    """All faults of a pack, or its id, version and digest."""
    try:
        found = pack.load(args.path)
    except pack.PackError as error:
        count = len(error.faults)
        data: dict[str, Any] = {"sound": False, "faults": list(error.faults)}
        fault = f"{args.path}: {count} {'fault' if count == 1 else 'faults'} | {error}"
        return Answer(data, (Table(("Fault",), [(one,) for one in error.faults]),), fault)
    data = {"sound": True, "id": found.id, "version": found.version, "digest": found.digest, "faults": []}
    return Answer(data, (Table(("Pack", "Version", "Digest"), [(found.id, found.version, found.digest)]),))


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                yield reader.line_num, {(name or "").strip().lower(): value for name, value in row.items()}
    except UnicodeDecodeError as error:
        raise CommandFault(f"{path}: is not a .csv file in UTF-8; save it as one") from error
    except csv.Error as error:
        raise CommandFault(f"{path}: {error}; save it as .csv with commas") from error


def _told(rule: Any, *values: Any, **named: Any) -> Any:
    """What a rule answers; its faults, all of them, become the fault of the command."""
    try:
        return rule(*values, **named)
    except ratings.RatingFaultsError as error:
        raise CommandFault("\n".join(error.faults)) from error
