"""The `inspectorate` command, through its real entry point and with real files."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inspectorate.command_line import main
from inspectorate.methodology import pack

HEADERS = ("CRN", "Sex", "Order type", "RoSH", "Tier 1", "LDU", "Notes")
SEED = "00ff" * 8
RATED = ["1.1=good", "1.2=good", "1.3=good", "1.4=good", "2.1=good", "2.2=good", "2.3=good", "2.4=good"]

Run = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that succeeds and gives its JSON."""

    def call(*words: object) -> Any:
        assert main([str(word) for word in (*words, "--json")]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        return json.loads(said.out)

    return call


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that is refused with exit code 2 and gives its one line on standard error."""

    def call(*words: object) -> str:
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        error = capsys.readouterr().err
        assert code == 2
        assert error.count("\n") == 1
        return error

    return call


def case(number: int) -> tuple[object, ...]:
    """An invented case; every third is written in another way."""
    sex = ("Male", "M", "female", "F")[number % 4]
    order = ("Community order", "SSO", "Licence")[number % 3]
    rosh = ("Low", "Med", "Medium", "H", "Very high")[number % 5]
    return 5000 + number, sex, order, rosh, f"North {number % 2}", f"Team {number % 6}", "=1+1"


def as_csv(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def as_xlsx(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if str(cell).startswith("=") else cell for cell in row])
    book.save(path)
    return path


@pytest.fixture
def long_list(tmp_path: Path) -> Path:
    return as_csv(tmp_path / "list.csv", [HEADERS, *map(case, range(300))])


def draw_words(listed: Path, folder: Path, name: str = "one") -> list[object]:
    return [
        "draw", listed, "--list", "domain-two", "--kind", "CRC", "--size", 60, "--substitutes", 12, "--seed", SEED,
        "--out", folder / f"{name}.xlsx", "--receipt", folder / f"{name}.json",
    ]  # fmt: skip


def test_dates_answers_every_event_with_the_promised_keys(run: Run) -> None:
    events = run("dates", "--kind", "NPS", "--nation", "wales", "--fieldwork", "2019-06-03")
    assert {tuple(event) for event in events} == {
        ("id", "title", "week", "date", "last_date", "time", "owner", "audience", "manual", "proposed")
    }
    by_id = {event["id"]: event for event in events}
    assert by_id["ratings-to-body"] == {
        "id": "ratings-to-body",
        "title": "Agreed ratings and panel summary note to the inspected body",
        "week": "+2",
        "date": "2019-07-01",
        "last_date": None,
        "time": "09:00",
        "owner": "administrator",
        "audience": "both",
        "manual": "7.2g",
        "proposed": False,
    }
    assert (by_id["publication"]["week"], by_id["publication"]["date"]) == ("+17", "2019-10-14")
    assert by_id["publication"]["time"] is None


def test_dates_as_a_table_names_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dates", "--kind", "crc", "--nation", "england", "--fieldwork", "2019-06-03"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Week", "Date", "Until", "Time", "Event", "Owner", "Manual"]
    assert lines[2].split()[:4] == ["-11", "Mon", "2019-03-18", "2019-03-22"]


def test_sample_size_and_the_margin_reached(run: Run) -> None:
    assert run("sample-size", "--population", 1000) == {"population": 1000, "size": 142, "margin": 5, "confidence": 80}
    other = run("sample-size", "--population", 1000, "--margin", 10, "--confidence", 95)
    assert other == {"population": 1000, "size": 88, "margin": 10, "confidence": 95}
    reached = run("sample-size", "--population", 1000, "--size", 142)
    assert reached["size"] == 142
    assert 4.98 < reached["margin"] < 5


def test_the_same_seed_draws_the_same_cases_from_csv_and_xlsx(run: Run, tmp_path: Path, long_list: Path) -> None:
    workbook = as_xlsx(tmp_path / "list.xlsx", [("List of June",), (), HEADERS, *map(case, range(300))])
    one, two = run(*draw_words(long_list, tmp_path)), run(*draw_words(workbook, tmp_path, "two"))
    assert len(one["selected"]) == 60
    assert len(one["substitutes"]) == 12
    assert one["selected"] == two["selected"]
    assert one["list_digest"] == two["list_digest"]
    assert [margin for margin in one["margins"] if not margin["within_one"]] == []


def test_the_sample_is_written_as_text_that_is_no_formula(run: Run, tmp_path: Path) -> None:
    rows = [(f"=A{number}", *case(number)[1:]) for number in range(80)]
    drawn = run(*draw_words(as_csv(tmp_path / "list.csv", [HEADERS, *rows]), tmp_path))
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert book.sheetnames == ["Sample", "Substitutes", "Proportions"]
    cells = [row[1] for row in book["Sample"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == drawn["selected"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_draw_is_verified_from_its_receipt(run: Run, tmp_path: Path, long_list: Path) -> None:
    run(*draw_words(long_list, tmp_path))
    shuffled = as_csv(tmp_path / "shuffled.csv", [HEADERS, *map(case, reversed(range(300)))])
    assert run("verify", tmp_path / "one.json", shuffled) == {
        "verified": True,
        "faults": [],
        "list": "domain-two",
        "population": 300,
        "size": 60,
        "same_pack": True,
    }


def test_a_changed_list_or_receipt_is_not_verified(run: Run, refuse: Run, tmp_path: Path, long_list: Path) -> None:
    run(*draw_words(long_list, tmp_path))
    changed = as_csv(tmp_path / "changed.csv", [HEADERS, *map(case, range(1, 301))])
    assert "Case 5300 was not on the list" in refuse("verify", tmp_path / "one.json", changed)
    receipt = json.loads((tmp_path / "one.json").read_text())
    receipt["selected"][0] = receipt["substitutes"][0]
    (tmp_path / "one.json").write_text(json.dumps(receipt))
    assert "The selected cases differ" in refuse("verify", tmp_path / "one.json", long_list)


def test_every_fault_of_a_long_list_is_told_and_nothing_is_written(refuse: Run, tmp_path: Path) -> None:
    rows = [list(case(number)) for number in range(80)]
    rows[3][3], rows[5][0], rows[9][1], rows[12][4] = "Middling", rows[4][0], "", ""
    said = refuse(*draw_words(as_csv(tmp_path / "list.csv", [HEADERS, *rows]), tmp_path))
    assert said.split(" | ") == [
        "inspectorate: list.csv row 5, RoSH level: 'Middling' is not understood; "
        "write one of Low, Medium, High, Very high.",
        "list.csv row 7, Case reference: '5004' stands in row 6 too",
        "list.csv row 11, Gender: is empty; fill it in",
        "list.csv row 14, Tier 1 unit: is empty; fill it in\n",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_missing_double_and_forbidden_columns_are_named(refuse: Run, tmp_path: Path) -> None:
    missing = as_csv(tmp_path / "list.csv", [("CRN", "Sex", "Gender"), (1, "M", "M")])
    said = refuse(*draw_words(missing, tmp_path))
    assert "2 columns are 'Gender'" in said
    assert "there is no column 'RoSH level'" in said
    forbidden = as_csv(tmp_path / "victims.csv", [("CRN", "Tier 1", "Victim contacted"), (1, "N", "yes")])
    words = [*draw_words(forbidden, tmp_path)[:2], "--list", "victim-work", "--kind", "NPS", "--size", 1]
    said = refuse(*words, "--out", tmp_path / "a.xlsx", "--receipt", tmp_path / "a.json")
    assert "'Victim contacted' must not be sent" in said


def judgements(path: Path, kind: str) -> Path:
    framework = pack.load("probation-v3-2018").framework(kind)
    rows: list[tuple[object, ...]] = [("case", "list", "rosh", "key_question", "answer")]
    for case_list in framework.case_lists:
        for standard in framework.standards_for_list(case_list):
            for question in standard.key_questions:
                rows += [
                    (f"{case_list}-{n}", case_list, "medium", question.id, "yes" if n < 7 else "no") for n in range(10)
                ]
    return as_csv(path, rows)


def test_judgements_become_ratings(run: Run, tmp_path: Path) -> None:
    file = judgements(tmp_path / "judgements.csv", "CRC")
    result = run("rate", file, "--kind", "CRC", "--domain-one", "1.1=outstanding,1.2=good,1.3=good,1.4=good")
    assert result["key_questions"]["2.1.1"] == {
        "yes": 7, "n": 10, "percent": 70, "unrounded": 70.0, "band": "good", "within_window": True,
        "cases_to_change": 1,
    }  # fmt: skip
    assert result["standards"]["1.1"] == {"rating": "outstanding", "score": 3, "decided_by": ["panel"]}
    assert (result["total"], result["overall"]) == (21, "good")


def test_the_faults_of_judgements_come_in_one_line(refuse: Run, tmp_path: Path) -> None:
    rows = [("case", "list", "rosh", "key_question", "answer"), ("A", "domain-two", "medium", "2.1.1", "perhaps")]
    said = refuse(
        "rate", as_csv(tmp_path / "j.csv", [*rows, ("B", "domain-too", "low", "2.1.1", "yes")]), "--kind", "CRC"
    )
    assert "line 2: " in said
    assert "line 3: " in said


def test_the_overall_rating(run: Run, refuse: Run) -> None:
    words = ["overall", "--kind", "CRC", *RATED]
    assert run(*words, "4.1=requires-improvement", "4.2=outstanding") == {"total": 20, "maximum": 30, "overall": "good"}
    assert "add 4.1, 4.2" in refuse(*words)
    assert "'4.1=fair'" in refuse(*words, "4.1=fair")


def test_the_overall_rating_follows_a_given_pack(run: Run, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pack.SHIPPED / "probation-v3-2018", tmp_path / "mine"))
    text = (folder / "ratings.toml").read_text("utf-8")
    text = text.replace("least = 16, most = 25", "least = 16, most = 19").replace(
        "least = 26, most", "least = 20, most"
    )
    (folder / "ratings.toml").write_text(text, "utf-8")
    words = ["overall", "--kind", "CRC", "--pack", folder, *RATED, "4.1=good", "4.2=good"]
    assert run(*words)["overall"] == "outstanding"


def test_a_pack_is_checked(run: Run, refuse: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = run("pack", "check", "probation-v3-2018")
    assert (sound["sound"], sound["id"], sound["faults"]) == (True, "probation-v3-2018", [])
    folder = Path(shutil.copytree(pack.SHIPPED / "probation-v3-2018", tmp_path / "mine"))
    (folder / "glossary.toml").unlink()
    assert "1 fault | glossary.toml: is missing" in refuse("pack", "check", folder)
    assert main(["pack", "check", str(folder), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"] == ["glossary.toml: is missing; add it to the pack"]


@pytest.mark.django_db
def test_the_audit_trail_is_verified(run: Run) -> None:
    assert run("audit", "verify")["whole"] is True


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("dance", "invalid choice: 'dance'"),
        ("dates --kind XYZ --nation england --fieldwork 2019-06-03", "invalid choice: 'XYZ'"),
        ("dates --kind CRC --nation england --fieldwork 2019-13-01", "is not a date; write it as YYYY-MM-DD"),
        ("dates --kind CRC --nation england --fieldwork 2019-06-05", "Monday 3 June 2019 and Monday 10 June 2019"),
        ("dates --kind CRC --nation england --fieldwork 9999-12-27", "outside the years"),
        ("dates --kind CRC --nation england --fieldwork 2019-06-03 --pack no", "no: is neither a pack nor a folder"),
        ("sample-size --population 0", "inspectorate: "),
        ("sample-size --population 10 --size 11", "inspectorate: "),
        ("sample-size --population 10 --size 5 --margin 5", "not allowed with argument"),
        ("rate nothing.csv --kind CRC", "inspectorate: nothing.csv: No such file or directory"),
        ("verify nothing.json nothing.csv", "inspectorate: nothing.json: No such file or directory"),
        ("draw x.csv --list domain-too --kind CRC --size 5 --out a --receipt b", "There is no list 'domain-too'"),
        ("draw x.csv --list victim-work --kind CRC --size 5 --out a --receipt b", "is a list of NPS, not of CRC"),
        ("draw x.csv --list domain-two --kind CRC --size 5 --out a --receipt a", "are one file"),
        ("draw x.csv --list domain-two --kind CRC --size 5 --out no/a --receipt b", "there is no folder no"),
        ("draw x.csv --list domain-two --kind CRC --size 5 --seed xyz --out a --receipt b", "'xyz' is not hexadecimal"),
        ("pack check /nowhere", "/nowhere: is neither a pack nor a folder"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_with_exit_code_2(refuse: Run, words: str, says: str) -> None:
    assert says in refuse(*words.split())


def test_the_command_runs_by_itself_without_settings(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not re.match("DJANGO|INSPECTORATE|DATABASE", name)}
    done = subprocess.run(
        [sys.executable, "-m", "inspectorate.command_line", "sample-size", "--population", "500", "--json"],
        capture_output=True,
        text=True,
        env=clean,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["population"] == 500
