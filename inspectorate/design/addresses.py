"""Addresses of pages, each worked out once a process: a list of cases asks for a hundred of them."""

from functools import lru_cache
from typing import Any

from django import urls


def reverse(name: str, *args: Any, **kwargs: Any) -> str:
    """Address of the page of this name, as Django's `reverse` gives it."""
    return _kept(urls.get_urlconf(), urls.get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=16_384)
def _kept(
    urlconf: str | None, prefix: str, name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]
) -> str:
    return urls.reverse(name, urlconf, args=args or None, kwargs=dict(kwargs) or None)
