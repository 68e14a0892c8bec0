"""The map from the manual to the code is the one that the command makes from what is here now."""

from django.core.management import call_command


def test_the_committed_map_is_up_to_date() -> None:
    call_command("manual_map", "--check")
