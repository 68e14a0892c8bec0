"""People who sign in: one account each, with any number of roles on any number of inspections."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes accounts; addresses are kept in lower case so that one person has one account."""

    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, **more)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their roles, never from the account."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class SentForm(models.Model):
    """A form that was sent and is dealt with, or led to another page; kept for a day."""

    digest = models.CharField(max_length=64, unique=True)
    leads_to = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.leads_to
