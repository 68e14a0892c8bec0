"""How signing in differs from the library's way: accounts are made by administrators, never by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody can sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
