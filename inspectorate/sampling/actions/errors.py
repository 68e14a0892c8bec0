"""Chapter 4: why a step towards a sample was refused."""


class ReasonNeeded(Exception):
    """A second draw, or a choice that leaves units out, was to be made without saying why."""


class WrongSize(Exception):
    """So many cases or substitutes cannot be drawn."""


class UnknownUnit(Exception):
    """A unit was chosen that the list does not have."""


class SampleConfirmed(Exception):
    """The final sample is confirmed; no other one can be drawn."""


class PanelDecided(Exception):
    """The ratings panel has decided; what it decided on does not change any more."""


class ChoiceNeeded(Exception):
    """Units were left out of an earlier version of the list, and nobody has chosen again."""


class OldInputs(Exception):
    """What was prepared counts no longer: it was drawn, another draw was prepared, or something has changed since."""


class WrongThrows(Exception):
    """What was typed is not a row of throws of dice."""
