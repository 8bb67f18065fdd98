"""Refusals in Stripe's words: status, type, code, message, the parameter to blame."""

from typing import Any

DOCS = "https://docs.stripe.com/error-codes/"


class Refusal(Exception):
    """An answer that is an error.

    `validated` is False when the request was refused before anything ran (such answers are not kept under an idempotency key);
    `effects` is True when what was done stays done (a declined card leaves a failed charge behind).
    """

    validated = True
    effects = False

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"message": message, "type": type}
        if code:
            self.error |= {"code": code, "doc_url": DOCS + code.replace("_", "-")}
        if param:
            self.error["param"] = param
        self.error |= more

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


class Invalid(Refusal):
    """The parameters themselves are wrong."""

    validated = False


class Declined(Refusal):
    """The card said no: the attempt stays in the books."""

    effects = True

    def __init__(self, message: str, *, code: str, decline_code: str | None = None, **more: Any) -> None:
        extra = {"decline_code": decline_code} if decline_code else {}
        super().__init__(message, status=402, type="card_error", code=code, **extra, **more)


def missing(kind: str, id: str, *, param: str, in_path: bool) -> Refusal:
    words = {
        "payment_intent": "payment_intent",
        "setup_intent": "setupintent",
        "payment_method": "PaymentMethod",
        "checkout.session": "checkout.session",
        "test_helpers.test_clock": "test clock",
    }
    return Refusal(
        f"No such {words.get(kind, kind)}: '{id}'",
        status=404 if in_path else 400,
        code="resource_missing",
        param=param,
    )
