"""A whole inspection in miniature through its web addresses: every post of the thread, in the order of the manual."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from inspectorate.accounts.models import User
from inspectorate.demo.at_fieldwork import answers_to
from inspectorate.documents.models import Document
from inspectorate.fieldwork.form import NOTE, case_form
from inspectorate.fieldwork.models import Matter
from inspectorate.methodology.planning import suggested_items
from inspectorate.methodology.sampling import CaseList, period_days
from inspectorate.programme import actions as programme
from inspectorate.programme import packs
from inspectorate.programme.models import InspectedBody, Inspection, Membership
from inspectorate.sampling import marks_sheet, officers, reading, samples
from inspectorate.sampling.actions import returns
from inspectorate.sampling.actions.waivers import kinds_of
from inspectorate.sampling.models import Draw, DrawInputs, DrawnCase, Exclusion, LongList, OfficerAway, SampledCase
from inspectorate.scheduling.models import Allocation
from tests.drills import thread_fieldwork, thread_ratings, thread_release
from tests.sampling.conftest import as_csv, as_xlsx, table
from tests.sampling.rows import day

BORN = date(1951, 11, 17)
LISTED, SAMPLED, SUBSTITUTES = 14, 3, 5
TOKEN = "csrfmiddlewaretoken"
# Posts that only show what they found.
SHOWS = ("verify_draw", "check_draw", "give_case")
TEAM = ("lead-inspector", "deputy-lead-inspector", "administrator", "assistant-inspector")
LATER = ("hm-inspector", "local-assessor", "senior-leader", "body-staff", "responsible-officer", "external-editor")
Say = Callable[[str], str]
Sent = Callable[[Any, HttpResponse | None], None]


@dataclass(frozen=True)
class Post:
    """One form as somebody sends it: who (a role), when, to which address, with what. `files` are made anew. What a
    script sends is `json` instead."""

    who: str
    when: datetime
    name: str
    args: tuple[Any, ...]
    data: dict[str, Any]
    files: Callable[[], dict[str, Any]] = dict
    json: bool = False

    @property
    def path(self) -> str:
        return reverse(self.name, args=self.args)

    def send(self, client: Client, **more: Any) -> HttpResponse:
        if self.json:
            return client.post(self.path, self.data, content_type="application/json")
        return client.post(self.path, {**self.data, **self.files(), **more})


def plain(what: str) -> str:
    """What people type where nothing is drilled."""
    return f"Something about {what}"


@dataclass
class Thread:
    """An inspection as it is carried through; `say(what)` is what is typed into each field of free text."""

    kind: str
    say: Say = plain
    people: dict[str, User] = field(default_factory=dict)
    _inspection: Inspection | None = None

    @property
    def inspection(self) -> Inspection:
        assert self._inspection is not None
        return Inspection.objects.select_related("body", "pack").get(pk=self._inspection.pk)

    def address(self, role: str) -> str:
        return f"{role}.{self.kind.lower()}@example.org"

    def somebody(self, role: str) -> User:
        """The person in this role; everybody's name holds what is typed as a name."""
        if role not in self.people:
            self.people[role] = User.objects.get(email=self.address(role))
        return self.people[role]

    def prepare(self) -> None:
        """Accounts and offices that are there before the first post."""
        roles = packs.current().roles.roles
        for role in roles:
            if role.scope == "national" and role.side != "public" and role.id != "head-of-standards":
                self.people[role.id] = programme.open_account(
                    email=self.address(role.id), name=role.title, office=role.id, by="drill"
                )
        for role_id in (*TEAM, "somebody"):
            self.people[role_id] = User.objects.create_user(email=self.address(role_id), name=role_id)
        self.body = InspectedBody.objects.create(name=f"Drill {self.kind}", kind=self.kind, cluster="Aa")

    def one(self, who: str, when: datetime, address: str, /, *args: Any, **data: Any) -> Post:
        """A post to an address of the inspection."""
        return Post(who, when, address, (self.inspection.public_id, *args), data)

    def lists(self) -> tuple[CaseList, ...]:
        return reading.lists_of(self.inspection)

    def posts(self) -> Iterator[Post]:
        """All posts; each is made only when the one before it has had its effect."""
        yield from self.planning()
        yield from self.announcing()
        yield from self.giving_evidence()
        yield from self.sampling()
        yield from self.allocating()
        yield from self.judging()
        yield from thread_fieldwork.of_cases(self)
        yield from thread_fieldwork.of_the_team(self)
        yield from self.noting_evidence()
        yield from self.being_concerned()
        yield from thread_ratings.deciding(self)
        yield from thread_release.of_the_release(self)

    def planning(self) -> Iterator[Post]:
        when = datetime(2019, 3, 4, 10)
        body = self.body
        yield Post("system-administrator", when, "people", (), {
            "email": self.address("head-of-standards"), "name": self.say("name of an office holder"),
            "office": "head-of-standards",
        })  # fmt: skip
        somebody = self.people["somebody"]
        yield Post("system-administrator", when, "close_account", (somebody.public_id,), {})
        yield Post("head-of-inspection", when, "name_tiers", (body.public_id,), {
            "tier_1": self.say("tier 1"), "tier_2": self.say("tier 2"),
        })  # fmt: skip
        yield Post("head-of-inspection", when, "add_units", (body.public_id,), {"units": self.say("unit")})
        lead, deputy, administrator, assistant = (self.people[role].pk for role in TEAM)
        yield Post("head-of-inspection", when, "plan_inspection", (), {
            "body": body.pk, **day("fieldwork", date(2019, 6, 3)), "nation": "england", "lead": lead,
            "deputy": deputy, "administrator": administrator, "assistants": [assistant], "accept_clashes": "on",
        })  # fmt: skip
        self._inspection = Inspection.objects.get(body=body)
        for role in LATER:
            yield self.one("lead-inspector", when, "add_to_team", role=role, email=self.address(role),
                           name=self.say("name of a team member"))  # fmt: skip
        yield self.one("lead-inspector", when, "add_to_team", role="assistant-inspector",
                       email="not-for-long@example.org", name="Not for long")  # fmt: skip
        held = Membership.objects.get(user__email="not-for-long@example.org", ended_at=None)
        yield self.one("lead-inspector", when, "end_role", held.pk)

    def announcing(self) -> Iterator[Post]:
        when = datetime(2019, 4, 4, 15)
        yield self.one(
            "lead-inspector", when, "announce",
            **day("call_date", date(2019, 4, 4)), call_time="9:30am", spoke_to=self.say("who took the call"),
            position=self.say("position"), link_manager_name=self.say("name of the link manager"),
            link_manager_email=self.address("link-manager"), **day("meeting_date", date(2019, 4, 10)),
            meeting_time="11am", agreed=self.say("what was agreed"), partners=self.say("partner"),
            reason=self.say("reason for the day"),
        )  # fmt: skip
        when += timedelta(days=1)
        yield self.one("administrator", when, "write_to_partners", partners=self.say("later partner"))
        if self.kind == "CRC":  # whose unpaid work it is
            yield self.one("administrator", when, "tell_division", division=self.say("division"),
                           addressed_to=self.say("divisional director"))  # fmt: skip
        yield self.one("administrator", when, "issue_plan")
        event = "evidence-in-advance"
        yield self.one("link-manager", when, "raise_concern", event, what=self.say("concern"))
        concern = self.inspection.events.get(event=event).concerns.get()
        yield self.one("administrator", when, "answer_concern", concern.public_id, decision="moved",
                       **day("moved_to", date(2019, 5, 3)), reason=self.say("answer to a concern"))  # fmt: skip
        yield self.one("lead-inspector", when, "move_date", "presentation", **day("to", date(2019, 5, 2)),
                       reason=self.say("reason for a move"))  # fmt: skip
        items = [item.id for item in packs.pack_of(self.inspection).evidence.planning_meeting.agenda]
        yield self.one(
            "lead-inspector", datetime(2019, 4, 10, 15), "record_planning_meeting",
            **day("held_date", date(2019, 4, 10)), held_time="11am", present=["lead-inspector", "link-manager"],
            names=self.say("who took part"), tier_1=self.say("tier 1 again"), tier_2=self.say("tier 2 again"),
            **{f"item-{item}": self.say("minutes") for item in items},
        )  # fmt: skip

    def giving_evidence(self) -> Iterator[Post]:
        when, inspection = datetime(2019, 4, 15, 10), self.inspection
        item = suggested_items(packs.pack_of(inspection).evidence, self.kind)[0]
        paper = {"title": self.say("title of evidence"), "covers": self.say("period of evidence")}
        give = self.one("link-manager", when, "give_evidence", item.id, **paper)
        yield with_file(
            give, "upload", lambda: SimpleUploadedFile("plan.txt", self.say("content of evidence").encode())
        )
        given = inspection.evidence.get()
        newer = with_file(
            self.one("link-manager", when, "replace_evidence", given.public_id, **paper),
            "upload",
            lambda: SimpleUploadedFile("plan.txt", f"{self.say('content of evidence')} again".encode()),
        )
        yield newer
        given = inspection.evidence.latest("pk")
        question = packs.pack_of(inspection).framework(self.kind).standard(item.theme).key_questions[0].id
        yield self.one("lead-inspector", when, "assess_evidence", given.public_id, key_question=question,
                       finding="gap", note=self.say("note of an assessment"))  # fmt: skip
        yield self.one("lead-inspector", when, "ask_for_evidence", question, what=self.say("request for evidence"))
        asked = inspection.evidence_requests.get()
        yield with_file(self.one("link-manager", when, "answer_request", asked.pk, **paper), "upload", a_paper)

    def rows(self, case_list: CaseList) -> list[list[Any]]:
        """The rows of a list: every name, date of birth, reference, office and officer is what is said there."""
        head, *rest = table(case_list, LISTED)
        special = {"date-of-birth": BORN, "office": self.say("office"),
                   "responsible-officer": self.say("officer")}  # fmt: skip
        for number, row in enumerate(rest):
            for place, column in enumerate(case_list.columns):
                if column.id in special:
                    row[place] = special[column.id]
                if column.id == "name":
                    row[place] = f"{self.say('name of a person')} {number}"
                if column.id == "reference":
                    row[place] = f"{self.say('reference')[:40]}{number:03}"
        return [head, *rest]

    def sampling(self) -> Iterator[Post]:
        lists = self.lists()
        wrong = self.rows(lists[0])
        born = [column.id for column in lists[0].columns].index("date-of-birth")
        wrong[2][born] = self.say("value of a fault")
        when = datetime(2019, 4, 18, 10)
        first, last = period_days(lists[0].period, self.inspection.fieldwork) or (when, when)
        yield self.one("administrator", when, "ask_period", lists[0].id, **day("first_day", first),
                       **day("last_day", last), reason=self.say("reason for other days"))  # fmt: skip
        yield self.one("administrator", when, "expect_cases", lists[0].id, cases=LISTED,
                       source=self.say("source of a number"))  # fmt: skip
        give = self.one("link-manager", when, "give_long_list", lists[0].id)
        yield with_file(give, "upload", a_list(wrong))
        faulty = self.newest(lists[0])
        columns = {f"column-{at}": column for at, (_, column) in enumerate(faulty.matching["columns"])}
        yield self.one("link-manager", when, "match_columns", faulty.public_id, **columns)
        yield self.one("link-manager", when, "read_long_list", faulty.public_id)
        kind = kinds_of(self.newest(lists[0]))[0].id
        yield self.one("administrator", when, "waive_faults", faulty.public_id, kind=kind, outcome="as-written",
                       reason=self.say("reason of a waiver"))  # fmt: skip
        for case_list in lists:
            rows = self.rows(case_list)
            give = self.one("link-manager", when, "give_long_list", case_list.id)
            yield with_file(give, "upload", a_list(rows))
            yield self.one("administrator", when, "accept_long_list", self.newest(case_list).public_id)
        for case_list in lists:
            yield from self.one_sample(case_list)

    def newest(self, case_list: CaseList) -> LongList:
        found = self.inspection.long_lists.filter(case_list=case_list.id).first()
        assert found is not None
        return found

    def one_sample(self, case_list: CaseList) -> Iterator[Post]:
        when = datetime(2019, 4, 24, 10)
        how = {"size": SAMPLED, "substitutes": SUBSTITUTES}
        if case_list.units:
            yield self.one("lead-inspector", when, "choose_units", case_list.id, option="all")
        yield self.one("administrator", when, "prepare_draw", case_list.id, **how)
        yield self.one("administrator", when, "draw_sample", self.prepared(case_list), seed_from="system")
        if case_list.id == "domain-two":
            yield self.one(
                "administrator", when, "prepare_draw", case_list.id, reason=self.say("reason of a draw"), **how
            )
            yield self.one("administrator", when, "draw_sample", self.prepared(case_list), seed_from="system")
        draw = Draw.objects.filter(long_list__inspection=self.inspection, long_list__case_list=case_list.id)[0]
        yield self.one("administrator", when, "verify_draw", draw.public_id)
        if case_list.id == "domain-two":
            why = self.say("reason of an extension")
            yield self.one("administrator", when, "extend_sample", draw.public_id, cases=1, reason=why)
        marks = {f"reason-{row.pk}": "" for row in draw.cases.all()} | {
            f"note-{row.pk}": "" for row in draw.cases.all()
        }
        first = self.to_exclude(draw)
        reasons = [one.id for one in case_list.exclusions if one.stage == "list" and not one.nations]
        when = datetime(2019, 5, 1, 10)
        if case_list.id == "domain-two":
            yield from self.by_sheet(draw, when)
        if reasons:
            marks |= {f"reason-{first.pk}": reasons[0], f"note-{first.pk}": self.say("note of an exclusion")}
            yield self.one("link-manager", when, "mark_exclusions", draw.public_id, **marks)
            yield with_file(
                self.one("link-manager", when, "exclusion_evidence", draw.public_id, first.case.row),
                "upload", lambda: SimpleUploadedFile("letter.txt", b"A letter"),
            )  # fmt: skip
        yield self.one("link-manager", when, "mark_exclusions", draw.public_id, **marks, **{"return": "yes"})
        when = datetime(2019, 5, 7, 10)
        if case_list.id == "domain-two":
            mark = Exclusion.objects.filter(drawn=first).latest("pk")
            yield self.one(
                "administrator", when, "answer_exclusions", draw.public_id, **{f"answer-{mark.pk}": "accept"}
            )
        elif reasons:
            yield self.one("administrator", when, "accept_exclusions", draw.public_id)
        for role in ("administrator", "lead-inspector"):
            yield self.one(role, when, "confirm_sample", draw.public_id)

    def to_exclude(self, draw: Draw) -> DrawnCase:
        """The case that is excluded with a note."""
        return draw.cases.filter(substitute=False)[0]

    def prepared(self, case_list: CaseList) -> UUID:
        """What was prepared last for a draw of a list."""
        of_list = {"long_list__inspection": self.inspection, "long_list__case_list": case_list.id}
        return DrawInputs.objects.filter(**of_list)[0].public_id

    def by_sheet(self, draw: Draw, when: datetime) -> Iterator[Post]:
        """A mark that comes by sheet, and an absence that is said and withdrawn."""
        rows = samples.marked_rows(draw)
        reason = reading.specification(draw.long_list).exclusions[0].text
        sheet = [["Case reference", "Excluded because", "Note"]]
        sheet += [[row.case.reference, reason if row is rows[1] else "", ""] for row in rows]
        given = self.one("link-manager", when, "exclusion_sheet", draw.public_id)
        yield with_file(given, "upload", lambda: as_csv(sheet))
        kept = Document.objects.filter(slot=returns.SHEET).latest("pk")
        read = marks_sheet.read(kept.stored.path, returns.asked_of(draw, rows))
        seen = returns.preview(draw, rows, read).digest
        yield self.one("link-manager", when, "sheet_preview", draw.public_id, kept.public_id, seen=seen)
        begins, _ = officers.fieldwork_days(self.inspection)
        days = day("first_day", begins) | day("last_day", begins)
        named = officers.officers_of(rows)[0]
        yield self.one("link-manager", when, "officers_away", officer=named, note="", **days)
        away = OfficerAway.objects.latest("pk")
        yield self.one("link-manager", when, "withdraw_away", away.pk)

    def allocating(self) -> Iterator[Post]:
        when = datetime(2019, 5, 20, 10)
        yield self.one("lead-inspector", when, "limited_readers", reader=self.somebody("hm-inspector").pk,
                       reason=self.say("reason of a reader"))  # fmt: skip
        named = self.inspection.limited_readers.filter(ended_at=None).latest("pk")
        yield self.one("lead-inspector", when, "end_limited_reader", named.pk)
        yield self.one("administrator", when, "allocate_cases")
        given = Allocation.objects.filter(case__inspection=self.inspection, ended_at=None).order_by("pk")
        first = given.filter(case__case_list="domain-two")[0]
        other = next(who.pk for who in map(self.somebody, TEAM[:2]) if who.pk != first.inspector_id)
        yield self.one("deputy-lead-inspector", when, "reallocate_case", first.case.public_id, to=other,
                       reason=self.say("reason of a reallocation"))  # fmt: skip
        yield self.one("assistant-inspector", when, "declare_connection", what="officer", name=self.say("connection"))
        yield self.one("administrator", when, "complete_task", self.task("administrator"))

    def task(self, role: str) -> str:
        """An event of this role that nothing but its owner marks as done."""
        owned = [one.id for one in packs.pack_of(self.inspection).timeline.events if one.owner == role]
        found = self.inspection.events.filter(event__in=owned, done_at=None).first()
        assert found is not None
        return found.event

    def judging(self) -> Iterator[Post]:
        when, inspection = datetime(2019, 6, 4, 10), self.inspection
        held = Allocation.objects.filter(case__inspection=inspection, ended_at=None)
        for one in held.select_related("case__case", "inspector").order_by("pk"):
            who = self.role_of(one.inspector)
            yield self.one(who, when, "case", one.case.public_id, **self.answers(one.case))
            yield self.one(who, when, "submit_case", one.case.public_id)

    def role_of(self, user: User) -> str:
        """In which role of the team somebody judges cases."""
        judges = (*TEAM, "hm-inspector", "local-assessor")
        return next(role for role in judges if self.somebody(role).pk == user.pk)

    def noting_evidence(self) -> Iterator[Post]:
        when = datetime(2019, 6, 18, 10)
        for question in ("1.1.1", "1.2.1", "1.3.1", "1.4.1"):
            yield self.one("hm-inspector", when, "domain_one", key_question=question, source="meeting", weighs="for",
                           strength="fair", text=self.say("evidence note"))  # fmt: skip

    def being_concerned(self) -> Iterator[Post]:
        """An officer interview, an alert from its raising to its second opening, and a matter, on a domain two case."""
        when = datetime(2019, 6, 19, 10)
        held = Allocation.objects.filter(case__inspection=self.inspection, case__case_list="domain-two", ended_at=None)
        one = held.select_related("case").order_by("pk")[0]
        case = one.case.public_id
        inspector = next(role for role in (*TEAM, *LATER) if self.somebody(role).pk == one.inspector_id)
        follower = "lead-inspector" if inspector == "deputy-lead-inspector" else "deputy-lead-inspector"
        yield self.one(inspector, when, "interview", case, mode="telephone", **day("held_on", date(2019, 6, 4)),
                       training=self.say("interview"), training_view="partly")  # fmt: skip
        alert = uuid4()
        yield self.one(inspector, when, "raise_alert", id=str(alert), case=str(case), kind="life", likely="likely",
                       imminent="days", what=self.say("alert"))  # fmt: skip
        yield self.one(follower, when, "break_seal", alert, fields_shown=["training"], reason=self.say("alert"))
        yield self.one(follower, when, "alert_step", alert, "acknowledge", text=self.say("alert"))
        yield self.one(follower, when, "alert_step", alert, "tell", told=self.say("alert"), text=self.say("alert"),
                       identity=["reference"])  # fmt: skip
        yield self.one(follower, when, "alert_step", alert, "action", text=self.say("alert"))
        assured = self.one(follower, when, "alert_step", alert, "assure", text=self.say("alert"))
        yield with_file(assured, "upload", lambda: SimpleUploadedFile("seen.txt", self.say("alert").encode()))
        yield self.one(follower, when, "alert_step", alert, "close", text=self.say("alert"))
        yield self.one(inspector, when, "alert_step", alert, "again", text=self.say("alert"))
        yield self.one(inspector, when, "raise_matter", case, kind="with-crc", text=self.say("matter"))
        matter = Matter.objects.get(case=one.case).public_id
        yield self.one("administrator", when, "matter_step", matter, "answer", text=self.say("matter"))
        shown = self.one("administrator", when, "matter_step", matter, "evidence", text=self.say("matter"))
        yield with_file(shown, "upload", lambda: SimpleUploadedFile("told.txt", self.say("matter").encode()))
        yield self.one("administrator", when, "matter_step", matter, "close", outcome="The NPS asked for the case",
                       text=self.say("matter"))  # fmt: skip
        yield self.one("administrator", when, "matter_step", matter, "again", text=self.say("matter"))

    def answers(self, case: SampledCase) -> dict[str, str]:
        """The page of a case as it is sent without script, every note filled in."""
        case.inspection = self.inspection
        framework = packs.pack_of(case.inspection).framework(self.kind)
        given = answers_to(framework, case.case_list, case.case.reference, case.case.facts, self.kind)
        given |= {name: self.say("note of an answer") for name in case_form(case).fields if name.endswith(NOTE)}
        seen = {f"seen:{name}": "" for name in given} | {f"version:{name}": "0" for name in given}
        return given | seen

    def releasing(self) -> Iterator[Post]:
        when = datetime(2019, 7, 1, 9)
        yield self.one("administrator", when, "release_decision")
        draw = Draw.objects.filter(long_list__inspection=self.inspection, long_list__case_list="domain-two")[0]
        rows = self.rows(reading.specification(draw.long_list))
        yield with_file(self.one("link-manager", when, "check_draw", draw.public_id), "copy", a_list(rows))


def a_paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.txt", b"A paper")


def a_list(rows: list[list[Any]]) -> Callable[[], SimpleUploadedFile]:
    """The same workbook each time, to the byte."""
    content = as_xlsx(rows).read()
    return lambda: SimpleUploadedFile("list.xlsx", content)


def with_file(post: Post, name: str, make: Callable[[], Any]) -> Post:
    return Post(post.who, post.when, post.name, post.args, post.data, lambda: {name: make()})


def is_done(answer: HttpResponse) -> bool:
    """Whether a post had its effect: it leads on to another page, or a script gets its answer."""
    script = answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    return script or answer.status_code in (301, 302)


@dataclass
class Browsers:
    """One browser for each person of a thread, and the clock that they share."""

    thread: Thread
    move: Callable[[datetime], None]
    kept: dict[str, Client] = field(default_factory=dict)

    def of(self, role: str) -> Client:
        if role not in self.kept:
            self.kept[role] = client_of(self.thread.somebody(role))
        return self.kept[role]

    def carry(
        self,
        until: str = "",
        *,
        before: Sent | None = None,
        after: Sent | None = None,
        instead: Callable[[Post], bool] = lambda _: False,
    ) -> None:
        """Sends every post, up to and with the first one to the address `until`; each must have its effect.

        Each comes from a page of its own, and so with a token of its own.
        """
        for number, post in enumerate(self.thread.posts()):
            self.move(post.when)
            if before:
                before(post, None)
            if instead(post):
                continue
            answer = post.send(self.of(post.who), **{TOKEN: token(number)})
            assert is_done(answer) or post.name in SHOWS, f"{post.name} {post.args}: {said(answer)}"
            if after:
                after(replace(post, data={**post.data, TOKEN: token(number)}), answer)
            if post.name == until:
                return


def token(number: int) -> str:
    """As the forms of a page carry it; the test client does not ask whether it is right."""
    return f"page-{number}"


def said(answer: HttpResponse) -> str:
    """The text of a page, without its tags, to say what went wrong."""
    return f"{answer.status_code} " + " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())[:3000]


def client_of(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client
