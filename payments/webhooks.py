"""Where the processor delivers its events. The edge verifies, keeps and answers; a job does the rest."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.events.inbox import receive
from payments.stripe_gateway.events import BadShape, BadSignature, parse


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """200 for what was signed with one of our secrets and is an event; 400 for anything else; 404 while none is set."""
    if not settings.STRIPE_WEBHOOK_SECRETS:
        raise Http404
    try:
        hint = parse(request.body, request.headers.get("Stripe-Signature", ""), settings.STRIPE_WEBHOOK_SECRETS)
    except (BadSignature, BadShape):
        return HttpResponse(status=400)
    receive(hint)
    return HttpResponse(status=200)
