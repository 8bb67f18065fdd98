"""The operations of the API, with bodies that would do something if they were let through."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import ANYONE, HIRED, MODERATORS, NOBODY, OWN, PARTIES, SIGNED_IN, Row, call
from tests.access.world import World, photo

EXECUTORS = frozenset({"executor", "participant"})


def picture(_: World) -> dict[str, object]:
    return {"photo": SimpleUploadedFile("light.jpg", photo(), "image/jpeg")}


def papers(_: World) -> dict[str, object]:
    return {
        "full_name": "Чужой Мастер",
        "document_kind": "passport",
        "consent_version": "1",
        "document": SimpleUploadedFile("document.jpg", photo(), "image/jpeg"),
        "selfie": SimpleUploadedFile("selfie.jpg", photo(), "image/jpeg"),
    }


CATALOGUE = [
    call("GET /categories", ANYONE),
    call("GET /categories/search", ANYONE, {"q": "люстра"}),
    call("GET /categories/{slug}", ANYONE),
    call("GET /cities", ANYONE),
    call("GET /geocode", ANYONE, {"q": "Тверская", "city": "moscow"}),
    call("GET /geocode/reverse", ANYONE, {"lon": 37.6, "lat": 55.75}),
    call("GET /feed", ANYONE),
    call("GET /tasks/{task_id}", ANYONE),
    call("GET /tasks/{task_id}", ANYONE, values={"task_id": "deal_task"}),
    call("GET /people/{int:user_id}/portfolio", ANYONE),
    call("GET /people/{int:user_id}/reviews", ANYONE),
    call("GET /people/{int:user_id}/reviews", ANYONE, {"role": "customer"}, values={"user_id": "owner_id"}),
]

DRAFTS = [
    call("GET /drafts", SIGNED_IN),
    call("POST /drafts", SIGNED_IN, {"text": "повесить люстру"}),
    call("GET /drafts/{uuidstr:draft_id}", OWN),
    call("PUT /drafts/{uuidstr:draft_id}/category", OWN, {"category": "plumber"}),
    call("PUT /drafts/{uuidstr:draft_id}/questions", OWN, {}),
    call("PUT /drafts/{uuidstr:draft_id}/details", OWN, {"title": "Переписано чужой рукой", "details": "Другое"}),
    call("PUT /drafts/{uuidstr:draft_id}/place", OWN, {"remote": True, "city": "moscow"}),
    call(
        "PUT /drafts/{uuidstr:draft_id}/when", OWN, lambda world: {"day": world.values["tomorrow"], "slot": "morning"}
    ),
    call("PUT /drafts/{uuidstr:draft_id}/budget", OWN, {"budget": "fixed", "price": 100}),
    call("POST /drafts/{uuidstr:draft_id}/photos", OWN, picture),
    call("PUT /drafts/{uuidstr:draft_id}/photos/order", OWN, lambda world: []),
    call("DELETE /drafts/{uuidstr:draft_id}/photos/{uuidstr:photo_id}", OWN, values={"photo_id": "draft_photo"}),
    call("POST /drafts/{uuidstr:draft_id}/publish", OWN),
    call("DELETE /drafts/{uuidstr:draft_id}", OWN),
    call("GET /own-tasks/{int:task_id}", OWN),
    call("GET /own-tasks/{int:task_id}", OWN, values={"task_id": "deal_task"}),
    call("POST /own-tasks/{int:task_id}/copy", OWN),
    call("PUT /own-tasks/{int:task_id}/details", OWN, {"title": "Переписано чужой рукой", "details": "Другое"}),
    call("PUT /own-tasks/{int:task_id}/place", OWN, {"city": "moscow", "address": "Арбат 5"}),
    call("PUT /own-tasks/{int:task_id}/when", OWN, lambda world: {"day": world.values["tomorrow"], "slot": "morning"}),
    call("PUT /own-tasks/{int:task_id}/budget", OWN, {"budget": "fixed", "price": 100}),
    call("POST /own-tasks/{int:task_id}/photos", OWN, picture),
    call("DELETE /own-tasks/{int:task_id}/photos/{uuidstr:photo_id}", OWN, values={"photo_id": "open_photo"}),
]

ONESELF = [
    call("POST /auth/code", ANYONE, {"login": "+79261234567"}),
    call("POST /auth/token", ANYONE, {"flow": "none", "code": "123456", "device_name": "Телефон"}),
    call("GET /me", SIGNED_IN),
    call("PUT /me", SIGNED_IN, {"name": "Новое Имя", "language": "ru"}),
    call("GET /me/devices", SIGNED_IN),
    call("DELETE /me/devices/{int:device_id}", HIRED),
    call("POST /me/phone", NOBODY, {"phone": "12"}, may=SIGNED_IN),
    call("POST /me/phone/confirm", NOBODY, {"flow": "none", "code": "123456"}, may=SIGNED_IN),
    call("POST /me/email", NOBODY, {"email": "nobody"}, may=SIGNED_IN),
    call("POST /me/email/confirm", NOBODY, {"flow": "none", "code": "123456"}, may=SIGNED_IN),
    call("GET /me/executor", SIGNED_IN),
    call("PUT /me/executor", SIGNED_IN, {"about": "Делаю всё."}),
    call("GET /me/restrictions", SIGNED_IN),
    call("POST /me/restrictions/{int:restriction_id}/appeal", HIRED, {"text": "Это ошибка, прошу проверить."}),
    call("GET /me/verification", SIGNED_IN),
    call("POST /me/verification", SIGNED_IN, papers),
    call("POST /me/photo", SIGNED_IN, picture),
    call("POST /me/sign-out-everywhere", SIGNED_IN),
    call("GET /notifications", SIGNED_IN),
    call("GET /notifications/preferences", SIGNED_IN),
    call("PUT /notifications/preferences", SIGNED_IN, {"email": True}),
    call("POST /notifications/read", SIGNED_IN),
]

WALLET = [
    call("GET /wallet", SIGNED_IN),
    call(
        "GET /wallet/quote",
        SIGNED_IN,
        lambda world: {"category_id": world.values["category_id"], "city_id": world.values["city_id"]},
    ),
    call("GET /wallet/statement", SIGNED_IN),
    call("GET /wallet/statement/{int:line_id}", HIRED),
    call("GET /wallet/charges/{int:response_id}", HIRED),
    call("PUT /wallet/limits", SIGNED_IN, {"daily_minor": 50_000, "weekly_minor": 150_000}),
    call("GET /wallet/subscriptions", SIGNED_IN),
    call(
        "GET /wallet/subscriptions/offer",
        SIGNED_IN,
        lambda world: {"category_id": world.values["category_id"], "city_id": world.values["city_id"]},
    ),
    call("GET /wallet/subscriptions/compare", SIGNED_IN),
    call(
        "POST /wallet/subscriptions",
        NOBODY,  # no card payments here
        lambda world: {
            "category_id": world.values["category_id"],
            "city_id": world.values["city_id"],
            "agreed_minor": 149_000,
        },
        may=SIGNED_IN,
    ),
    call("GET /wallet/subscriptions/{int:subscription_id}", HIRED),
    call(
        "POST /wallet/subscriptions/{int:subscription_id}/card",
        HIRED,
        lambda world: {"card_id": world.values["card_id"]},
    ),
    call("POST /wallet/subscriptions/{int:subscription_id}/do/{verb}", HIRED, values={"verb": "cancel_verb"}),
    call("POST /wallet/trial", EXECUTORS, may=SIGNED_IN),
    *(call(f"GET /wallet/{name}", SIGNED_IN) for name in ("top-ups", "cards", "automatic", "card-payments")),
    call("POST /wallet/top-ups", SIGNED_IN, {"amount_minor": 50_000}),
    call("GET /wallet/top-ups/{int:top_up_id}", HIRED),
    call("POST /wallet/top-ups/{int:top_up_id}/give-up", HIRED),
    call("POST /wallet/top-ups/{int:top_up_id}/return", HIRED, {"amount_minor": 10_000}),
    call("POST /wallet/cards", NOBODY, {"language": "ru"}, may=SIGNED_IN),  # no card payments here
    call("GET /wallet/cards/adding/{page_id}", NOBODY, may=SIGNED_IN),
    call("POST /wallet/cards/{int:card_id}/default", HIRED),
    call("DELETE /wallet/cards/{int:card_id}", HIRED),
    call(
        "PUT /wallet/automatic", SIGNED_IN, {"threshold_minor": 1, "amount_minor": 50_000, "monthly_cap_minor": 100_000}
    ),
    call("DELETE /wallet/automatic", SIGNED_IN),
]

BETWEEN_TWO = [
    call("GET /threads", SIGNED_IN),
    call("POST /responses/{int:response_id}/thread", PARTIES),
    call("GET /threads/{int:thread_id}/messages", PARTIES),
    call("POST /threads/{int:thread_id}/messages", PARTIES, {"text": "Здравствуйте", "client_id": "another-message"}),
    call("POST /threads/{int:thread_id}/read", PARTIES, lambda world: {"message_id": world.values["message_id"]}),
    call(
        "POST /deals/{int:assignment_id}/review",
        PARTIES,
        {"stars": 1, "text": "Плохо."},
        values={"assignment_id": "unreviewed_deal"},
    ),
    call("POST /reviews/{int:review_id}/reply", HIRED, {"text": "Спасибо за отзыв."}),
    call("POST /portfolio/albums", SIGNED_IN, {"title": "Новый альбом"}),
    call("POST /portfolio/albums/{int:album_id}/photos", HIRED, picture),
    call("DELETE /portfolio/photos/{int:photo_id}", HIRED, values={"photo_id": "album_photo"}),
]

RESPONSES = [
    call("GET /my/tasks", SIGNED_IN),
    call("GET /my/responses", SIGNED_IN),
    call(
        "GET /tasks/{int:task_id}/responses", OWN, may=SIGNED_IN
    ),  # an executor gets their own response, others an empty list
    call("POST /tasks/{int:task_id}/responses", EXECUTORS, {"message": "Приеду сегодня.", "price_minor": 200_000}),
    call("POST /tasks/{int:task_id}/cancel", OWN, {"reason": "plans_changed"}),
    call("GET /responses/{int:response_id}", PARTIES, may=MODERATORS),
    call("PUT /responses/{int:response_id}", HIRED, {"message": "Передумал.", "price_minor": 210_000}),
    call("POST /responses/{int:response_id}/open", OWN),
    call("POST /responses/{int:response_id}/choose", OWN),
    call("POST /responses/{int:response_id}/withdraw", HIRED),
]

DEALS = [
    call("GET /responses/{int:response_id}/secure-quote", PARTIES),
    call("POST /responses/{int:response_id}/secure-deal", OWN, {"method": "page"}),
    call("GET /secure-deals/{int:deal_id}", OWN, values={"deal_id": "secure_deal"}),
    call("POST /secure-deals/{int:deal_id}/pay", OWN, {"method": "page"}, values={"deal_id": "secure_deal"}),
    call("GET /deals/{int:deal_id}/money", PARTIES, values={"deal_id": "held_assignment"}),
    call("POST /deals/{int:deal_id}/part", OWN, {"amount_minor": 90_000, "reason": "Мало"}, values={"deal_id": "held_assignment"}),
    call("POST /deals/{int:deal_id}/part-answer", HIRED, {"agree": True}, values={"deal_id": "held_assignment"}),
    call("POST /deals/{int:deal_id}/money-appeal", NOBODY, {"text": "Нет"}, values={"deal_id": "held_assignment"}, may=PARTIES),
    call("GET /wallet/deals", SIGNED_IN),
    call("GET /payouts", SIGNED_IN),
    call("GET /payouts/account", SIGNED_IN),
    call("POST /payouts/account", SIGNED_IN),
    call("GET /deals", SIGNED_IN),
    call("GET /deals/{int:deal_id}", PARTIES, may=MODERATORS),
    call("GET /deals/{int:deal_id}/cancellation-preview", PARTIES),
    call("POST /deals/{int:deal_id}/on-the-way", HIRED),
    call("POST /deals/{int:deal_id}/start", HIRED),
    call("POST /deals/{int:deal_id}/done", HIRED),
    call("POST /deals/{int:deal_id}/accept", OWN),
    call("POST /deals/{int:deal_id}/took-place", NOBODY, may=PARTIES),  # the agreed time is not over
    call("POST /deals/{int:deal_id}/dispute", OWN, {"reason": "Криво."}),
    call("POST /deals/{int:deal_id}/cancel", OWN, {"reason": "plans_changed"}, may=HIRED),
    call("POST /deals/{int:deal_id}/cancellation-answer", HIRED, {"reason": "plans_changed", "at_fault": "nobody"},
         values={"deal_id": "cancelled_deal"}),
    call("GET /deals/{deal_id}/position", NOBODY, may=PARTIES),  # nobody is on the way
]  # fmt: skip

PAPERS = [
    call("GET /wallet/balances", SIGNED_IN),
    call("GET /wallet/by-card", SIGNED_IN),
    call("GET /wallet/statement.csv", SIGNED_IN),
    call("GET /wallet/statement.pdf", SIGNED_IN),
    call("GET /me/requisites", OWN),
    call("PUT /me/requisites", SIGNED_IN, {"kind": "entrepreneur", "name": "ИП Чужой", "inn": "500100732259"}),
    call("GET /documents", SIGNED_IN),
    call("GET /documents/{int:document_id}.pdf", OWN),
    call("POST /documents/month", SIGNED_IN, {"month": "2026-10", "series": "act"}),
    call("POST /deals/{int:deal_id}/papers", OWN, {"series": "act"}, values={"deal_id": "reviewed_deal"}),
    call("GET /deals/{int:deal_id}/receipt-data", HIRED, values={"deal_id": "reviewed_deal"}),
    call("GET /responses/{int:response_id}/fee-request", HIRED),
    call("POST /responses/{int:response_id}/fee-request", NOBODY),  # the customer has not opened it
]

CASES = [
    call("GET /cases", SIGNED_IN),
    call("GET /cases/{case_id}", HIRED, may=OWN),
    call("POST /cases/{case_id}/explain", HIRED, {"text": "Я живу в этом доме."}),
    call("POST /cases/{case_id}/appeal", NOBODY, {"text": "Это ошибка."}, may=HIRED),  # nothing is decided yet
    call("DELETE /cases/{case_id}/positions", NOBODY, may=HIRED),  # the check still needs them
    call("POST /cases/{case_id}/inquiries/{inquiry_id}/answer", HIRED, {"text": "Я был дома."}),
]

POSITIONS = [
    call("GET /shift", NOBODY, may=SIGNED_IN),
    call("POST /shift", EXECUTORS, {"device_id": "a-strange-phone", "consent_version": "1"}, may=SIGNED_IN),
    call("DELETE /shift", NOBODY, may=SIGNED_IN),  # nobody is on one
    call("POST /pings", NOBODY, {"device_id": "a-strange-phone", "points": []}, may=SIGNED_IN),
    call("GET /location-consent", SIGNED_IN),
    call("DELETE /location-consent", SIGNED_IN),
    call("GET /location-days", SIGNED_IN),
    call("GET /location-days/{day}", SIGNED_IN),
    call("DELETE /location-days/{day}", SIGNED_IN),
]

OPERATIONS: list[Row] = [
    *CATALOGUE,
    *DRAFTS,
    *ONESELF,
    *WALLET,
    *BETWEEN_TWO,
    *RESPONSES,
    *DEALS,
    *PAPERS,
    *CASES,
    *POSITIONS,
]
