"""All addresses, chapter by chapter."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
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
