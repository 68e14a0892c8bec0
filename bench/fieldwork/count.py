"""Counts in the database what was called confirmed and is not there; reads JSON, prints a number."""

import json
import sys
import uuid

import django

django.setup()

from inspectorate.fieldwork.models import Answer, Patch  # noqa: E402 (models can be read only after setup)


def main() -> None:
    """Prints how many changes have no receipt, and how many fields hold another text than the page showed."""
    lost = 0
    receipts = set(Patch.objects.values_list("pk", flat=True))
    for one in json.load(sys.stdin):
        case = uuid.UUID(one["case"].rstrip("/").rpartition("/")[2])
        stands = dict(Answer.objects.filter(assessment__case__public_id=case).values_list("field", "value"))
        lost += sum(uuid.UUID(change) not in receipts for change in one["ids"])
        lost += sum(stands.get(name) != value for name, value in one["stands"].items())
    print(lost)


if __name__ == "__main__":
    main()
