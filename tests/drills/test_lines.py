"""Every change leaves its lines."""
import collections
from inspectorate.audit.models import Entry
import pytest
@pytest.mark.parametrize("kind", ["CRC", "NPS"])
def test_walk(browsers, kind):
    b = browsers(kind)
    seen = {}
    last = [0]
    def before(post, _):
        last[0] = Entry.objects.filter(kind="change").count()
    def after(post, answer):
        new = list(Entry.objects.filter(kind="change").order_by("pk").values_list("action", flat=True)[last[0]:])
        seen.setdefault(post.name, set()).add(tuple(new))
    b.carry(before=before, after=after)
    for k, v in seen.items(): print(k, v)
