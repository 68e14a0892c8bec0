"""Packs: the shipped one is sound, and a bad one is refused with everything that is wrong with it at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inspectorate.methodology import pack
from inspectorate.methodology.pack import SHIPPED, PackError

ID = "probation-v3-2018"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / ID, tmp_path / "pack"))


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    def change(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(PackError) as refused:
        pack.load(folder)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_the_shipped_pack_is_whole() -> None:
    assert pack.available() == (ID,)
    shipped = pack.load(ID)
    assert (shipped.id, shipped.version, shipped.in_force_from.isoformat()) == (ID, "2", "2018-11-01")
    assert len(shipped.resourcing) == 28
    assert shipped.settings["factual-accuracy-end"] == shipped.timeline.choices["factual-accuracy-end"]
    assert shipped.framework("CRC").kind == "CRC"
    assert "announcement" in shipped.letters
    assert {p.for_ for p in shipped.paragraphs} == {"both", "CRC", "NPS"}


def test_every_dated_paragraph_of_the_register_has_an_event() -> None:
    shipped = pack.load(ID)
    dated = {p.id for p in shipped.paragraphs if p.kind == "deadline"}
    assert dated - {event.manual for event in shipped.timeline.events} == set()


def test_a_pack_is_loaded_from_a_folder_as_by_its_id(folder: Path) -> None:
    assert pack.load(folder) == pack.load(ID)


def test_the_digest_follows_the_meaning_and_not_the_spacing(
    folder: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("timeline.toml", 'week = "-11"\n', '\n# a remark\nweek   =   "-11"\n')
    assert pack.load(folder).digest == pack.load(ID).digest
    edit("timeline.toml", 'week   =   "-11"', 'week = "-10"')
    assert pack.load(folder).digest != pack.load(ID).digest


def test_a_changed_pack_names_the_files_that_changed(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    recorded = pack.load(ID).file_digests
    assert pack.changed_files(recorded, pack.load(folder)) == ()
    edit("roles.toml", 'title = "Lead inspector"', 'title = "Leading inspector"')
    (folder / "letters" / "farewell.md").write_text("Thank you\n", "utf-8")
    (folder / "letters" / "partner.md").unlink()
    assert pack.changed_files(recorded, pack.load(folder)) == (
        "letters/farewell.md",
        "letters/partner.md",
        "roles.toml",
    )


def test_neither_a_pack_nor_a_folder() -> None:
    with pytest.raises(PackError, match=f"youth-2018: is neither a pack nor a folder; the packs are {ID}"):
        pack.load("youth-2018")


EVENT = "timeline.toml: events"
FAULTS = [
    ("timeline.toml", 'audience = "inspectorate"', 'audience = "bodies"',
     f"{EVENT}[1] 'preparation-start' audience: is 'bodies'; it should be 'inspectorate'"),
    ("timeline.toml", 'owner = "data-team"', 'owner = "datateam"',
     f"{EVENT}[2] 'background-pack' owner: 'datateam' is not in roles.toml; did you mean 'data-team'?"),
    ("timeline.toml", 'manual = "3.2a"', 'manual = "3.99a"', f"{EVENT}[1] 'preparation-start' manual: '3.99a' is not"),
    ("timeline.toml", 'week = "-11"', 'week = "0"', f"{EVENT}[1] 'preparation-start': week '0' is not one; write"),
    ("timeline.toml", 'title = "Prep', 'titel = "Prep',
     f"{EVENT}[1] 'preparation-start' titel: is not a key here; did you mean 'title'?"),
    ("timeline.toml", "fieldwork_weeks = 3", 'fieldwork_weeks = "three"',
     "timeline.toml: fieldwork_weeks: is 'three'; it should be a valid integer"),
    ("timeline.toml", 'choice = "ten-working-days"', 'choice = "twelve"',
     f"{EVENT} 'factual-accuracy-response': setting: 'factual-accuracy-end' = 'twelve' is not in pack.toml"),
    ("timeline.toml", 'after = "announcement"', 'after = "embargoed-copy"',
     f"{EVENT} 'telephone-planning-meeting': after: 'embargoed-copy' is no event with a week of its own"),
    ("timeline.toml", 'id = "background-pack"', 'id = "preparation-start"', "'preparation-start': stands twice"),
    ("timeline.toml", 'day = "week"', 'day = "sunday"', "'preparation-start' day: is 'sunday'; it should be 'monday'"),
    ("roles.toml", '"plan.view"', '"plan.veiw"',
     "roles.toml: roles[1] 'chief-inspector' may: 'plan.veiw' is not in roles.toml [[rights]]; did you mean"),
    ("roles.toml", 'scope = "national"\n', "", "roles.toml: roles[1] 'chief-inspector' scope: is missing; add it"),
    ("roles.toml", 'id = "hm-inspector"', 'id = "administrator"', "roles.toml: roles 'administrator': stands twice"),
    ("standards.toml", 'case_list = "domain-two"', 'case_list = "domain-too"',
     "'domain-too' is not in sampling.toml; did you mean 'domain-two'?"),
    ("ratings.toml", "least = 6,", "least = 7,", "overall (CRC, NPS): 'requires-improvement' has to begin at 6"),
    ("ratings.toml", "most = 30 }", "most = 27 }", "overall: CRC can reach 30, and the last band ends at 27"),
    ("pack.toml", 'value = "friday-of-week-8"', 'value = "monday"',
     "pack.toml: settings 'factual-accuracy-end': value: 'monday' is not allowed; write one of friday-of-week-8"),
    ("paragraphs.toml", 'where = "timeline.plan"', 'where = ""', "paragraphs.toml: '3.2a': where: is empty"),
    ("resourcing-crc.csv", ",84,", ",many,", "resourcing-crc.csv: figure 2 holds whole numbers only; row 2"),
    ("fieldwork.toml", 'role = "lead-inspector"', 'role = "leading-inspector"',
     "fieldwork.toml: alerts line[2] role: 'leading-inspector' is not in roles.toml; did you mean 'lead-inspector'?"),
    ("fieldwork.toml", "flagged_minutes = 15", "flagged_minutes = 31",
     "fieldwork.toml: alerts line 'deputy-lead-inspector': flagged_minutes has to be more than 0 and at most 30"),
    ("fieldwork.toml", "least_group = 5", "least_group = 1", "least_group: is 1; write 2 or more"),
    ("fieldwork.toml", 'id = "workload"', 'id = "training"', "interviews headings 'training': stands twice"),
    ("reporting.toml", 'owners = ["data-team"]', 'owners = ["data-teams"]', "'statistics-check' owners: 'data-teams'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "fault"), FAULTS)
def test_each_fault_is_named_with_its_file_and_key(
    folder: Path, edit: Callable[[str, str, str], None], name: str, old: str, new: str, fault: str
) -> None:
    edit(name, old, new)
    assert [said for said in faults_of(folder) if fault in said] != []


def test_a_syntax_error_is_named_with_its_line(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("pack.toml", 'version = "2"', "version = ")
    assert faults_of(folder)[0].startswith("pack.toml: Invalid value (at line 5, column 11)")


def test_all_faults_are_told_at_once(folder: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("timeline.toml", 'owner = "data-team"', 'owner = "datateam"')
    edit("roles.toml", '"plan.view"', '"plan.veiw"')
    (folder / "glossary.toml").unlink()
    (folder / "notes.txt").write_text("x", "utf-8")
    (folder / "reporting.toml").write_bytes(b"\xff\xfe")
    told = [fault.split(":")[0] for fault in faults_of(folder)]
    assert sorted(told) == ["glossary.toml", "notes.txt", "reporting.toml", "roles.toml", "timeline.toml"]


def test_a_pack_of_an_earlier_version_needs_no_figures_of_the_fieldwork(folder: Path) -> None:
    (folder / "fieldwork.toml").unlink()
    earlier = pack.load(folder)
    assert earlier.fieldwork == pack.LATER["fieldwork.toml"]
    assert earlier.fieldwork.alerts.line == ()
    assert "fieldwork.toml" not in earlier.file_digests
