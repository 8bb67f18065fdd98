"""The pages."""

from tests.access.rows import ANYONE, HIRED, MODERATORS, OWN, PARTIES, SIGNED_IN, Row, page, post
from tests.access.world import BLOCKED

PUBLIC = [
    page(route, ANYONE)
    for route in (
        "healthz", "public:home", "public:categories", "public:category", "public:robots", "public:sitemap", "public:city_category",
        "shell:components", "shell:manifest", "shell:offline", "shell:service_worker",
        "feed:list", "feed:news", "feed:filters", "feed:map", "feed:map_data",
        "posting:start", "posting:find", "posting:addresses", "posting:drafts",
        "account_login", "account_signup", "account_logout",
    )
]  # fmt: skip
PUBLIC += [page("public:city", ANYONE, values={"slug": "city"}), post("shell:theme", ANYONE, {"theme": "dark"})]

TASKS = [
    page("deal:task", ANYONE),
    page("deal:task", ANYONE, values={"task_id": "deal_task"}),
    page("deal:my_tasks", SIGNED_IN),
    page("deal:my_responses", SIGNED_IN),
    page("deal:respond", SIGNED_IN),
    page("deal:cancel_task", OWN, may=MODERATORS),
    post("deal:cancel_task", OWN, {"reason": "plans_changed"}),
    post("deal:remove_task", MODERATORS, {"reason": "spam"}),
    page("deal:response", PARTIES, may=MODERATORS),
    page("deal:choose", OWN),
    post("deal:choose", OWN),
    page("deal:edit_response", HIRED),
    post("deal:edit_response", HIRED, {"price": "2100", "message": "Передумал о цене."}),
    post("deal:withdraw_response", HIRED),
    page("deal:assignment", PARTIES, may=MODERATORS),
    post("deal:step", HIRED, {"step": "on_the_way"}),
    page("deal:dispute", OWN),
    page("deal:cancel", PARTIES),
    post("deal:cancel", OWN, {"reason": "plans_changed"}, may=HIRED),
    page("deal:answer", PARTIES),
    page("deal:resolve", MODERATORS),
    page("posting:again", OWN),
    post("posting:again", OWN),
]

DRAFTS: list[Row] = [
    *(
        page(f"posting:{part}", OWN)
        for part in ("category", "questions", "details", "place", "when", "budget", "photos", "preview", "published")
    ),
    post("posting:details", OWN, {"title": "Чужая рука", "details": "Переписано"}),
    post("posting:budget", OWN, {"budget": "fixed", "price": "1"}),
    post("posting:order_photos", OWN),
    post("posting:delete_photo", OWN),
    post("posting:publish", OWN),
    post("posting:discard", OWN),
]

OWN_THINGS = [
    *(
        page(f"account:{name}", SIGNED_IN, may=frozenset({BLOCKED}))
        for name in ("profile", "welcome", "edit", "executor", "verification", "restrictions", "sessions")
    ),
    post("account:photo", SIGNED_IN),
    post("account:appeal_refusal", SIGNED_IN, {"text": "Прошу ещё раз."}),
    post("account:appeal_restriction", HIRED, {"text": "Это ошибка, прошу проверить."}),
    post("account:revoke_device", HIRED),
    post("account:end_all_sessions", SIGNED_IN),
    *(page(f"wallet:{name}", SIGNED_IN) for name in ("overview", "limits")),
    page("wallet:line", HIRED),
    post("wallet:limits", SIGNED_IN, {"daily": "500", "weekly": "1500"}),
    post("wallet:trial", SIGNED_IN),
]

DESK = [
    *(
        page(f"desk:{name}", MODERATORS)
        for name in ("verification", "verification_case", "appeals", "appeal", "people", "person")
    ),
    page("desk:verification_document", MODERATORS, values={"public_id": "document_id"}),
    post("desk:verification_case", MODERATORS, {"outcome": "approve"}),
    post("desk:appeal", MODERATORS, {"outcome": "upheld", "reason": "Верно."}),
    post("desk:restrict", MODERATORS, {"kind": "posting", "days": "7", "reason": "Проверка"}),
    post("desk:lift", MODERATORS),
]

PAGES: list[Row] = [*PUBLIC, *TASKS, *DRAFTS, *OWN_THINGS, *DESK]

SERVED_ELSEWHERE: dict[str, str] = {}
