"""What is history is only ever added to: no code changes or deletes its rows, and the few places that change or
delete any row in bulk are named here, each with its reason.

Seen to fail before the two commands were named that write of people and packs, and when the trail began to move its
heads on in bulk.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import inspectorate

HOUSE = Path(inspectorate.__file__).parent
# Models of which rows are only added; the fields that may be set once, later, with the reason.
ADDED_ONLY = {"AnswerVersion", "Patch", "PanelDecision", "Proposal", "ListedCase", "DrawnCase", "Exclusion",
              "DateChange", "SampleReturn", "SampleConfirmation", "IndicativeIssue", "EvidenceAssessment", "Letter",
              "EvidenceNote", "KeptComparison",
              "Document", "Conflict", "StepDone", "Decision", "PlanIssue", "PlanningMeeting", "TierName", "Entry",
              "Draw", "Waiver", "AskedPeriod", "ExpectedCount", "ExclusionAnswer", "Alert", "AlertStep", "SealBroken",
              "OfficerInterview", "Matter", "MatterStep",
              "VerifiedData", "Explanation",
              "Submission", "Reopening", "Check", "ThreadEntry", "MeetingRecord", "SiteCheck", "DayMeeting",
              "WeeklyReturn", "ClosingItem", "EvidenceWeighing", "RatingView", "PanelConnection",
              "MinuteCorrection", "DecisionFile", "SecondDraw", "Settlement", "TrainingCase",
              "TrainingAnswers", "RatingsCall", "Edition", "GateSignature"}  # fmt: skip
# Every place in the product that updates or deletes rows in bulk, deletes one, or puts rows over others.
IN_BULK = {
    ("programme/actions.py", "note_done"): "marks a planned event as done, once: only where it is not done yet",
    ("audit/trail.py", "_add"): "moves the head of a chain on; the lines themselves are only added",
    ("accounts/once.py", "__call__"): "forgets a form that led nowhere, so that it can be sent again",
    ("accounts/once.py", "process_view"): "forgets forms of yesterday, and those that a crash cut off",
    ("fieldwork/actions.py", "_keep"): "puts the answer that stands in its place: each version is added beside it",
    ("fieldwork/presence.py", "meet"): "forgets that a page is open when it is left: presence is no history",
    ("sampling/limited.py", "follow"): "has a listed case follow the marks of access, which are only added",
}
# Functions that save a row which is there already, by the model that they save.
SAVED = {
    ("accounts/models.py", "create_user"): "User, a new one",
    ("accounts/once.py", "__call__"): "SentForm",
    ("documents/actions.py", "receive"): "Document, a new row, forced, and its file",
    ("fieldwork/actions.py", "submit_case"): "Assessment: who submitted it, once",
    ("fieldwork/calibration_actions.py", "end_second"): "SecondJudgement: its end, before it is submitted",
    ("fieldwork/drop_out_actions.py", "decide_drop_out"): "DropOut: what was decided of it, once",
    ("fieldwork/quality_actions.py", "override_answer"): "Answer, beside which each version is kept",
    ("fieldwork/quality_actions.py", "reopen_case"): "Assessment: open again, beside its submission and its re-opening",
    ("fieldwork/running_actions.py", "answer_welfare"): "WelfareNote: its answer, once",
    ("fieldwork/presence.py", "meet"): "Presence: when the page was last heard of",
    ("overview/management/commands/add_person.py", "_make"): "User, a new one",
    ("overview/management/commands/prepare.py", "_put_back"): "PackVersion, in a demonstration only",
    ("planning/actions.py", "_agree_dates"): "PlannedEvent: the time of the planning meeting, beside its change",
    ("planning/actions.py", "announce"): "Inspection: announced, once",
    ("planning/actions.py", "answer_concern"): "DateConcern: its answer, once",
    ("planning/evidence_actions.py", "give_evidence"): "EvidenceRequest: the item that answers it, once",
    ("programme/actions.py", "_move"): "PlannedEvent, beside which each change is kept",
    ("programme/actions.py", "close_account"): "User: closed",
    ("programme/actions.py", "end_role"): "Membership: its end",
    ("programme/actions.py", "stop_inspection"): "Inspection: stopped, once",
    ("programme/actions.py", "open_account"): "Membership: its end, where the office is given for another kind",
    ("documents/word.py", "as_word"): "no row: a Word file, into memory",
    ("ratings/actions.py", "decide"): "Decision, a new row, forced: signed before it is kept",
    ("ratings/actions.py", "record_attendance"): "Attendance: its end",
    ("sampling/actions/final.py", "_make_final"): "Draw: the margins of the final sample, once",
    ("sampling/actions/asked.py", "ask_period"): "LongList: it waits to be read after other days",
    ("sampling/actions/returns.py", "_end"): "OfficerAway: its end",
    ("sampling/actions/lists.py", "_begin_accepting"): "LongList: who accepts it, before it is accepted",
    ("sampling/accepting.py", "finish_accepting"): "LongList: not accepted, its sample being confirmed",
    ("sampling/accepting.py", "_accept"): "LongList: accepted, once",
    ("sampling/accepting.py", "_refuse"): "LongList: not accepted, its file having changed",
    ("sampling/actions/readers.py", "end_limited_reader"): "LimitedReader: its end",
    ("sampling/actions/waivers.py", "waive_faults"): "LongList: to be read again, before it is accepted",
    ("sampling/actions/lists.py", "read_again"): "LongList: its matching, before it is accepted",
    ("sampling/reading.py", "read_long_list"): "LongList: what was read, before it is accepted",
    ("scheduling/actions.py", "declare_connection"): "Allocation: its end",
    ("scheduling/actions.py", "hand_over"): "Allocation: its end, where the case has left the sample",
    ("scheduling/actions.py", "reallocate_case"): "Allocation: its end",
}
BULK = {"delete", "update", "bulk_update", "update_or_create"}


def calls() -> Iterator[tuple[str, str, str, ast.Call]]:
    """File, function, method and call of every method call in the product, demonstration and migrations aside."""
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if name.startswith(("demo/", "methodology/", "command_line/", "design/")) or "/migrations/" in name:
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                        yield name, function.name, call.func.attr, call


def on_rows(call: ast.Call) -> bool:
    """Whether a call can be one on rows: `found.update({…})` of a dict, a set or a digest has a value by place."""
    return not call.args or bool(call.keywords)


def puts_over(call: ast.Call) -> bool:
    """Whether a call puts rows over those that are there; without `over`, `rows.put` only adds."""
    return any(keyword.arg == "over" for keyword in call.keywords)


def test_rows_are_changed_or_deleted_in_bulk_only_where_it_is_said_why() -> None:
    found = {
        (file, function)
        for file, function, method, call in calls()
        if (method in BULK and on_rows(call)) or (method == "put" and puts_over(call))
    }
    assert found == set(IN_BULK)


def test_rows_are_saved_again_only_where_it_is_said_why() -> None:
    found = {(file, function) for file, function, method, _ in calls() if method == "save"}
    assert found == set(SAVED)


def test_no_history_is_saved_again() -> None:
    once = {"Entry", "Document", "Draw", "Decision"}
    for where, what in SAVED.items():
        named = {name for name in ADDED_ONLY if name in what.replace(",", " ").replace(":", " ").split()}
        assert named <= once, f"{where}: {what}"
