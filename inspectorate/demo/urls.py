"""Addresses of the demonstration; each is absent outside demonstration mode."""

from django.urls import path

from inspectorate.demo import views

urlpatterns = [
    path("demonstration/", views.demonstration, name="demonstration"),
    path("demonstration/sign-in/", views.sign_in_as, name="sign_in_as"),
    path("demonstration/clock/", views.move_clock, name="move_clock"),
    path("demonstration/files/<path:name>", views.file, name="demonstration_file"),
]
