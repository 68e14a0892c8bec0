"""Makes the demonstration's files again (Manual 3.6, 4.4): `python -m inspectorate.demo.make_files`.

Run by maintainers after a change of proportions.toml or of the pack's lists; the files are committed.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from inspectorate.demo import evidence, first_received, judging, long_lists, proportions
from inspectorate.demo.long_lists import KINDS, Row, Value
from inspectorate.methodology import fieldwork, sampling
from inspectorate.methodology import pack as packs
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.sampling.lists import CaseList, strata_of

FILES = Path(__file__).with_name("files")
PACK = "probation-v3-2018"
SHEET = "Long list"


def main(target: Path = FILES) -> None:
    """Writes every file under `target`, with those of LibreOffice where it is installed."""
    pack = packs.load(PACK)
    for kind in KINDS:
        folder = target / kind.lower()
        folder.mkdir(parents=True, exist_ok=True)
        for case_list in lists_of(pack, kind):
            listed = long_lists.rows(case_list, kind)
            write_workbook(folder / f"{case_list.id}.xlsx", table(case_list, listed))
        _domain_two_again(pack, kind, folder)
        write_judgements(folder / "judgements.csv", pack, kind)
        evidence.write(folder / "evidence", kind)
    print(f"Written under {target.name}/: {sum(one.is_file() for one in target.rglob('*'))} files")


def _domain_two_again(pack: Pack, kind: str, folder: Path) -> None:
    """Domain two as another program saves it, and as it came the first time."""
    case_list = long_lists.asked_of_all(pack.sampling.case_list("domain-two"))
    listed = long_lists.rows(case_list, kind)
    if program := shutil.which("soffice"):
        save_by_libreoffice(program, folder / "domain-two-libreoffice.xlsx", table(case_list, listed))
    received = first_received.spoil(case_list, listed, kind)
    write_workbook(folder / "domain-two-as-first-received.xlsx", received.table, merged_title=True)
    said = json.dumps(asdict(received) | {"table": None}, indent=1, ensure_ascii=False)
    (folder / "domain-two-as-first-received.json").write_text(said + "\n", encoding="utf-8")


def lists_of(pack: Pack, kind: str) -> tuple[CaseList, ...]:
    """The lists that a body of this kind sends."""
    return tuple(long_lists.asked_of_all(one) for one in pack.sampling.lists if kind in one.kinds)


def table(case_list: CaseList, listed: Iterable[Row]) -> list[list[Value]]:
    """Header and rows as they stand in the sheet: choices by their label."""
    labels = {column.id: {choice.id: choice.label for choice in column.choices} for column in case_list.columns}
    header: list[Value] = [column.header for column in long_lists.columns_of(case_list)]
    return [header, *([labels[name].get(str(cell), cell) for name, cell in row.items()] for row in listed)]


def write_workbook(target: Path, lines: Sequence[Sequence[Any]], *, merged_title: bool = False) -> None:
    """Saves lines as a workbook of one sheet: dates as dates, everything else as it is."""
    with xlsxwriter.Workbook(str(target), {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": evidence.MADE})
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True})
        for number, line in enumerate(lines):
            if merged_title and number == 0:
                sheet.merge_range(0, 0, 0, len(lines[-1]) - 1, line[0], bold)
                continue
            for place, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001
                elif cell != "":
                    sheet.write(number, place, cell, bold if number == 0 else None)
        sheet.autofit()


def save_by_libreoffice(program: str, target: Path, lines: Sequence[Sequence[Any]]) -> None:
    """Saves lines as a workbook through LibreOffice Calc: comma, quotes, UTF-8, English (UK), dates recognised."""
    with tempfile.TemporaryDirectory() as made:
        source = Path(made) / "list.csv"
        with source.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(lines)
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{made}/profile",
                "--headless",
                "--infilter=CSV:44,34,76,1,,2057,false,true",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                f"{made}/out",
                str(source),
            ],
            check=True,
            capture_output=True,
        )
        shutil.copyfile(Path(made) / "out" / "list.xlsx", target)


def standard_seed(kind: str, case_list: str) -> bytes:
    """The 32 bytes with which the demonstration draws a list."""
    return hashlib.sha256(f"demonstration {kind} {case_list}".encode()).digest()


def sample_size(pack: Pack, kind: str, case_list: str) -> int:
    """As in the first row of figure 2 with the body's cluster size (Manual 4.1a)."""
    cluster = proportions.row("cluster", kind).text
    row = next(one for one in pack.resourcing if (one.kind, one.cluster) == (kind, cluster))
    return row.size_for(case_list) or 0


def write_judgements(target: Path, pack: Pack, kind: str) -> None:
    """Judgements of a whole sample: case, list, rosh, key_question, answer."""
    with target.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["case", "list", "rosh", "key_question", "answer"])
        for case_list in lists_of(pack, kind):
            listed = {str(row["reference"]): row for row in long_lists.rows(case_list, kind)}
            drawn = sampling.draw(
                [as_listed(case_list, row) for row in listed.values()],
                size=sample_size(pack, kind, case_list.id),
                seed=standard_seed(kind, case_list.id),
            )
            for case in drawn.selected:
                writer.writerows(_judgements(pack, kind, case_list, listed[case.reference]))


def as_listed(case_list: CaseList, row: Row) -> sampling.ListedCase:
    """A row as the draw takes it."""
    said = {name: str(cell) for name, cell in row.items()}
    return sampling.ListedCase(
        said["reference"], tuple(said[unit] for unit in case_list.units), strata_of(case_list, said)
    )


def _judgements(pack: Pack, kind: str, case_list: CaseList, row: Row) -> Iterable[tuple[str, ...]]:
    framework = pack.framework(kind)
    reference = str(row["reference"])
    listed = {name: str(cell) for name, cell in row.items()}
    facts: dict[str, str] = {}
    for fact in framework.facts_for_list(case_list.id, facts):
        stays = tuple(value for value in fact.values if not fact.exclusion(value, listed))
        facts[fact.id] = judging.judge_fact(reference, fact.id, stays, listed, kind=kind)
    for question in fieldwork.applicable_questions(framework, case_list.id, facts):
        answer = judging.judge(reference, case_list.id, question.id, kind=kind)
        yield reference, case_list.id, facts.get("rosh_judged", ""), question.id, answer


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILES)
