"""Which pack an inspection keeps, and the refusal of a pack that changed under the same version."""

from functools import cache

from django.utils import timezone

from inspectorate.methodology import pack as packs
from inspectorate.methodology.pack import Pack
from inspectorate.programme.models import Inspection, PackVersion

CURRENT = "probation-v3-2018"


class PackChanged(Exception):
    """A pack differs from what inspections were announced with, though its version is the same."""


@cache
def by_id(pack_id: str) -> Pack:
    """The pack with this id, read once a process."""
    return packs.load(pack_id)


def current() -> Pack:
    """The pack that a new inspection is made with."""
    return by_id(CURRENT)


def pack_of(inspection: Inspection) -> Pack:
    """The pack that an inspection keeps."""
    return by_id(inspection.pack.pack)


def version_of(pack: Pack) -> PackVersion:
    """The record of a pack's version, made when it is first used."""
    kept, _ = PackVersion.objects.get_or_create(
        pack=pack.id,
        version=pack.version,
        defaults={"digest": pack.digest, "files": dict(pack.file_digests), "first_used_at": timezone.now()},
    )
    return kept


def refuse_changed() -> None:
    """Raises PackChanged, naming the files, when a shipped pack differs from the record of the same version."""
    for kept in PackVersion.objects.all():
        pack = by_id(kept.pack)
        if pack.version == kept.version and pack.digest != kept.digest:
            names = ", ".join(packs.changed_files(kept.files, pack))
            raise PackChanged(
                f"Pack {kept.pack} {kept.version} was changed after inspections began with it: {names}. "
                "Put the files back, or give the changed pack a new version."
            )
