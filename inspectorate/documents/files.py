"""Papers in: which files each slot takes, and whether a file is what its name says (Manual 3.6a, 4.4b)."""

import codecs
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

LOOK_AT = 65_536
MACROS = ("vbaproject.bin", "basic/script-lc.xml")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


class WrongFile(ValueError):
    """A file that is not accepted; the message says why and what would be."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its content type, and what finds out whether a file is of this kind."""

    content_type: str
    is_one: Callable[[BinaryIO], bool]


def _starts(*signs: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: _start(file).startswith(signs)


def _start(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(LOOK_AT)


def _is_pdf(file: BinaryIO) -> bool:
    start = _start(file)
    return b"%PDF-" in start[:1024] and not start.startswith(PROGRAMS)


def _is_text(file: BinaryIO) -> bool:
    start = _start(file)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return b"\0" not in start and not start.startswith((*PROGRAMS, b"%PDF-", b"PK\x03\x04", b"\x89PNG"))


def _office(part: str) -> Callable[[BinaryIO], bool]:
    """A zip archive that holds `part` (such as "xl/") and no macros."""

    def is_one(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                names = [name.lower() for name in archive.namelist()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return False
        if any(name.endswith(MACROS) for name in names):
            raise WrongFile("This file contains macros. Save it without macros and choose it again.")
        return any(name.startswith(part) for name in names)

    return is_one


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
WORKBOOK = FileKind(f"{_OPEN_XML}.spreadsheetml.sheet", _office("xl/"))
KINDS: Mapping[str, FileKind] = {
    ".pdf": FileKind("application/pdf", _is_pdf),
    ".docx": FileKind(f"{_OPEN_XML}.wordprocessingml.document", _office("word/")),
    ".xlsx": WORKBOOK,
    ".pptx": FileKind(f"{_OPEN_XML}.presentationml.presentation", _office("ppt/")),
    ".odt": FileKind("application/vnd.oasis.opendocument.text", _office("content.xml")),
    ".ods": FileKind("application/vnd.oasis.opendocument.spreadsheet", _office("content.xml")),
    ".csv": FileKind("text/csv", _is_text),
    ".txt": FileKind("text/plain", _is_text),
    ".png": FileKind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": FileKind("image/jpeg", _starts(b"\xff\xd8\xff")),
}
SLOTS: Mapping[str, tuple[str, ...]] = {
    "evidence": tuple(KINDS),
    "longlist": (".xlsx", ".csv"),
    "alert": tuple(KINDS),
    "matter": tuple(KINDS),
    "exclusion-sheet": (".xlsx", ".csv"),
    "exclusion-evidence": tuple(KINDS),
    "decision": (".docx", ".pdf"),
}


def kind_of(file: BinaryIO, *, name: str, slot: str, size: int, limit: int) -> tuple[str, FileKind]:
    """The extension and kind of a file that the slot takes. Raises WrongFile; KeyError for an unknown slot."""
    taken = SLOTS[slot]
    dot = name.rfind(".")
    extension = name[dot:].lower() if dot >= 0 else ""
    extension = ".jpg" if extension == ".jpeg" else extension
    listed = f"{', '.join(taken[:-1])} or {taken[-1]}"
    if extension not in taken:
        raise WrongFile(f"The file must end in {listed}. This one is called {name}.")
    if size == 0:
        raise WrongFile("The file is empty. Choose the file that holds the text or table.")
    if size > limit:
        raise WrongFile(f"The file must be smaller than {limit // (1024 * 1024)} MB.")
    kind = KINDS[extension]
    if not kind.is_one(file):
        raise WrongFile(f"The file is not a {extension} file, whatever its name says. Save it anew as {listed}.")
    return extension, kind
