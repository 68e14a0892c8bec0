"""The report begins with a locked decision: the fixtures of the ratings."""

from tests.ratings.conftest import decided, judged

__all__ = ["decided", "judged"]
