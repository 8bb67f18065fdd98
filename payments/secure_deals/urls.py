"""Addresses that people come back to from the processor's pages."""

from django.conf import settings

from payments.models import SecureDeal

FROM_PROCESSOR = "from=processor"  # whoever comes back with it has paid there, as far as they know
LEFT = "left=processor"  # whoever comes back with it turned round there


def payment_page(deal: SecureDeal, language: str) -> str:
    return f"{settings.SITE_URL}{_prefix(language)}/secure-deals/{deal.pk}/payment/"


def payouts_page(language: str) -> str:
    return f"{settings.SITE_URL}{_prefix(language)}/account/payouts/"


def _prefix(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"
