"""Papers in: reads one spreadsheet in a process of its own, which may use only so much memory and time.

Started by `spreadsheets.read_table`; knows only the standard library, calamine and `different_cells`. What it finds
goes to the standard output as lines of JSON: {"sheet": …}, then {"columns": […]} for each block of rows, or
{"blank": rows}; at last {"end": true}, or {"fault": "message"}. A column is {"new": its cells that differ from all
before, "at": which of all those so far stands on each row, as 32-bit numbers in base 64}; true is sent as [true]. After
{"anew": true} no cell counts as sent before.
"""

import csv
import datetime
import gc
import io
import json
import os
import re
import resource
import sys
import threading
import zipfile
from array import array
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice, zip_longest
from typing import Any

import python_calamine

from inspectorate.documents import different_cells

MOST_CELLS = 5_000_000
ROWS_AT_ONCE = 1_024  # few enough for the processor's own memory
MOST_REMEMBERED = 300_000  # different cells
MOST_LEADING = (1_000, 200)  # blank rows above a table and blank columns beside it
MOST_BLANK = 20_000  # blank rows between two rows in use
MOST_NAMED = 10
MOST_XML_BYTES = 400_000_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TOO_MUCH = (
    "The file takes too much memory to read, often because of a single cell far away from the table. "
    "Copy the table into a new workbook and send that."
)
DELIMITERS = (",", ";", "\t")
DAMAGED = (
    "The file is damaged and cannot be read. Open it in a spreadsheet program, save it as .xlsx and send it again."
)
FORMULA = re.compile(rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|.*?</f>)\s*(<v\s*/>|<v>\s*</v>|<v[ >]|<is>)?", re.DOTALL)
ERROR = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>')
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLACE = re.compile(rb'\br="([A-Z]+[0-9]+)"')


Place = tuple[int, int]

SAYING = threading.Lock()


class Fault(Exception):
    """Why a file cannot be read, in words for the person who sent it."""


def limit(memory: int, seconds: int) -> None:
    """No more than `memory` bytes of address space and `seconds` of processor time; no files written, no core left."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def coded(value: Any) -> Any:
    """What JSON has no word for: {"date": …}, {"moment": …}, {"time": …}, {"seconds": …}."""
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def tidy(value: Any) -> Any:
    """Empty cells become None, whole numbers that come back as 12.0 become 12."""
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return str(value)
    return value


def without_tail(row: list[Any]) -> list[Any]:
    """A row without the empty cells at its end."""
    while row and (row[-1] is None or row[-1] == ""):
        row.pop()
    return row


class Columns:
    """The columns of a sheet as they are sent: most hold few different cells, so that each is written once."""

    def __init__(self) -> None:
        self._numbers: list[defaultdict[Any, int]] = []

    def forget(self) -> bool:
        """Forgets all cells where more than there should be are remembered; says whether it did."""
        if sum(map(len, self._numbers)) <= MOST_REMEMBERED:
            return False
        self._numbers.clear()
        return True

    def of(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The next rows by columns."""
        columns = list(zip_longest(*rows))
        self._numbers += [defaultdict(count().__next__) for _ in columns[len(self._numbers) :]]
        return [_column(number, cells) for number, cells in zip(self._numbers, columns, strict=False)]


def _column(number: defaultdict[Any, int], cells: Sequence[Any]) -> dict[str, Any]:
    before = len(number)
    if bool in set(map(type, cells)):
        cells = [(cell,) if isinstance(cell, bool) else cell for cell in cells]  # True equals 1, and would become it
    at = array("I", map(number.__getitem__, cells))
    new = list(islice(reversed(number), len(number) - before))
    return _sent(list(reversed(new)), at)


def _sent(new: Sequence[Any], at: "array[int]") -> dict[str, Any]:
    cells = [(cell,) if isinstance(cell, bool) else tidy(cell) for cell in new]
    return {"new": cells, "at": b64encode(at).decode()}


def line(said: Any) -> str:
    """A line of JSON."""
    return json.dumps(said, default=coded, ensure_ascii=True, separators=(",", ":")) + "\n"


def write_rows(rows: Iterable[list[Any]], write: Callable[[str], Any]) -> None:
    """Writes the rows in blocks; empty rows at the end are left away. Refuses more than MOST_CELLS cells, and a row
    that follows more than MOST_BLANK blank ones."""
    waiting = cells = read = 0
    columns = Columns()
    left = iter(rows)
    while block := list(islice(left, ROWS_AT_ONCE)):
        for row in block:
            if row and (row[-1] == "" or row[-1] is None):
                without_tail(row)
        there = len(block)
        cells += sum(map(len, block))
        if cells > MOST_CELLS:
            raise Fault(
                f"The file has more than {MOST_CELLS:,} cells. Send only the columns and rows that were asked for."
            )
        while block and not block[-1]:
            block.pop()
        if block:
            blank = waiting + next(at for at, row in enumerate(block) if row)
            if blank > MOST_BLANK:
                raise Fault(
                    f"Something stands on row {read - waiting + blank + 1:,}, after {blank:,} blank rows. "
                    "Delete that row, or move it up to the table, and send the file again."
                )
            if waiting:
                write(f'{{"blank":{waiting}}}\n')
            if columns.forget():
                write('{"anew":true}\n')
            write(line({"columns": columns.of(block)}))
            waiting = 0
        waiting += there - len(block)
        read += there


def read_workbook(path: str, write: Callable[[str], Any]) -> None:
    """Every worksheet of an .xlsx file."""
    with open(path, "rb") as file:
        start = file.read(8)
        if start == OLD_OFFICE:
            locked = ENCRYPTED in start + file.read()
            raise Fault(
                "The file is protected with a password. Take the password off and send it again."
                if locked
                else "The file is in the old .xls format. Save it as .xlsx and send it again."
            )
    if not start.startswith(b"PK"):
        raise Fault("The file is not an .xlsx workbook, whatever its name says. Save it as .xlsx and send it again.")
    refuse_bomb(path)
    if not write_different(path, write):
        write_as_it_is(path, write)


def write_different(path: str, write: Callable[[str], Any]) -> bool:
    """Every worksheet by its different cells, of which each is parsed once; writes nothing and says no of a workbook
    of which anything is unusual or would be refused."""
    bounds = different_cells.Bounds(MOST_CELLS, *MOST_LEADING, MOST_BLANK)
    try:
        sheets = different_cells.read(path, bounds, lambda text: bool(without_result(text) or ERROR.search(text)))
    except BaseException:  # whatever it is, it is told when the workbook is read as it is
        return False
    for sheet in sheets:
        say_sheet(sheet.about, sheet.merged, write)
        if sheet.columns:
            write(line({"columns": [_sent([None, *different], at) for different, at in sheet.columns]}))
    return True


def write_as_it_is(path: str, write: Callable[[str], Any]) -> None:
    """Every worksheet, each cell parsed where it stands."""
    unsaved = Beside(lambda: refuse_unsaved(path))
    try:
        write_worksheets(path, write)
    finally:
        unsaved.join()


class Beside:
    """Does something on a thread while calamine parses, which lets threads work; `join` raises what it raised, but for
    a fault: that is said at once and ends the process, since what calamine still lays out changes nothing of it."""

    def __init__(self, does: Callable[[], None]) -> None:
        self._raised: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(does,))
        self._thread.start()

    def _run(self, does: Callable[[], None]) -> None:
        try:
            does()
        except Fault as fault:
            with SAYING:
                sys.stdout.write(json.dumps({"fault": str(fault)}) + "\n")
                sys.stdout.flush()
                os._exit(0)
        except BaseException as raised:
            self._raised = raised

    def join(self) -> None:
        """Waits for the end."""
        self._thread.join()
        if self._raised:
            raise self._raised


def write_worksheets(path: str, write: Callable[[str], Any]) -> None:
    """Every worksheet with its rows."""
    with python_calamine.load_workbook(path) as book:
        for place, about in enumerate(book.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            say_sheet(about, sheet.merged_cell_ranges or (), write)
            write_rows(workbook_rows(sheet), write)


def say_sheet(about: Any, merged: Iterable[tuple[Place, Place]], write: Callable[[str], Any]) -> None:
    """The line that begins a worksheet."""
    hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
    write(line({"sheet": about.name, "hidden": hidden, "merged": [_range(*ends) for ends in merged]}))


def workbook_rows(sheet: Any) -> Iterator[list[Any]]:
    """The rows of a worksheet from row 1 and column A on; calamine itself begins at the first column in use."""
    top, left = sheet.start or (0, 0)
    if top > MOST_LEADING[0] or left > MOST_LEADING[1]:
        raise Fault(
            f"The first cell in use on the sheet {sheet.name} is {_cell(top, left)}. "
            "Move the table to the top left corner and send the file again."
        )
    beside = [None] * left
    for row in sheet.iter_rows():
        yield beside + row if left else row


def _cell(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _range(first: Place, last: Place) -> str:
    return f"{_cell(*first)}:{_cell(*last)}"


def refuse_bomb(path: str) -> None:
    """A workbook that unpacks to far too much is not opened."""
    with zipfile.ZipFile(path) as archive:
        parts = [entry for entry in archive.infolist() if entry.filename.endswith(".xml")]
        if sum(entry.file_size for entry in parts) > MOST_XML_BYTES:
            raise Fault("The file unpacks to far more than was asked for. Save only the table and send it again.")


def refuse_unsaved(path: str) -> None:
    """A formula never computed, or one whose result is an error, would read as nothing: names the cells instead."""
    formulas: list[str] = []
    errors: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if re.match(r"xl/worksheets/[^/]+\.xml$", entry.filename):
                rows = 0
                for text in cells_of(archive, entry):
                    rows += text.count(b"<row ")
                    refuse_far(text, rows)
                    formulas += without_result(text)
                    errors += [_place(attributes) for attributes in ERROR.findall(text)] if b't="e"' in text else []
    said = []
    if formulas:
        said.append(f"These cells hold formulas without a saved result: {_named(formulas)}.")
    if errors:
        said.append(f"These cells show an error such as #N/A: {_named(errors)}.")
    if said:
        raise Fault(" ".join(said) + " Put values in their place, save the file and send it again.")


def refuse_far(text: bytes, rows: int) -> None:
    """Refuses a sheet of `rows` rows so far whose last one stands far below: calamine would lay out all between."""
    last = text[text.rfind(b"<row ") :] if b"<row " in text else b""
    found = PLACE.search(last)
    if found and int(found.group(1).lstrip(LETTERS)) - rows > MOST_BLANK:
        raise Fault(
            f"Something stands in {found.group(1).decode()}, a single cell far away from the table. "
            "Delete that row and send the file again."
        )


def cells_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The text of one worksheet in pieces that each end with a whole cell."""
    tail = b""
    with archive.open(entry) as sheet:
        while chunk := sheet.read(4_000_000):
            text = tail + chunk
            cut = text.rfind(b"</c>") + 4
            if cut < 4:
                tail = text
                continue
            tail = text[cut:]
            yield text[:cut]
    yield tail


def without_result(text: bytes) -> list[str]:
    """Names of the cells (such as B2) that hold a formula without its result."""
    if b"<f" not in text:
        return []
    return [
        _place(attributes)
        for attributes, result in FORMULA.findall(text)
        if not result or (b"/" in result and b't="str"' not in attributes)
    ]


def _place(attributes: bytes) -> str:
    found = PLACE.search(attributes)
    return found.group(1).decode() if found else "a cell without a place"


def _named(cells: list[str]) -> str:
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return ", ".join(cells[:MOST_NAMED]) + more


def read_csv(path: str, write: Callable[[str], Any]) -> None:
    """The table of a .csv file in UTF-8, UTF-16 (with a mark) or Windows-1252, with commas, semicolons or tabs."""
    with open(path, "rb") as file:
        text = decoded(file.read())
    if not text.strip():
        raise Fault("The file is empty. Choose the file that holds the list.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    write(json.dumps({"sheet": "", "hidden": False, "merged": []}) + "\n")
    try:
        write_rows(([value or None for value in row] for row in reader), write)
    except csv.Error as fault:
        raise Fault(
            f"Line {reader.line_num} cannot be read as .csv ({fault}). Save the list as .xlsx and send that."
        ) from None


def decoded(content: bytes) -> str:
    """The text of a .csv file, whichever of the three encodings it is in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if b"\0" in content:
        raise Fault(
            "The file is not a text file, whatever its name says. Save the list as .csv or .xlsx and send that."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="strict")


def delimiter_of(text: str) -> str:
    """The sign that divides the first lines into the most columns, the same number on most lines."""
    sample = text[:20_000].splitlines()[:20]

    def fit(sign: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=sign) if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(DELIMITERS, key=fit)


def write(text: str) -> None:
    """Says a whole line, or several."""
    with SAYING:
        sys.stdout.write(text)


def main(path: str, kind: str, memory: int, seconds: int) -> int:
    """Reads `path` as "xlsx" or "csv"; 0 when all was read, 1 with a fault said."""
    limit(memory, seconds)
    gc.disable()  # of what is made here nothing refers back to itself, and looking for it takes long
    try:
        (read_workbook if kind == "xlsx" else read_csv)(path, write)
        write('{"end":true}\n')
    except Fault as fault:
        write(json.dumps({"fault": str(fault)}) + "\n")
    except MemoryError:
        write(json.dumps({"fault": TOO_MUCH}) + "\n")
    except BaseException:  # a panic inside calamine is no Exception
        write(json.dumps({"fault": DAMAGED}) + "\n")
    sys.stdout.flush()
    return 0
