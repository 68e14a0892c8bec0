"""Chapter 4: what people do with long lists, draws, exclusions and final samples."""

from inspectorate.sampling.actions.asked import WrongPeriod, ask_period, expect_cases
from inspectorate.sampling.actions.draws import (
    ReasonNeeded,
    SampleConfirmed,
    UnknownUnit,
    WrongSize,
    draw_sample,
)
from inspectorate.sampling.actions.final import (
    AlreadyConfirmed,
    NotReturned,
    OldDraw,
    SamePerson,
    UnknownReason,
    confirm_sample,
    mark_exclusions,
    return_sample,
    role_to_confirm,
)
from inspectorate.sampling.actions.lists import (
    ColumnTwice,
    ListChanged,
    NotReady,
    UnknownList,
    accept_long_list,
    give_long_list,
    read_again,
)
from inspectorate.sampling.reading import read_long_list

__all__ = [
    "AlreadyConfirmed",
    "ColumnTwice",
    "ListChanged",
    "NotReady",
    "NotReturned",
    "OldDraw",
    "ReasonNeeded",
    "SampleConfirmed",
    "SamePerson",
    "UnknownList",
    "UnknownReason",
    "UnknownUnit",
    "WrongPeriod",
    "WrongSize",
    "accept_long_list",
    "ask_period",
    "confirm_sample",
    "draw_sample",
    "expect_cases",
    "give_long_list",
    "mark_exclusions",
    "read_again",
    "read_long_list",
    "return_sample",
    "role_to_confirm",
]
