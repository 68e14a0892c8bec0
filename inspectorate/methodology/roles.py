"""Appendix 1: who does what on an inspection, who may see and do what, and who carries out each paragraph."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["inspectorate", "body", "outside", "public"]
Scope = Literal["inspection", "national"]
ClaimedBy = Literal["rule", "action", "person"]


class UnknownRole(KeyError):  # noqa: N818 (named for what is wrong)
    """A role that the pack does not name; the message lists those that it does."""

    def __init__(self, role_id: str, known: Iterable[str]) -> None:
        self.role_id = role_id
        super().__init__(f"There is no role '{role_id}' in this pack. Its roles are: {', '.join(known)}.")

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that a person may see or do, as `thing.verb`; `limits` says in words what narrows it further."""

    id: str
    title: str
    manual: str
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """One role of Appendix 1: held on one inspection, or for all of them where the scope is national. `of_a_kind`: the
    office may be held for one kind of inspected body."""

    id: str
    title: str
    side: Side
    scope: Scope
    does: tuple[str, ...]
    may: tuple[str, ...]
    manual: str
    of_a_kind: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One rule of the manual, and who carries it out: a rule of this package, an action of the website, or a person.

    `who` is who acts in the manual's own terms, `for_` the kind of body (written `for` in the pack).
    `where` names the function, the action or the role that claims it; `built` is false while it is still to come.
    """

    id: str
    rule: str
    for_: str
    kind: str
    claimed_by: ClaimedBy
    where: str
    built: bool
    who: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """All roles and rights of one pack."""

    roles: tuple[Role, ...]
    rights: tuple[Right, ...]
    _roles: dict[str, Role] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roles", {role.id: role for role in self.roles})

    def role(self, role_id: str) -> Role:
        """The role with this id; raises UnknownRole with the known ones.

        Manual A1a
        """
        if role_id not in self._roles:
            raise UnknownRole(role_id, (role.id for role in self.roles))
        return self._roles[role_id]

    def rights_of(self, role_ids: Iterable[str]) -> frozenset[str]:
        """Every right that somebody in all these roles holds; raises UnknownRole.

        Manual A1a
        """
        return frozenset(right for role_id in role_ids for right in self.role(role_id).may)

    def holders_of(self, right_id: str) -> tuple[Role, ...]:
        """The roles that hold a right, in the order of the pack.

        Manual A1a
        """
        return tuple(role for role in self.roles if right_id in role.may)

    def of_side(self, side: Side) -> tuple[Role, ...]:
        """The roles of one side: the inspectorate, the inspected body, or outside both.

        Manual A1a
        """
        return tuple(role for role in self.roles if role.side == side)
