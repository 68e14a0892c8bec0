"""Chapter 6: what was answered, sent, submitted, checked, said and done stays as it was written."""

from django.db import migrations

from inspectorate.audit.append_only import only_added


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0002_chapter_6")]
    operations = [
        only_added(
            "fieldwork_answerversion",
            "fieldwork_patch",
            "fieldwork_submission",
            "fieldwork_reopening",
            "fieldwork_check",
            "fieldwork_threadentry",
            "fieldwork_officerinterview",
            "fieldwork_alertstep",
            "fieldwork_sealbroken",
            "fieldwork_matterstep",
            "fieldwork_meetingrecord",
            "fieldwork_sitecheck",
            "fieldwork_daymeeting",
            "fieldwork_weeklyreturn",
        )
    ]
