"""Chapter 4.4 at a prompt: draws a sample from a long list with its receipt, and makes a draw again to verify it."""

import argparse
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspectorate.command_line import long_list
from inspectorate.command_line.answers import Answer, CommandFault, Table, add_command
from inspectorate.command_line.rules import add_kind, add_pack
from inspectorate.documents.spreadsheets import Column, WrittenSheet, write_workbook
from inspectorate.methodology import pack
from inspectorate.methodology.sampling import (
    CaseList,
    Draw,
    Inputs,
    WrongThrowsError,
    differs_from_receipt,
    draw,
    list_digest,
    list_receipt_from_dict,
    make_receipt,
    read_throws,
    receipt_from_dict,
    receipt_to_dict,
    seed_of,
    specification_digest,
    verify,
    version_for,
)
from inspectorate.methodology.sampling.receipts import SeedFrom

SEED_BYTES = 32


def add_commands(commands: Any) -> None:
    """The commands of this module."""
    draw_ = add_command(commands, "draw", "Draw a sample from a long list, with a receipt", draw_sample)
    draw_.add_argument("longlist", type=Path, help=".xlsx or .csv")
    draw_.add_argument("--list", required=True, dest="list_id", metavar="LIST", help="such as domain-two")
    draw_.add_argument("--size", required=True, type=int, help="cases to select")
    draw_.add_argument("--substitutes", type=int, default=0, help="cases to hold in reserve")
    sown = draw_.add_mutually_exclusive_group()
    sown.add_argument("--seed", type=seed, default=None, help="hexadecimal; otherwise made by chance")
    sown.add_argument("--throws", type=throws, default=None, help="throws of a die, 1 to 6 each, that make the seed")
    draw_.add_argument("--out", required=True, type=Path, help="workbook to write")
    draw_.add_argument("--receipt", required=True, type=Path, help="receipt to write")
    add_kind(draw_)
    add_pack(draw_)

    verify_ = add_command(commands, "verify", "Make a draw again and compare it with its receipt", verify_receipt)
    verify_.add_argument("receipt", type=Path)
    verify_.add_argument("longlist", type=Path, help="the list from which the draw was made")
    verify_.add_argument("--pack", default=None, help="id or folder of a pack; otherwise the receipt's")

    check = add_command(commands, "check-list", "Compare a long list with the receipt of its acceptance", check_list)
    check.add_argument("receipt", type=Path, help="the .json that was downloaded when the list was accepted")
    check.add_argument("longlist", type=Path, help=".xlsx or .csv")
    check.add_argument("--pack", default=None, help="id or folder of a pack; otherwise the receipt's")


def seed(text: str) -> bytes:
    """A seed as written in a command."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not hexadecimal; write pairs of 0-9 and a-f") from None


def throws(text: str) -> str:
    """Throws of a die as written in a command."""
    try:
        return read_throws(text)
    except WrongThrowsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def draw_sample(args: argparse.Namespace) -> Answer:
    """Draws, and writes the workbook and the receipt: both, or neither."""
    used = pack.load(args.pack)
    case_list = used.sampling.case_list(args.list_id)
    if args.kind not in case_list.kinds:
        raise CommandFault(f"'{args.list_id}' is a list of {', '.join(case_list.kinds)}, not of {args.kind}")
    if args.out.resolve() == args.receipt.resolve():
        raise CommandFault("--out and --receipt are one file; give each its own")
    for target in (args.out, args.receipt):
        if not target.parent.is_dir():
            raise CommandFault(f"{target}: there is no folder {target.parent}; make it first")
    listed = long_list.read(args.longlist, case_list)
    inputs = _inputs(used, case_list, listed, args)
    sown, source = _sown(args)
    variables = [variable.title for variable in case_list.strata]
    drawn = draw(
        listed.cases,
        size=args.size,
        seed=sown,
        substitutes=args.substitutes,
        variables=variables,
        tiers=[column.header for column in listed.columns if column.id in listed.tiers],
        version=inputs.algorithm_version,
    )
    receipt = make_receipt(
        listed.cases,
        drawn,
        inputs=inputs,
        seed=sown,
        seed_from=source,
        throws=args.throws or "",
    )
    written = json.dumps(receipt_to_dict(receipt), indent=1, ensure_ascii=False) + "\n"
    _write(
        (args.out, lambda file: write_workbook(file, _sheets(listed, drawn))),
        (args.receipt, lambda file: file.write_text(written, "utf-8")),
    )
    return _drawn(drawn, sown, receipt.list_digest, args)


def _inputs(used: pack.Pack, case_list: CaseList, listed: long_list.LongList, args: argparse.Namespace) -> Inputs:
    return Inputs(
        list_id=case_list.id,
        list_digest=list_digest(listed.cases),
        specification_digest=specification_digest(case_list),
        pack_id=used.id,
        pack_version=used.version,
        pack_digest=used.digest,
        size=args.size,
        substitutes=args.substitutes,
        algorithm_version=version_for(len(listed.cases)),
    )


def _sown(args: argparse.Namespace) -> tuple[bytes, SeedFrom]:
    """The seed and where it is from; made by chance only now that everything else is known."""
    if args.throws:
        return seed_of(args.throws), "dice"
    if args.seed is not None:
        return args.seed, "given"
    return secrets.token_bytes(SEED_BYTES), "system"


def verify_receipt(args: argparse.Namespace) -> Answer:
    """Whether the draw of a receipt, made again from the list, gives the same cases."""
    try:
        receipt = receipt_from_dict(json.loads(args.receipt.read_text("utf-8-sig")))
    except json.JSONDecodeError as error:
        raise CommandFault(f"{args.receipt}: is no receipt: {error}") from error
    used = pack.load(args.pack or receipt.pack_id)
    listed = long_list.read(args.longlist, used.sampling.case_list(receipt.list_id))
    faults = verify(receipt, listed.cases)
    data = {
        "verified": not faults,
        "faults": list(faults),
        "list": receipt.list_id,
        "population": len(listed.cases),
        "size": receipt.size,
        "same_pack": receipt.pack_digest == used.digest,
    }
    if faults:
        return Answer(data, (Table(("Fault",), [(one,) for one in faults]),), "\n".join(["not verified", *faults]))
    row = (receipt.list_id, len(listed.cases), len(receipt.selected), len(receipt.substitutes), data["same_pack"])
    return Answer(data, (Table(("Verified list", "Cases", "Selected", "Substitutes", "Same pack"), [row]),))


def check_list(args: argparse.Namespace) -> Answer:
    """Whether a file is the accepted list of a receipt: the very file, or another one with the same cases."""
    receipt = list_receipt_from_dict(_json(args.receipt))
    same_file = hashlib.sha256(args.longlist.read_bytes()).hexdigest() == receipt.file_digest
    faults: tuple[str, ...] = ()
    if not same_file:
        used = pack.load(args.pack or receipt.pack_id)
        listed = long_list.read(args.longlist, used.sampling.case_list(receipt.list_id))
        faults = differs_from_receipt(receipt, listed.cases)
    data = {"accepted": not faults, "same_file": same_file, "list": receipt.list_id, "faults": list(faults)}
    if faults:
        return Answer(data, (Table(("Fault",), [(one,) for one in faults]),), "\n".join(["another list", *faults]))
    row = (receipt.list_id, receipt.cases, same_file)
    return Answer(data, (Table(("Accepted list", "Cases", "Same file"), [row]),))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CommandFault(f"{path}: is no receipt: {error}") from error


def _drawn(drawn: Draw, sown: bytes, digest: str, args: argparse.Namespace) -> Answer:
    data = {
        "list": args.list_id,
        "population": drawn.population,
        "size": len(drawn.selected),
        "shortfall": drawn.shortfall,
        "selected": [one.reference for one in drawn.selected],
        "substitutes": [one.reference for one in drawn.substitutes],
        "margins": [
            {
                "variable": margin.variable,
                "value": margin.value,
                "population": margin.population,
                "expected": float(margin.expected),
                "drawn": margin.drawn,
                "within_one": margin.within_one,
            }
            for margin in drawn.margins
        ],
        "seed": sown.hex(),
        "list_digest": digest,
        "out": str(args.out),
        "receipt": str(args.receipt),
    }
    about = (drawn.population, len(drawn.selected), drawn.shortfall, len(drawn.substitutes), sown.hex())
    margins: list[tuple[Any, ...]] = _margins(drawn)
    return Answer(
        data,
        (
            Table(("Cases", "Selected", "Too few by", "Substitutes", "Seed"), [about]),
            Table(("Variable", "Value", "On the list", "Expected", "Drawn", "Within one"), margins),
        ),
    )


def _margins(drawn: Draw) -> list[tuple[Any, ...]]:
    return [(m.variable, m.value, m.population, float(m.expected), m.drawn, m.within_one) for m in drawn.margins]


def _sheets(listed: long_list.LongList, drawn: Draw) -> list[WrittenSheet]:
    rows = {case.reference: row for case, row in zip(listed.cases, listed.rows, strict=True)}
    columns = (Column("Order", 8), *(Column(column.header) for column in listed.columns))
    return [
        *(
            WrittenSheet(name, columns, [(number, *rows[one.reference]) for number, one in enumerate(cases, 1)])
            for name, cases in (("Sample", drawn.selected), ("Substitutes", drawn.substitutes))
        ),
        WrittenSheet(
            "Proportions",
            tuple(map(Column, ("Variable", "Value", "On the list", "Expected", "Drawn", "Within one"))),
            _margins(drawn),
        ),
    ]


def _write(*files: tuple[Path, Callable[[Path], Any]]) -> None:
    """Writes every file beside its place first, so that a fault leaves what was there before."""
    ready: list[tuple[Path, Path]] = []
    try:
        for target, write in files:
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            os.close(handle)
            ready.append((Path(name), target))
            write(Path(name))
            Path(name).chmod(0o600)
        for beside, target in ready:
            beside.replace(target)
    finally:
        for beside, _ in ready:
            beside.unlink(missing_ok=True)
