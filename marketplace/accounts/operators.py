"""Operators may use everything that the admin offers; nobody else may use anything of it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from marketplace.accounts.models import User
from marketplace.accounts.policies import is_operator


class OperatorPermissions(BaseBackend):
    """Signs nobody in; only answers what the admin asks."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return isinstance(user_obj, User) and is_operator(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return isinstance(user_obj, User) and is_operator(user_obj)
