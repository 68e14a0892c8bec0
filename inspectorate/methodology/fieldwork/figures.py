"""Chapter 6: what a pack says of the fieldwork (fieldwork.toml)."""

from collections.abc import Iterator
from dataclasses import dataclass

from inspectorate.methodology.fieldwork.alerts import AlertRules
from inspectorate.methodology.fieldwork.calibration import CalibrationRules
from inspectorate.methodology.fieldwork.interviews import InterviewRules
from inspectorate.methodology.fieldwork.matters import MatterKind
from inspectorate.methodology.fieldwork.running import Running


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """Alerts, officer interviews, matters, checklists, calibration; a pack without the file has no figures of them."""

    alerts: AlertRules = AlertRules()
    interviews: InterviewRules = InterviewRules()
    matters: tuple[MatterKind, ...] = ()
    running: Running = Running()
    calibration: CalibrationRules = CalibrationRules()

    def faults(self) -> Iterator[str]:
        """What is wrong with the figures among themselves."""
        for one in self.alerts.line:
            if not 0 < one.flagged_minutes <= one.minutes:
                yield f"alerts line '{one.role}': flagged_minutes has to be more than 0 and at most {one.minutes}"
        if self.interviews.least_group < 2:
            yield f"interviews least_group: is {self.interviews.least_group}; write 2 or more"
        headings = [one.id for one in self.interviews.headings]
        for twice in sorted({one for one in headings if headings.count(one) > 1}):
            yield f"interviews headings '{twice}': stands twice; give each its own id"

    def matter(self, matter_id: str) -> MatterKind | None:
        """The kind of matter with this id; None where the pack has none."""
        return next((one for one in self.matters if one.id == matter_id), None)
