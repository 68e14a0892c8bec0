"""Accounts and national offices, kept by the system administrator (Appendix 1)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inspectorate.accounts.models import User
from inspectorate.programme import access, actions, packs
from inspectorate.programme.forms import NewAccount
from inspectorate.programme.models import Membership


@access.needs("accounts.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, their offices, and a new account."""
    offices = tuple(role for role in packs.current().roles.roles if role.scope == "national")
    form = NewAccount(request.POST or None, offices=offices)
    if form.is_valid():
        try:
            person = actions.open_account(by=cast(User, request.user), **form.cleaned_data)
            messages.success(
                request, f"{person.name} has an account and sets the password with «Forgot your password»."
            )
            return redirect("people")
        except actions.AlreadyHeld as refusal:
            form.add_error("email", str(refusal))
    held = Prefetch("memberships", Membership.objects.filter(inspection=None, ended_at=None), to_attr="offices")
    titles = {role.id: role.title for role in offices}
    everybody = User.objects.prefetch_related(held).order_by("-is_active", "name")
    return render(request, "programme/people.html", {"everybody": everybody, "titles": titles, "form": form})


@require_POST
@access.needs("accounts.manage")
def close_account(request: HttpRequest, person: UUID) -> HttpResponse:
    """Closes an account other than one's own."""
    found = get_object_or_404(User.objects.exclude(pk=request.user.pk), public_id=person, is_active=True)
    actions.close_account(person=found, by=cast(User, request.user))
    messages.success(request, f"The account of {found.name} is closed.")
    return redirect("people")
