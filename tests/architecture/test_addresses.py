"""Every address says what right it needs, and the right is one that the pack knows."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from inspectorate.programme import access, packs

# The library's own pages: what they ask for, kept by name so that a new one fails here until it is looked at.
SIGN_IN_PAGES = {
    "account_login": access.ANYONE,
    "account_logout": access.ANYONE,
    "account_signup": access.ANYONE,
    "account_inactive": access.ANYONE,
    "account_reauthenticate": access.SIGNED_IN,
    "account_change_password": access.SIGNED_IN,
    "account_set_password": access.SIGNED_IN,
    "account_reset_password": access.ANYONE,
    "account_reset_password_done": access.ANYONE,
    "account_reset_password_from_key": access.ANYONE,
    "account_reset_password_from_key_done": access.ANYONE,
    "account_confirm_login_code": access.ANYONE,
}


def _addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns)
        else:
            yield pattern


@pytest.fixture(scope="module")
def addresses() -> list[URLPattern]:
    return list(_addresses(get_resolver().url_patterns))


def _ours(address: URLPattern) -> bool:
    return address.callback.__module__.startswith("inspectorate.")


def test_every_address_declares_the_right_that_it_needs(addresses: list[URLPattern]) -> None:
    ours = [address for address in addresses if _ours(address)]
    assert [str(address.pattern) for address in ours if not hasattr(address.callback, "right")] == []
    assert [str(address.pattern) for address in ours if not address.name] == []


def test_every_right_that_an_address_needs_is_known_to_the_pack(addresses: list[URLPattern]) -> None:
    known = {right.id for right in packs.current().roles.rights} | {access.ANYONE, access.SIGNED_IN}
    needed = {address.name: address.callback.right for address in addresses if hasattr(address.callback, "right")}
    assert {name: right for name, right in needed.items() if right not in known} == {}


def test_only_the_pages_of_signing_in_are_not_ours(addresses: list[URLPattern]) -> None:
    assert {address.name for address in addresses if not _ours(address)} - set(SIGN_IN_PAGES) == set()


def test_no_two_addresses_have_one_name(addresses: list[URLPattern]) -> None:
    names = [address.name for address in addresses]
    assert {name for name in names if names.count(name) > 1} == set()
