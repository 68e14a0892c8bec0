"""Tables that people send: read in full or refused with a sentence, whatever the file."""

import csv
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from inspectorate.documents.spreadsheets import Column, UnreadableSheet, WrittenSheet, read_table, write_workbook

HALF_PAST_NINE = datetime.fromisoformat("2019-06-03T09:30")
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    columns = (Column("Case reference"), Column("Sex", choices=("Female", "Male")), Column("Sentenced"), Column("Age"))
    rows = [["0012", "Female", date(2019, 1, 4), 31], ["=1+1", "Male", date(2019, 1, 5), 40.5]]
    write_workbook(tmp_path / "cases.xlsx", [WrittenSheet("Cases", columns, rows, blank_rows=10)])
    return tmp_path / "cases.xlsx"


@pytest.fixture
def with_cells(book: Path) -> Callable[[str], Path]:
    """A workbook whose one sheet holds the given rows of XML."""

    def make(xml: str) -> Path:
        made = book.with_name("made.xlsx")
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(made, "w") as new:
            for entry in old.infolist():
                sheet = entry.filename == "xl/worksheets/sheet1.xml"
                new.writestr(entry.filename, SHEET.format(xml) if sheet else old.read(entry))
        return made

    return make


def refusal(path: Path, **limits: int) -> str:
    with pytest.raises(UnreadableSheet) as refused:
        read_table(path, **limits)
    return str(refused.value)


def test_a_workbook_comes_back_as_it_was_written(book: Path) -> None:
    cases, lists = read_table(book).sheets
    assert cases.name == "Cases"
    assert cases.rows == (
        ("Case reference", "Sex", "Sentenced", "Age"),
        ("0012", "Female", date(2019, 1, 4), 31),
        ("=1+1", "Male", date(2019, 1, 5), 40.5),
    )
    assert type(cases.rows[1][3]) is int
    assert lists.hidden
    assert not cases.hidden


def test_rows_keep_their_numbers_and_merged_cells_are_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet("Any")
        sheet.merge_range("B3:B5", "Leeds")
        sheet.write("C7", 12)
        sheet.write_datetime("C8", HALF_PAST_NINE, made.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
        sheet.write_formula("C9", "=C7*2", None, 24)
    (sheet,) = read_table(tmp_path / "a.xlsx").sheets
    assert sheet.rows == (
        (), (), (None, "Leeds"), (), (), (),
        (None, None, 12), (None, None, HALF_PAST_NINE), (None, None, 24),
    )  # fmt: skip
    assert sheet.merged == ("B3:B5",)


def test_a_cell_at_the_far_corner_is_refused(with_cells: Callable[[str], Path]) -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "XFD1048576" in refusal(with_cells(corner))
    assert "A5000" in refusal(with_cells('<row r="5000"><c r="A5000"><v>1</v></c></row>'))
    assert "single cell far away" in refusal(with_cells('<row r="1"><c r="A1"><v>1</v></c></row>' + corner))


def test_formulas_without_a_result_and_errors_are_named(with_cells: Callable[[str], Path]) -> None:
    cells = '<c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c>'
    cells += '<c r="D1" t="e"><v>#N/A</v></c>'
    said = refusal(with_cells(f'<row r="1">{cells}</row>'))
    assert "without a saved result: A1, B1." in said
    assert "#N/A: D1." in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.xlsx", b"", "empty"),
        ("empty.csv", b"", "empty"),
        ("blank.csv", b" \r\n\r\n", "empty"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls format"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("words.xlsx", b"Case,Sex\n1,F\n", "not an .xlsx workbook"),
        ("stub.xlsx", b"PK\x03\x04", "damaged"),
        ("program.csv", b"MZ\x90\x00\x03\x00", "not a text file"),
        ("open.csv", b'a,b\n1,"2\n', "Line 2 cannot be read"),
        ("letter.docx", b"PK\x03\x04", "ends in .docx"),
        ("bad.csv", b"a,\x81\n", "damaged"),
    ],
)
def test_other_files_are_refused_in_words(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path / name)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "empty" in refusal(tmp_path / "none.csv")


def test_a_hundred_damaged_workbooks_are_read_or_refused(book: Path) -> None:
    """One byte changed, or a piece cut away: never anything but a table or a refusal."""
    dice, whole, said = random.Random(7), book.read_bytes(), []
    damaged = book.with_name("damaged.xlsx")
    for number in range(100):
        content = bytearray(whole)
        if number % 2:
            del content[dice.randrange(1, len(content)) :]
        for _ in range(20):
            content[dice.randrange(len(content))] ^= dice.randrange(1, 256)
        damaged.write_bytes(content)
        try:
            read_table(damaged)
        except UnreadableSheet as fault:
            said.append(str(fault))
    assert len(said) > 90
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_in_every_shape_that_spreadsheet_programs_save(tmp_path: Path, delimiter: str, encoding: str) -> None:
    with (tmp_path / "a.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [["Case", "Unit", "Age"], ["001", "Zoë, £5; x\ny", ""], ["", "", "7"]]
        )
    (sheet,) = read_table(tmp_path / "a.csv").sheets
    assert sheet.rows == (("Case", "Unit", "Age"), ("001", "Zoë, £5; x\ny"), (None, None, "7"))


def test_a_file_that_unpacks_to_too_much_is_refused(with_cells: Callable[[str], Path]) -> None:
    many = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="PP{r}"><v>1</v></c></row>' for r in range(1, 15000))
    assert "too much memory" in refusal(with_cells(many), memory=60 * 1024 * 1024)


def test_a_drop_down_is_offered_beyond_the_rows_and_long_lists_work(tmp_path: Path) -> None:
    names = tuple(f"A unit with quite a long name {n}" for n in range(60))
    write_workbook(
        tmp_path / "t.xlsx", [WrittenSheet("Cases", (Column("Unit", choices=names, hint="The office"),), (), 500)]
    )
    with zipfile.ZipFile(tmp_path / "t.xlsx") as made:
        sheet = made.read("xl/worksheets/sheet1.xml").decode()
    assert 'sqref="A2:A501"' in sheet
    assert "Lists!$A$1:$A$60" in sheet
    assert 'state="frozen"' in sheet
    assert len(read_table(tmp_path / "t.xlsx").sheets[1].rows) == 60
