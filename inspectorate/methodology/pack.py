"""The whole manual as data: reads a pack into the values of the chapters, or says everything that is wrong with it."""

import csv
import hashlib
import io
import json
import keyword
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import GenericAlias, MappingProxyType
from typing import Any, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from inspectorate.methodology.fieldwork import Fieldwork
from inspectorate.methodology.planning import Evidence, Term
from inspectorate.methodology.ratings import RatingRules
from inspectorate.methodology.reporting import Reporting
from inspectorate.methodology.roles import Paragraph, Roles
from inspectorate.methodology.sampling.lists import ResourcingRow, Sampling, resourcing_rows
from inspectorate.methodology.scheduling import Meetings
from inspectorate.methodology.standards import Framework, Standards
from inspectorate.methodology.timeline import Timeline

SHIPPED = Path(__file__).parent / "packs"


class PackError(ValueError):
    """A pack that cannot be used: `faults` are all of them, each as «file: key: what is wrong; what would be right»."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the manual leaves open, the choice made, and the choices there are."""

    id: str
    value: str
    allowed: tuple[str, ...]
    statement: str
    manual: str


@dataclass(frozen=True, slots=True)
class Head:
    """pack.toml: what the pack is."""

    id: str
    version: str
    title: str
    source: str
    in_force_from: date
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """glossary.toml."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """paragraphs.toml."""

    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """All of one pack. `digest` is the SHA-256 of the meaning of all files, `file_digests` of each."""

    id: str
    version: str
    title: str
    source: str
    in_force_from: date
    timeline: Timeline
    standards: Standards
    roles: Roles
    evidence: Evidence
    meetings: Meetings
    sampling: Sampling
    fieldwork: Fieldwork
    resourcing: tuple[ResourcingRow, ...]
    ratings: RatingRules
    reporting: Reporting
    glossary: tuple[Term, ...]
    paragraphs: tuple[Paragraph, ...]
    letters: Mapping[str, str]
    file_digests: Mapping[str, str]
    digest: str
    settings: Mapping[str, str] = field(default_factory=dict)
    _frameworks: dict[str, Framework] = field(init=False, repr=False, compare=False, default_factory=dict)

    def framework(self, kind: str) -> Framework:
        """The standards of one kind of body, with the pack's sub-samples in force. Raises standards.UnknownKind.

        Manual 2.1a
        """
        if kind not in self._frameworks:
            self._frameworks[kind] = self.standards.framework(kind)
        return self._frameworks[kind]


TOML: Mapping[str, type] = {
    "pack.toml": Head,
    "paragraphs.toml": Register,
    "timeline.toml": Timeline,
    "standards.toml": Standards,
    "roles.toml": Roles,
    "evidence.toml": Evidence,
    "meetings.toml": Meetings,
    "sampling.toml": Sampling,
    "fieldwork.toml": Fieldwork,
    "ratings.toml": RatingRules,
    "reporting.toml": Reporting,
    "glossary.toml": Glossary,
}
RESOURCING = {"resourcing-crc.csv": "CRC", "resourcing-nps.csv": "NPS"}
LETTERS = "letters"
# Files that packs of earlier versions do not have, and what stands for each there.
LATER: Mapping[str, Any] = {"fieldwork.toml": Fieldwork()}


def available() -> tuple[str, ...]:
    """The ids of the packs that come with this package.

    Manual 2.3a
    """
    return tuple(sorted(folder.name for folder in SHIPPED.iterdir() if (folder / "pack.toml").is_file()))


def load(id_or_path: str | Path) -> Pack:
    """The pack of this id, or the one in this folder. Raises PackError with all faults at once.

    Manual 2.3a
    """
    if str(id_or_path) in available():
        return _shipped(str(id_or_path))
    folder = Path(id_or_path)
    if not folder.is_dir():
        raise PackError([f"{id_or_path}: is neither a pack nor a folder; the packs are {', '.join(available())}"])
    return _load(folder)


def changed_files(recorded: Mapping[str, str], pack: Pack) -> tuple[str, ...]:
    """The files of a pack that are not as they were recorded (name -> digest): changed, added or taken away.

    Manual 2.3a
    """
    names = recorded.keys() | pack.file_digests.keys()
    return tuple(sorted(name for name in names if recorded.get(name) != pack.file_digests.get(name)))


@cache
def _shipped(pack_id: str) -> Pack:
    return _load(SHIPPED / pack_id)


def _load(folder: Path) -> Pack:
    faults = list(_strangers(folder))
    values: dict[str, Any] = {}
    digests: dict[str, str] = {}
    letters = {f"{LETTERS}/{path.name}" for path in sorted((folder / LETTERS).glob("*.md"))}
    for name in (*TOML, *RESOURCING, *sorted(letters)):
        try:
            text = (folder / name).read_text("utf-8-sig")
            meaning, values[name] = _read(name, text)
            digests[name] = hashlib.sha256(meaning.encode()).hexdigest()
        except FileNotFoundError:
            if name in LATER:
                values[name] = LATER[name]
            else:
                faults.append(f"{name}: is missing; add it to the pack")
        except UnicodeDecodeError as error:
            faults.append(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8")
        except PackError as error:
            faults.extend(error.faults)
    faults.extend(_across(values))
    if faults:
        raise PackError(faults)
    return _pack(values, digests)


def _pack(values: Mapping[str, Any], digests: Mapping[str, str]) -> Pack:
    head: Head = values["pack.toml"]
    settings = {setting.id: setting.value for setting in head.settings}
    all_digests = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return Pack(
        id=head.id,
        version=head.version,
        title=head.title,
        source=head.source,
        in_force_from=head.in_force_from,
        timeline=replace(values["timeline.toml"], choices=MappingProxyType(settings)),
        standards=values["standards.toml"],
        roles=values["roles.toml"],
        evidence=values["evidence.toml"],
        meetings=values["meetings.toml"],
        sampling=values["sampling.toml"],
        fieldwork=values["fieldwork.toml"],
        resourcing=tuple(row for name in RESOURCING for row in values[name]),
        ratings=values["ratings.toml"],
        reporting=values["reporting.toml"],
        glossary=values["glossary.toml"].terms,
        paragraphs=values["paragraphs.toml"].paragraphs,
        letters=MappingProxyType({Path(name).stem: text for name, text in values.items() if name.startswith(LETTERS)}),
        file_digests=MappingProxyType(dict(digests)),
        digest=hashlib.sha256(all_digests.encode()).hexdigest(),
        settings=MappingProxyType(settings),
    )


def _strangers(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        known = name in TOML or name in RESOURCING or (path.parent == folder / LETTERS and path.suffix == ".md")
        if path.is_file() and not known:
            yield f"{name}: is not a file of a pack; take it out, or give it one of the names {', '.join(TOML)}"


def _read(name: str, text: str) -> tuple[str, Any]:
    """The meaning of a file as text that spacing, order of keys and comments do not change, and its value."""
    if name in TOML:
        return _read_toml(name, text)
    if name in RESOURCING:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if row]
        try:
            return json.dumps(rows), resourcing_rows("CRC" if RESOURCING[name] == "CRC" else "NPS", rows)
        except ValueError as error:
            raise PackError([f"{name}: {error}"]) from error
    letter = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    return letter, letter


def _read_toml(name: str, text: str) -> tuple[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError([f"{name}: {error}; correct that line, everything after it is unread"]) from error
    meaning = json.dumps(_safe_keys(data), sort_keys=True, default=str)
    wrapped: Any = GenericAlias(tuple, (TOML[name],))  # a dataclass by itself cannot be given a configuration
    adapter: TypeAdapter[tuple[Any]] = TypeAdapter(wrapped, config=ConfigDict(extra="forbid"))
    try:
        return meaning, adapter.validate_json(f"[{meaning}]", strict=True)[0]
    except ValidationError as error:
        raise PackError([_sentence(name, data, dict(found)) for found in error.errors()]) from error


def _safe_keys(data: Any) -> Any:
    """Keys that are words of Python, such as `for`, get the underscore that their field has."""
    if isinstance(data, dict):
        return {key + "_" if keyword.iskeyword(key) else key: _safe_keys(value) for key, value in data.items()}
    return [_safe_keys(item) for item in data] if isinstance(data, list) else data


def _sentence(name: str, data: Any, found: Mapping[str, Any]) -> str:
    """A fault of pydantic as «file: key: what is wrong; what would be right»."""
    key = ""
    for part in found["loc"][1:]:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
            label = data.get("id") if isinstance(data, dict) else None
            key += f"[{part + 1}]" + (f" '{label}'" if label else "")
        else:
            data = data.get(part.removesuffix("_") if part not in data else part) if isinstance(data, dict) else None
            key += f" {part}" if key else part
    return f"{name}: {key}: {_says(name, found)}" if key else f"{name}: {_says(name, found)}"


def _says(name: str, found: Mapping[str, Any]) -> str:
    if found["type"] == "missing":
        return "is missing; add it"
    if found["type"] == "unexpected_keyword_argument":
        near = get_close_matches(str(found["loc"][-1]), _names(TOML[name]), 1)
        return "is not a key here; " + (f"did you mean '{near[0]}'?" if near else "take it out")
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    return f"is {found['input']!r}; " + str(found["msg"]).replace("Input should be", "it should be", 1)


def _names(kind: Any) -> set[str]:
    """All keys that a file of this dataclass may hold, at any depth."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {one.name for one in fields(kind)}.union(*(_names(hints[one.name]) for one in fields(kind) if one.init))
    return set().union(*(_names(arg) for arg in get_args(kind)))


ROLE_KEYS = {
    "owner", "owners", "caller", "stand_in", "chair", "role", "quorum", "may_attend", "companions", "answered_by",
    "decided_by", "consulted", "arbiter", "sent_by", "reviewed_by", "agreed_by",
}  # fmt: skip
LIST_KEYS = {"case_list", "case_lists", "lists"}


def _across(values: Mapping[str, Any]) -> Iterator[str]:
    """What contradicts itself between files, as far as the files could be read."""
    known: dict[str, tuple[str, frozenset[str]]] = {}
    if "paragraphs.toml" in values:
        known["manual"] = "paragraphs.toml", frozenset(p.id for p in values["paragraphs.toml"].paragraphs)
    if "standards.toml" in values:
        known["kinds"] = "standards.toml", frozenset(values["standards.toml"].kinds)
    if "roles.toml" in values:
        known["may"] = "roles.toml [[rights]]", frozenset(right.id for right in values["roles.toml"].rights)
        role_ids = "roles.toml", frozenset(role.id for role in values["roles.toml"].roles)
        known.update(dict.fromkeys(ROLE_KEYS, role_ids))
    if "sampling.toml" in values:
        known.update(
            dict.fromkeys(LIST_KEYS, ("sampling.toml", frozenset(one.id for one in values["sampling.toml"].lists)))
        )
    for name in TOML.keys() & values.keys():
        for path, key, word in _words(values[name], ""):
            where, ids = known.get(key, ("", frozenset()))
            if where and word not in ids:
                near = get_close_matches(word, ids, 1)
                right = f"did you mean '{near[0]}'?" if near else f"write one of {', '.join(sorted(ids)[:30])}"
                yield f"{name}: {path}: '{word}' is not in {where}; {right}"
        if hasattr(values[name], "faults"):
            yield from (f"{name}: {fault}" for fault in values[name].faults())
    if "timeline.toml" in values:
        yield from _event_faults(values["timeline.toml"], values.get("pack.toml"))
    yield from _other_faults(values)


def _words(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every word in a value as (path, key, word); commas divide the ids of `manual`."""
    for one in fields(value):
        if not one.init:
            continue
        inner = getattr(value, one.name)
        here = f"{path} {one.name}".strip()
        items = inner if isinstance(inner, tuple) else (inner,)
        for number, item in enumerate(items, 1):
            if is_dataclass(item):
                label = getattr(item, "id", "")
                inside = f"{here}[{number}]" if items is inner else here
                yield from _words(item, inside + (f" '{label}'" if label else ""))
            elif isinstance(item, str) and item:
                words = item.split(",") if one.name == "manual" else [item]
                yield from ((here, one.name, word.strip()) for word in words)


def _event_faults(timeline: Timeline, head: Head | None) -> Iterator[str]:
    """Events that stand twice for one inspection, that count from none, or that follow an unknown setting."""
    settings = {setting.id: setting.allowed for setting in head.settings} if head else None
    seen: set[tuple[str, str, str, str]] = set()
    anchors = {(e.id, kind, nation) for e in timeline.events if not e.after for kind in e.kinds for nation in e.nations}
    for event in timeline.events:
        where = f"timeline.toml: events '{event.id}'"
        places = [(kind, nation) for kind in event.kinds for nation in event.nations]
        if any((event.id, *place, event.choice) in seen for place in places):
            yield f"{where}: stands twice for one kind and nation; keep one, or give each its own kinds or nations"
        seen.update((event.id, *place, event.choice) for place in places)
        if event.after and not all((event.after, *place) in anchors for place in places):
            yield f"{where}: after: '{event.after}' is no event with a week of its own there; name one that is"
        if event.setting and settings is not None and event.choice not in settings.get(event.setting, ()):
            choices = "; ".join(f"{name}: {', '.join(allowed)}" for name, allowed in settings.items())
            yield f"{where}: setting: '{event.setting}' = '{event.choice}' is not in pack.toml; it allows {choices}"


def _other_faults(values: Mapping[str, Any]) -> Iterator[str]:
    if "pack.toml" in values:
        for setting in values["pack.toml"].settings:
            if setting.value not in setting.allowed:
                where = f"pack.toml: settings '{setting.id}': value"
                yield f"{where}: '{setting.value}' is not allowed; write one of {', '.join(setting.allowed)}"
    if "paragraphs.toml" in values:
        for paragraph in values["paragraphs.toml"].paragraphs:
            if not paragraph.where:
                yield f"paragraphs.toml: '{paragraph.id}': where: is empty; name the rule, the action or the role"
    if "ratings.toml" in values and "standards.toml" in values:
        yield from _total_faults(values["ratings.toml"], values["standards.toml"])
    if "sampling.toml" in values and "standards.toml" in values:
        yield from _leads_out_faults(values["sampling.toml"], values["standards.toml"])
    for name, key in (
        ("roles.toml", "roles"), ("roles.toml", "rights"), ("paragraphs.toml", "paragraphs"),
        ("sampling.toml", "lists"), ("pack.toml", "settings"), ("meetings.toml", "core"),
        ("reporting.toml", "steps"), ("evidence.toml", "items"),
    ):  # fmt: skip
        ids = [item.id for item in getattr(values[name], key)] if name in values else []
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{name}: {key} '{twice}': stands twice; give each its own id"


def _leads_out_faults(sampling: Sampling, standards: Standards) -> Iterator[str]:
    for fact in standards.facts:
        for one in sampling.lists:
            known = {column.id for column in one.columns}
            for out in fact.leads_out if one.id in fact.case_lists else ():
                where = f"standards.toml: facts '{fact.id}': leads_out"
                if out.exclusion not in {reason.id for reason in one.exclusions}:
                    yield f"{where}: '{out.exclusion}' is no exclusion of {one.id}; name one of sampling.toml"
                if out.differs_from and out.differs_from not in known:
                    yield f"{where}: '{out.differs_from}' is no column of {one.id}; name one of sampling.toml"


def _total_faults(rules: RatingRules, standards: Standards) -> Iterator[str]:
    best = max((band.score for band in rules.bands), default=0)
    for kind in standards.kinds:
        reach = best * sum(kind in standard.kinds and standard.scored for standard in standards.standards)
        tables = [table for table in rules.overall if kind in table.kinds]
        if len(tables) != 1:
            yield f"ratings.toml: overall: {len(tables)} tables are for {kind}; write one"
        elif tables[0].bands and tables[0].bands[-1].most != reach:
            last = tables[0].bands[-1].most
            says = f"{kind} can reach {reach}, and the last band ends at {last}; end it at {reach}"
            yield f"ratings.toml: overall: {says}"
