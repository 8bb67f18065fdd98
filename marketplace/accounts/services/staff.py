"""Who is staff."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import policies
from marketplace.accounts.models import User
from marketplace.accounts.services.sessions import sign_out_everywhere
from marketplace.kit import audit
from marketplace.kit.errors import InvalidInput, PolicyDenied
from marketplace.kit.policy import require


@transaction.atomic
def set_staff_role(*, user: User, role: str, by: User | None) -> User:
    """Give or take a User.StaffRole; the person signs in anew. `by` is None for the command that makes the first one.

    Raises PolicyDenied (operators only, not for oneself), InvalidInput.
    """
    if by is not None:
        require(policies.may_operate(by))
        if by.pk == user.pk:
            raise PolicyDenied(code="own_matter", status=403, reason=_("Another operator changes your role."))
    if role not in User.StaffRole.values:
        raise InvalidInput(field="staff_role", reason=_("Choose a role from the list."))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.staff_role == role:
        return user
    details = {"from": user.staff_role, "to": role}
    user.staff_role = role
    user.save(update_fields=["staff_role"])
    audit.record(actor=by, action="staff.role_changed", subject=f"user:{user.pk}", details=details)
    sign_out_everywhere(user=user)
    return user
