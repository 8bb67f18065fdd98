"""What an executor does and where."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.account.executor_form import ExecutorForm
from frontend.account.forms import refuse
from marketplace.accounts import selectors, services
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def executor(request: SignedIn) -> HttpResponse:
    person = request.user
    form = ExecutorForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_executor_profile(user=person, **form.profile())
            messages.success(request, _("Saved."))
            return redirect("account:executor")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "person": person, "executor": selectors.executor_profile(person)}
    return render(request, "account/executor.html", context, status=422 if form.errors else 200)
