"""Chapter 6: everything of the fieldwork that is kept."""

from inspectorate.fieldwork.models.calibration import (
    SecondDraw,
    SecondJudgement,
    Settlement,
    TrainingAnswers,
    TrainingCase,
)
from inspectorate.fieldwork.models.cases import (
    Answer,
    AnswerVersion,
    Assessment,
    Check,
    Patch,
    Presence,
    Reopening,
    Submission,
    Thread,
    ThreadEntry,
)
from inspectorate.fieldwork.models.concerns import Alert, AlertStep, Matter, MatterStep, OfficerInterview, SealBroken
from inspectorate.fieldwork.models.evidence import (
    ClosingItem,
    DayMeeting,
    EvidenceNote,
    MeetingRecord,
    Site,
    SiteCheck,
    WeeklyReturn,
    WelfareNote,
)

__all__ = [
    "Alert",
    "AlertStep",
    "Answer",
    "AnswerVersion",
    "Assessment",
    "Check",
    "ClosingItem",
    "DayMeeting",
    "EvidenceNote",
    "Matter",
    "MatterStep",
    "MeetingRecord",
    "OfficerInterview",
    "Patch",
    "Presence",
    "Reopening",
    "SealBroken",
    "SecondDraw",
    "SecondJudgement",
    "Settlement",
    "Site",
    "SiteCheck",
    "Submission",
    "Thread",
    "ThreadEntry",
    "TrainingAnswers",
    "TrainingCase",
    "WeeklyReturn",
    "WelfareNote",
]
