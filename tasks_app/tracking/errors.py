from django.utils.translation import gettext_lazy as _

from marketplace.kit.errors import DomainError


class ConsentMissing(DomainError):
    code = "location_consent_missing"
    status = 422
    message = _("Please read what your position is used for and agree to it first.")


class ConsentOutdated(DomainError):
    code = "location_consent_outdated"
    status = 409
    message = _("The text about your position has changed. Please read it again.")


class BadDevice(DomainError):
    code = "device_id_invalid"
    status = 422
    message = _("The device could not be recognised. Reload the page and try again.")


class HeldByCase(DomainError):
    code = "track_held"
    status = 409
    message = _(
        "A check of a cancelled task needs this day. You can delete it when the check and the time to appeal are over."
    )


class BadBatch(DomainError):
    code = "batch_invalid"
    status = 422
    message = _("This is not a list of up to 200 points.")


class PingKeyInvalid(DomainError):
    code = "ping_key_invalid"
    status = 401
    message = _("Start the shift again: this device's key has run out.")
