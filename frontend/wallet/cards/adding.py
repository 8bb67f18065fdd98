"""Adding a card without paying: to the processor's page and back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.wallet.cards.forms import card_words
from frontend.wallet.cards.top_ups import local_path
from marketplace.accounts.requests import SignedIn
from marketplace.kit.errors import DomainError, NotFound
from payments import services
from payments.errors import ProcessorAway


@login_required
@require_POST
def add(request: SignedIn) -> HttpResponse:
    """Pressing the button twice opens one page: the form carries its operation."""
    back = local_path(request.POST.get("back", ""))
    try:
        begun = services.begin_adding(
            user_id=request.user.pk,
            operation=request.POST.get("operation", "")[:64],
            language=(get_language() or "ru")[:2],
            back=back,
        )
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect(back or "wallet:cards")
    return redirect(begun.action_url or back or "wallet:cards")


@login_required
@require_GET
def added(request: SignedIn, page_id: str) -> HttpResponse:
    """Where the processor's page leads back to: it is asked, whatever the address says."""
    back = local_path(request.GET.get("back", ""))
    try:
        stands = services.see_adding(user_id=request.user.pk, page_id=page_id)
    except NotFound:
        raise
    except ProcessorAway:
        messages.info(request, _("We are asking the bank. The card appears here by itself in a minute."))
        return redirect(back or "wallet:cards")
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect(back or "wallet:cards")
    if stands.card is None:
        messages.info(request, _("No card was added."))
        return redirect(back or "wallet:cards")
    messages.success(request, _("%(card)s is kept. Nothing was charged.") % {"card": card_words(stands.card)})
    return redirect(f"{back}?card={stands.card.pk}#card" if back else "wallet:cards")
