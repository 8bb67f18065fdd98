"""A person. One account may be a customer and an executor."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kit.clock import now


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, password: str | None = None, **fields: object) -> "User":
        """Codes, not passwords, let people in: without `password` the account has an unusable one."""
        user = self.model(**fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, password: str | None = None, **fields: object) -> "User":
        fields = {"staff_role": User.StaffRole.OPERATOR, "is_superuser": True, **fields}
        return self.create_user(password=password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    class StaffRole(models.TextChoices):
        NONE = "", _("not staff")
        MODERATOR = "moderator", _("moderator")
        OPERATOR = "operator", _("operator")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True, help_text="E.164")
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(
        pgettext_lazy("admin", "language"), max_length=2, choices=[("ru", "Русский"), ("en", "English")], default="ru"
    )
    city = models.ForeignKey(
        "tasks_app.City",
        verbose_name=pgettext_lazy("admin", "city"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo = models.ImageField(upload_to="people/", blank=True)
    staff_role = models.CharField(
        pgettext_lazy("admin", "staff role"),
        max_length=10,
        choices=StaffRole.choices,
        default=StaffRole.NONE,
        blank=True,
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(pgettext_lazy("admin", "with us since"), default=now)

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.public_name

    def get_short_name(self) -> str:
        """How Django's own pages greet."""
        return self.public_name

    @property
    def is_staff(self) -> bool:
        """Staff may enter the desk; the admin is for operators (see accounts.policies)."""
        return self.staff_role != ""

    @property
    def public_name(self) -> str:
        """What strangers see: the first name and the initial of the last."""
        first, _space, last = self.name.strip().partition(" ")
        return f"{first} {last[0]}." if last else first
