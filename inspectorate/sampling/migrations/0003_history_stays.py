"""Chapter 4: what was marked, answered, waived, chosen and laid down before a draw stays as it was written."""

from django.db import migrations

from inspectorate.audit.append_only import only_added


class Migration(migrations.Migration):
    dependencies = [("sampling", "0002_chapter_4")]
    operations = [
        only_added(
            "sampling_exclusion",
            "sampling_exclusionanswer",
            "sampling_waiver",
            "sampling_unitchoice",
            "sampling_drawinputs",
            "sampling_extension",
            "sampling_askedperiod",
            "sampling_expectedcount",
        )
    ]
