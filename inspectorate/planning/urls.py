"""Addresses of the announcement, the project plan, the planning meeting and the evidence in advance."""

from django.urls import path

from inspectorate.planning import evidence_views, views

ONE = "inspections/<uuid:inspection>/"

urlpatterns = [
    path(ONE + "announcement/", views.announce, name="announce"),
    path(ONE + "announcement/partners/", views.write_to_partners, name="write_to_partners"),
    path(ONE + "unpaid-work-notice/", views.tell_division, name="tell_division"),
    path(ONE + "plan/", views.project_plan, name="project_plan"),
    path(ONE + "plan/issue/", views.issue_plan, name="issue_plan"),
    path(ONE + "plan/project-plan.ics", views.plan_calendar, name="plan_calendar"),
    path(ONE + "plan/project-plan.xlsx", views.plan_workbook, name="plan_workbook"),
    path(ONE + "plan/<slug:event>/conflict/", views.raise_concern, name="raise_concern"),
    path(ONE + "plan/conflicts/<uuid:concern>/", views.answer_concern, name="answer_concern"),
    path(ONE + "planning-meeting/", views.planning_meeting, name="planning_meeting"),
    path(ONE + "planning-meeting/record/", views.record_planning_meeting, name="record_planning_meeting"),
    path(ONE + "evidence/", evidence_views.evidence, name="evidence"),
    path(ONE + "evidence/give/<slug:item>/", evidence_views.give_evidence, name="give_evidence"),
    path(ONE + "evidence/<uuid:given>/replace/", evidence_views.replace_evidence, name="replace_evidence"),
    path(ONE + "evidence/requests/<int:asked>/", evidence_views.answer_request, name="answer_request"),
    path(ONE + "evidence-received/", evidence_views.evidence_received, name="evidence_received"),
    path(ONE + "evidence-received/<uuid:given>/", evidence_views.assess_evidence, name="assess_evidence"),
    path(ONE + "evidence-gaps/", evidence_views.evidence_gaps, name="evidence_gaps"),
    path(ONE + "evidence-gaps/<str:key_question>/", evidence_views.ask_for_evidence, name="ask_for_evidence"),
]
