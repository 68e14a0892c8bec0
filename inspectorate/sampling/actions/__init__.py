"""Chapter 4: what people do with long lists, draws, exclusions and final samples."""

from inspectorate.sampling.actions.asked import WrongPeriod, ask_period, expect_cases
from inspectorate.sampling.actions.draws import draw_sample, prepare_draw
from inspectorate.sampling.actions.errors import (
    ChoiceNeeded,
    OldInputs,
    ReasonNeeded,
    SampleConfirmed,
    UnknownUnit,
    WrongSize,
    WrongThrows,
)
from inspectorate.sampling.actions.extensions import extend_sample
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
from inspectorate.sampling.actions.readers import CannotRead, end_limited_reader, name_limited_reader
from inspectorate.sampling.actions.units import WrongOption, choose_units
from inspectorate.sampling.actions.waivers import CannotWaive, waive_faults
from inspectorate.sampling.reading import read_long_list

__all__ = [
    "choose_units",
    "prepare_draw",
    "extend_sample",
    "WrongOption",
    "WrongThrows",
    "OldInputs",
    "ChoiceNeeded",
    "AlreadyConfirmed",
    "CannotRead",
    "CannotWaive",
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
    "end_limited_reader",
    "expect_cases",
    "give_long_list",
    "mark_exclusions",
    "name_limited_reader",
    "read_again",
    "read_long_list",
    "return_sample",
    "role_to_confirm",
    "waive_faults",
]
