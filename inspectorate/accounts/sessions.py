"""Sessions of people who signed in, kept in the database as Django keeps them and read by a kept question."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from inspectorate.audit.questions import Question


@Question
def _session(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """The sessions of the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
