"""The pages."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.rows import ANYONE, HIRED, MODERATORS, NOBODY, OPERATORS, OWN, PARTIES, SIGNED_IN, Row, page, post
from tests.access.world import BLOCKED, STAFF, photo

EXECUTORS = frozenset({"executor", "participant"})

PUBLIC = [
    page(route, ANYONE)
    for route in (
        "healthz", "favicon", "public:home", "public:categories", "public:category", "public:robots", "public:rules", "public:sitemap", "public:city_category",
        "shell:components", "shell:manifest", "shell:offline", "shell:service_worker",
        "feed:list", "feed:news", "feed:filters", "feed:map", "feed:map_data",
        "posting:start", "posting:find", "posting:drafts",
        "account_login", "account_logout", "account_inactive", "trust:executor",
        )
]  # fmt: skip
PUBLIC += [
    page("posting:map", ANYONE, {"city": "moscow"}),
    page("posting:addresses", ANYONE, {"q": "Тверская", "city": "moscow"}),
    page("public:city", ANYONE, values={"slug": "city"}),
    post("shell:theme", ANYONE, {"theme": "dark"}),
    post("stripe_webhook", NOBODY),
]

TASKS = [
    page("deal:task", ANYONE),
    page("deal:task", ANYONE, values={"task_id": "deal_task"}),
    page("deal:my_tasks", SIGNED_IN),
    page("deal:my_responses", SIGNED_IN),
    page("deal:respond", SIGNED_IN),
    page("deal:cancel_task", OWN, may=MODERATORS),
    post("deal:cancel_task", OWN, {"reason": "plans_changed"}),
    page("deal:response", PARTIES, may=MODERATORS),
    page("deal:choose", OWN),
    post("deal:choose", OWN),
    page("deal:secure_choose", OWN),
    post("deal:secure_choose", OWN, {"operation": "access-matrix", "agreed": "210000"}),
    page("deal:secure_payment", OWN, values={"deal_id": "secure_deal"}),
    page("deal:part", OWN, values={"assignment_id": "held_assignment"}),
    post("deal:part", OWN, {"amount": "900", "reason": "Мало"}, values={"assignment_id": "held_assignment"}),
    post("deal:answer_part", HIRED, {"answer": "agree"}, values={"assignment_id": "held_assignment"}),
    page("deal:appeal_split", PARTIES, values={"assignment_id": "held_assignment"}),
    page("deal:money_lines", SIGNED_IN),
    page("account:payouts", SIGNED_IN),
    post("account:start_payouts", SIGNED_IN),
    page("deal:edit_response", HIRED),
    post("deal:edit_response", HIRED, {"price": "2100", "message": "Передумал о цене."}),
    post("deal:withdraw_response", HIRED),
    page("deal:assignment", PARTIES, may=MODERATORS),
    post("deal:step", HIRED, {"step": "on_the_way"}),
    post("deal:step", NOBODY, {"step": "took_place"}, may=PARTIES),  # the agreed time is not over
    page("deal:dispute", OWN),
    page("deal:cancel", PARTIES),
    post("deal:cancel", OWN, {"reason": "plans_changed"}, may=HIRED),
    page("deal:answer", PARTIES),
    page("posting:edit", OWN),
    page("posting:edit_part", OWN),
    post(
        "posting:edit_part",
        OWN,
        {"title": "Повесить люстру и два бра", "details": "Потолок бетонный, лестница есть. Дописано чужой рукой."},
    ),
    page("posting:task_photos", OWN),
    post(
        "posting:task_photos",
        OWN,
        lambda _: {"photos": SimpleUploadedFile("light.jpg", photo(), "image/jpeg")},
    ),
    post("posting:delete_task_photo", OWN, values={"photo_id": "open_photo"}),
    post("posting:again", OWN),
]

# Pages in the middle of signing in or of a second factor: without the steps before they lead back, or are not there.
HALF_WAY = [
    page(route, NOBODY, may=ANYONE)
    for route in (
        "account_confirm_login_code", "account_request_login_code", "account_signup", "account_email_verification_sent",
        "account_verify_phone", "mfa_authenticate", "mfa_login_webauthn",
    )
] + [
    page(route, NOBODY, may=SIGNED_IN)
    for route in (
        "account_reauthenticate", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
        "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
    )
]  # fmt: skip

BETWEEN_TWO = [
    page("chat:list", SIGNED_IN),
    post("chat:start", PARTIES),
    page("chat:thread", PARTIES),
    post("chat:thread", PARTIES, {"text": "Чужое слово", "client_id": "strange-client"}),
    page("chat:newer", PARTIES),
    page("trust:review", PARTIES, values={"assignment_id": "unreviewed_deal"}),
    post("trust:review", PARTIES, {"stars": "1", "text": "Плохо."}, values={"assignment_id": "unreviewed_deal"}),
    page("trust:reply", HIRED),
    post("trust:reply", HIRED, {"text": "Спасибо за отзыв."}),
    page("trust:portfolio", SIGNED_IN),
    post("trust:portfolio", SIGNED_IN, {"title": "Новый альбом"}),
    page("trust:album", HIRED),
    post("trust:album", HIRED, lambda _: {"photo": SimpleUploadedFile("light.jpg", photo(), "image/jpeg")}),
    post("trust:delete_album", HIRED),
    post("trust:delete_photo", HIRED, values={"photo_id": "album_photo"}),
    page("notifications:list", SIGNED_IN),
    post("notifications:read", SIGNED_IN),
    page("notifications:settings", SIGNED_IN),
    post("notifications:settings", SIGNED_IN, {"email": "on"}),
]

DRAFTS: list[Row] = [
    *(
        page(f"posting:{part}", OWN)
        for part in ("category", "questions", "details", "place", "when", "budget", "photos", "preview", "published")
    ),
    post("posting:details", OWN, {"title": "Чужая рука", "details": "Переписано"}),
    post("posting:budget", OWN, {"budget": "fixed", "price": "1"}),
    post("posting:order_photos", OWN),
    post("posting:delete_photo", OWN, values={"photo_id": "draft_photo"}),
    post("posting:publish", OWN),
    post("posting:discard", OWN),
]

OWN_THINGS = [
    *(
        page(f"account:{name}", SIGNED_IN, may=frozenset({BLOCKED}))
        for name in ("profile", "welcome", "edit", "executor", "verification", "restrictions", "sessions")
    ),
    post("account:photo", SIGNED_IN),
    post("account:appeal_refusal", NOBODY, {"text": "Прошу ещё раз."}),  # nobody here was refused
    post("account:appeal_restriction", HIRED, {"text": "Это ошибка, прошу проверить."}),
    post("account:revoke_device", HIRED),
    post("account:end_all_sessions", SIGNED_IN),
    post("account:end_session", HIRED),
    *(
        page(name, SIGNED_IN)
        for name in (
            "account_email",
            "account_change_phone",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
        )
    ),
    page("mfa_edit_webauthn", NOBODY),
    post("mfa_edit_webauthn", NOBODY, {"name": "Чужой ключ"}),
    post("mfa_remove_webauthn", NOBODY),
    *(page(f"wallet:{name}", SIGNED_IN) for name in ("overview", "limits")),
    page("wallet:line", HIRED),
    *(page(f"wallet:{name}", SIGNED_IN) for name in ("top_up", "top_ups", "cards", "automatic")),
    post("wallet:top_up", SIGNED_IN, {"operation": "access-matrix", "preset": "50000", "card": "new"}),
    page("wallet:top_up_state", HIRED),
    post("wallet:give_up_top_up", HIRED),
    page("wallet:return_top_up", HIRED),
    post("wallet:return_top_up", HIRED, {"operation": "access-matrix", "amount": "100"}),
    post("wallet:add_card", SIGNED_IN, {"operation": "access-matrix"}),
    page("wallet:added_card", SIGNED_IN),
    post("wallet:default_card", HIRED),
    post("wallet:remove_card", HIRED),
    post("wallet:automatic", SIGNED_IN, {"threshold": "200", "amount": "500", "monthly_cap": "1000"}),
    post("wallet:automatic_off", SIGNED_IN),
    *(page(f"desk:{name}", OPERATORS) for name in ("money", "money_trail", "money_lines")),
    post("desk:return_for_person", OPERATORS, {"operation": "access-matrix", "amount": "100", "reason": "Просит"}),
    *(page(f"wallet:{name}", SIGNED_IN) for name in ("subscriptions", "compare_subscriptions", "subscribe")),
    post("wallet:subscribe", NOBODY, {"agreed": "149000"}, may=SIGNED_IN),  # no card payments here
    page("wallet:subscription", HIRED),
    post("wallet:change_subscription", HIRED, values={"verb": "cancel_verb"}),
    post("wallet:limits", SIGNED_IN, {"daily": "500", "weekly": "1500"}),
    post("wallet:trial", EXECUTORS, may=SIGNED_IN - STAFF),
]

PAPERS = [
    *(
        page(f"papers:{name}", SIGNED_IN)
        for name in ("overview", "requisites", "statement", "statement_table", "statement_pdf")
    ),
    page("papers:by_card", OWN, values={"entry_id": "card_entry"}),
    page("papers:ask_back", HIRED),
    post("papers:ask_back", HIRED, values={"response_id": "deal_response"}),
    post("papers:requisites", SIGNED_IN, {"kind": "entrepreneur", "name": "ИП Чужой", "inn": "500100732259"}),
    page("papers:document", OWN),
    post("papers:issue", OWN, {"series": "act"}, values={"assignment_id": "reviewed_deal"}),
    post("papers:issue_month", SIGNED_IN, {"month": "2026-10", "series": "act"}),
    page("papers:receipt", HIRED, values={"assignment_id": "reviewed_deal"}),
    page("desk:fees", OPERATORS, may=MODERATORS),
    page("desk:fee", OPERATORS, may=MODERATORS),
    post("desk:fee", OPERATORS, {"why": "Списано по ошибке"}, may=MODERATORS),
]

ON_THE_WAY = [
    *(page(f"tracking:{name}", SIGNED_IN) for name in ("shift", "stored")),
    post("tracking:start", EXECUTORS, {"device_id": "a-strange-phone", "agree": "on"}, may=SIGNED_IN),
    post("tracking:end", EXECUTORS, may=SIGNED_IN),
    post("tracking:delete_day", SIGNED_IN, {"day": "2026-11-01"}),
    post("tracking:withdraw", SIGNED_IN),
    page("tracking:watch", NOBODY, may=PARTIES),  # nobody is on the way
]

TARIFFS = [
    page("desk:tariffs", OPERATORS),
    page("desk:tariff", OPERATORS),
    post("desk:tariff", OPERATORS, {"fee": "1", "month": "0", "commission": "0", "payer": "customer", "begins": "2099-01-01", "share": "100", "publish": "1"}),
    post("desk:widen_rollout", OPERATORS, {"share": "90", "begins": "2099-01-01"}),
    post("desk:stop_rollout", OPERATORS),
]  # fmt: skip

CASES = [
    page("desk:queue", MODERATORS),
    page("desk:disputes", MODERATORS),
    page("desk:dispute", MODERATORS, may=MODERATORS),
    page("desk:held", MODERATORS),
    page("desk:held_deal", MODERATORS, values={"deal_id": "held_deal"}),
    page("desk:held_return", MODERATORS, values={"deal_id": "held_deal"}),
    post("desk:approval", MODERATORS, {"answer": "approve"}),
    page("desk:divide", MODERATORS, values={"assignment_id": "held_assignment"}),
    post(
        "desk:divide",
        MODERATORS,
        {"share": "half", "reason": "Сделана половина."},
        values={"assignment_id": "held_assignment"},
    ),
    page("desk:contested", MODERATORS),
    page("desk:cancellation", MODERATORS),
    post("desk:cancellation", MODERATORS, {"at_fault": "nobody", "note": "Оба по-своему правы."}),
    page("desk:remove_task", MODERATORS),
    post("desk:remove_task", MODERATORS, {"reason": "spam"}),
    page("desk:case", MODERATORS),
    page("desk:following", MODERATORS),
    post("desk:take", MODERATORS),
    post("desk:note", MODERATORS, {"text": "Проверено."}),
    post("desk:ask", MODERATORS, {"question": "Что было?"}),
    post("desk:snooze", MODERATORS, {"hours": "4"}),
    post("desk:decide", MODERATORS, {"outcome": "innocent", "reason": "Не было."}),
    page("desk:second_reviews", MODERATORS),
    page("desk:second_review", MODERATORS, values={"review_id": "second_id"}),
    post("desk:decide_second", MODERATORS, {"outcome": "innocent"}, values={"review_id": "second_id"}),
    page("desk:third_review", MODERATORS, values={"review_id": "third_id"}),
    post("desk:decide_third", MODERATORS, {"outcome": "innocent", "reason": "Нет."}, values={"review_id": "third_id"}),
    page("desk:learning", OPERATORS),
    post("desk:set_capacity", OPERATORS, {"per_day": "50"}),
    post("desk:change_model", OPERATORS, {"action": "shadow", "version": "geography-test"}),
    post("desk:change_model", OPERATORS, {"action": "adopt", "feature_set": "geography"}),
    page("desk:case_appeals", MODERATORS),
    page("desk:case_appeal", MODERATORS, values={"appeal_id": "case_appeal"}),
    page("desk:case_appeal", NOBODY),  # an appeal that is about no case
    post(
        "desk:decide_case_appeal",
        MODERATORS,
        {"upheld": "yes", "reason": "Верно."},
        values={"appeal_id": "case_appeal"},
    ),
    page("desk:own_cases", SIGNED_IN),
    page("desk:own_case", HIRED, may=OWN),
    post("desk:explain_case", HIRED, {"text": "Я живу в этом доме."}),
    post("desk:answer", HIRED, {"text": "Я был дома."}),
    post("desk:answer", OWN, {"text": "Я отменила."}, values={"inquiry_id": "customers_inquiry"}),
    post("desk:appeal_case", NOBODY, {"text": "Это ошибка."}, may=HIRED),  # nothing is decided yet
    post("desk:forget_track", NOBODY, may=HIRED),  # the check still needs it
]

DESK = [
    *(
        page(f"desk:{name}", MODERATORS)
        for name in ("verification", "verification_case", "appeals", "appeal", "people", "person")
    ),
    page("desk:verification_document", MODERATORS, values={"public_id": "verification_document"}),
    post("desk:verification_case", MODERATORS, {"outcome": "approve"}),
    post("desk:appeal", MODERATORS, {"outcome": "upheld", "reason": "Верно."}),
    post("desk:restrict", MODERATORS, {"kind": "posting", "days": "7", "reason": "Проверка"}),
    post("desk:lift", MODERATORS),
]

# One click into the demo world's people, and its time, exist in demo mode only.
DEMO_ONLY = [
    page("demo:people", NOBODY),
    page("demo:enter", NOBODY),
    post("demo:enter", NOBODY),
    post("demo:pass_time", NOBODY, {"period": "day"}),
]

PAGES: list[Row] = [
    *PUBLIC,
    *TASKS,
    *BETWEEN_TWO,
    *HALF_WAY,
    *DEMO_ONLY,
    *DRAFTS,
    *OWN_THINGS,
    *PAPERS,
    *ON_THE_WAY,
    *CASES,
    *TARIFFS,
    *DESK,
]

# Routes that only exist while developing: nginx serves the files.
SERVED_ELSEWHERE = {"^media/(?P<path>.*)$": "nginx"}
