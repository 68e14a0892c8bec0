"""What the drills start from: an inspection that can be carried through by its posts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.drills.thread import Browsers, Say, Thread, plain


@pytest.fixture
def browsers(db: None, at: Callable[[datetime], None]) -> Callable[..., Browsers]:
    """`browsers("CRC", say=…)` gives everybody of an inspection that is still to be planned."""

    def make(kind: str = "CRC", say: Say = plain, **_: Any) -> Browsers:
        thread = Thread(kind, say)
        at(datetime(2019, 3, 1, 9))
        thread.prepare()
        return Browsers(thread, at)

    return make
