"""Sessions of people who signed in, kept in the database as Django keeps them and read by a kept question; and their
cookie, which only signing in and signing out change."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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


class SessionMiddleware(middleware.SessionMiddleware):
    """What was asked with the cookie of a session that is over takes no cookie away: its answer may come after the
    person has signed in again, in this tab or another, and would sign them out."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.session.is_empty() and not request.session.modified:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return super().process_response(request, response)
