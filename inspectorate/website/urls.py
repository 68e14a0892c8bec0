"""All addresses, chapter by chapter."""

from allauth.account.urls import urlpatterns as sign_in
from django.urls import include, path

# An e-mail address is how a person is known in the audit trail, so nobody changes it by himself.
LEFT_OUT = {"account_email", "account_email_verification_sent", "account_confirm_email"}

urlpatterns = [
    path("accounts/", include([pattern for pattern in sign_in if pattern.name not in LEFT_OUT])),
    path("", include("inspectorate.overview.urls")),
    path("", include("inspectorate.programme.urls")),
    path("", include("inspectorate.documents.urls")),
    path("", include("inspectorate.planning.urls")),
    path("", include("inspectorate.sampling.urls")),
    path("", include("inspectorate.scheduling.urls")),
    path("", include("inspectorate.fieldwork.urls")),
    path("", include("inspectorate.ratings.urls")),
    path("", include("inspectorate.reporting.urls")),
    path("", include("inspectorate.demo.urls")),
]
handler404 = "inspectorate.overview.views.not_found"
handler403 = "inspectorate.overview.views.not_found"
handler500 = "inspectorate.overview.views.something_went_wrong"
