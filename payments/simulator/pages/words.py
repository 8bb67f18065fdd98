"""The pages' words in two languages; Stripe's own sentences (declines) in Russian too."""

RUSSIAN = {
    "test": "Тестовый режим", "test_note": "Деньги не списываются: это имитация платёжной системы для проверки.",
    "pay": "Оплатить", "pay_amount": "Оплатить {amount}", "save_card": "Сохранить карту", "subscribe": "Оформить подписку",
    "start_trial": "Начать пробный период", "back": "Вернуться", "card": "Карта", "card_number": "Номер карты", "expiry": "Срок действия",
    "month_year": "ММ / ГГ", "cvc": "Код CVC", "cvc_hint": "3 цифры на обороте", "holder": "Имя на карте", "email": "Электронная почта",
    "saved_cards": "Сохранённые карты", "another_card": "Другая карта", "keep": "Сохранить карту для следующих оплат",
    "total": "Итого", "today": "К оплате сегодня", "then": "Затем {amount} {every}", "trial_until": "Бесплатно до {date}",
    "every_day": "в день", "every_week": "в неделю", "every_month": "в месяц", "every_year": "в год", "every_n": "раз в {n} {unit}",
    "quantity": "Количество: {n}", "to_pay": "К оплате", "setup_title": "Сохранение карты",
    "setup_note": "Сейчас деньги не спишутся. Карта понадобится для следующих оплат.",
    "closed_paid": "Этот платёж уже завершён.", "closed_expired": "Срок этой страницы истёк. Вернитесь на сайт и начните оплату заново.",
    "nothing": "Такой страницы нет.", "nothing_to_pay": "По этому счёту платить не нужно.", "bank": "Проверка банка", "bank_text": "Банк просит подтвердить, что платите вы: {amount}.",
    "bank_setup": "Банк просит подтвердить, что карта ваша.", "bank_yes": "Подтвердить", "bank_no": "Отказаться",
    "bank_done": "Проверка пройдена. Эту страницу можно закрыть.", "bank_failed": "Проверка не пройдена. Эту страницу можно закрыть.",
    "receipt": "Чек", "paid": "Оплачено", "failed": "Платёж не прошёл", "refunded": "Возвращено", "date": "Дата", "number": "Номер",
    "ends_in": "{brand} •••• {last4}", "to": "до {month}/{year}", "test_cards": "Тестовые карты", "works": "Проходит",
    "asks": "Просит подтверждения 3-D Secure", "no_money": "Не хватает средств", "declined_card": "Отказ банка", "disputes": "Спор после оплаты",
    "fails_later": "Сохраняется, но не оплачивает", "any_date": "Любой будущий срок и любой код.", "home": "Имитация Stripe",
    "home_text": "Местный сервер платёжной системы для разработки и показа. Слушает только этот компьютер.",
    "incomplete": "Заполните номер, срок действия и код карты.",
    "onboarding": "Данные для выплат", "onboarding_note": "Платёжная система просит их, чтобы переводить вам деньги за работу.",
    "first_name": "Имя", "last_name": "Фамилия", "birth": "Дата рождения", "phone": "Телефон", "work": "Чем занимаетесь",
    "bank_account": "Номер счёта", "document": "Документ, подтверждающий личность", "document_valid": "Приложить читаемый документ",
    "document_unreadable": "Приложить нечитаемый документ", "submit": "Отправить", "later": "Сохранить и вернуться позже",
    "test_data": "Тестовые данные", "bank_works": "Выплаты приходят", "bank_closed": "Счёт закрыт, выплата вернётся",
    "bank_unknown": "Счёт не найден, выплата вернётся", "birth_fails": "Личность не подтвердится", "fill_in": "Заполните все поля.",
    "bad_birth": "Проверьте дату рождения.", "bad_bank": "Проверьте номер счёта: только цифры.", "dashboard": "Выплаты", "available": "Доступно",
    "pending": "Скоро станет доступно", "no_money_yet": "Переводов ещё не было.", "payouts": "На счёт в банке", "payout_pending": "В пути",
    "payout_in_transit": "В пути", "payout_paid": "Зачислено", "payout_failed": "Банк вернул", "payout_canceled": "Отменено",
}  # fmt: skip
ENGLISH = {
    "test": "Test mode", "test_note": "No money moves: this is a simulated payment system for trying things out.",
    "pay": "Pay", "pay_amount": "Pay {amount}", "save_card": "Save card", "subscribe": "Subscribe",
    "start_trial": "Start trial", "back": "Back", "card": "Card", "card_number": "Card number", "expiry": "Expiry",
    "month_year": "MM / YY", "cvc": "CVC", "cvc_hint": "3 digits on the back", "holder": "Name on card", "email": "Email",
    "saved_cards": "Saved cards", "another_card": "Another card", "keep": "Save this card for later payments",
    "total": "Total", "today": "Due today", "then": "Then {amount} {every}", "trial_until": "Free until {date}",
    "every_day": "a day", "every_week": "a week", "every_month": "a month", "every_year": "a year", "every_n": "every {n} {unit}",
    "quantity": "Quantity: {n}", "to_pay": "To pay", "setup_title": "Save a card",
    "setup_note": "Nothing is charged now. The card is kept for later payments.",
    "closed_paid": "This payment is already complete.", "closed_expired": "This page has expired. Go back to the site and start again.",
    "nothing": "There is no such page.", "nothing_to_pay": "There is nothing to pay on this invoice.", "bank": "Bank check", "bank_text": "Your bank asks you to confirm this payment: {amount}.",
    "bank_setup": "Your bank asks you to confirm that this card is yours.", "bank_yes": "Confirm", "bank_no": "Decline",
    "bank_done": "The check is passed. You can close this page.", "bank_failed": "The check is not passed. You can close this page.",
    "receipt": "Receipt", "paid": "Paid", "failed": "Payment failed", "refunded": "Refunded", "date": "Date", "number": "Number",
    "ends_in": "{brand} •••• {last4}", "to": "until {month}/{year}", "test_cards": "Test cards", "works": "Succeeds",
    "asks": "Asks for 3-D Secure", "no_money": "Insufficient funds", "declined_card": "Declined by the bank", "disputes": "Disputed after payment",
    "fails_later": "Can be saved, then declines", "any_date": "Any future date and any code.", "home": "Stripe simulator",
    "home_text": "A local payment server for development and demonstration. It listens on this computer only.",
    "incomplete": "Fill in the card's number, expiry date and code.",
    "onboarding": "Details for payouts", "onboarding_note": "The payment system needs them to send you money for your work.",
    "first_name": "First name", "last_name": "Last name", "birth": "Date of birth", "phone": "Phone", "work": "What you do",
    "bank_account": "Account number", "document": "A document that proves your identity", "document_valid": "Attach a readable document",
    "document_unreadable": "Attach an unreadable document", "submit": "Submit", "later": "Save and come back later",
    "test_data": "Test data", "bank_works": "Payouts arrive", "bank_closed": "Account closed, the payout comes back",
    "bank_unknown": "Account not found, the payout comes back", "birth_fails": "Identity is not confirmed", "fill_in": "Fill in all fields.",
    "bad_birth": "Check the date of birth.", "bad_bank": "Check the account number: digits only.", "dashboard": "Payouts", "available": "Available",
    "pending": "Available soon", "no_money_yet": "No transfers yet.", "payouts": "To your bank account", "payout_pending": "On its way",
    "payout_in_transit": "On its way", "payout_paid": "Arrived", "payout_failed": "Sent back by the bank", "payout_canceled": "Canceled",
}  # fmt: skip
WORDS = {"ru": RUSSIAN, "en": ENGLISH}

SENTENCES = {
    "Your card was declined.": "Банк отклонил карту.",
    "Your card has insufficient funds.": "На карте недостаточно средств.",
    "Your card has expired.": "Срок действия карты истёк.",
    "Your card's security code is incorrect.": "Неверный код CVC.",
    "An error occurred while processing your card. Try again in a little bit.": "Не удалось провести платёж. Попробуйте чуть позже.",
    "Your card number is incorrect.": "Неверный номер карты.",
    "Your card's expiration month is invalid.": "Неверный месяц в сроке действия.",
    "Your card's expiration year is invalid.": "Срок действия карты истёк.",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.": "Слишком много попыток или превышен лимит карты.",
    "Your card was declined. Your request was in test mode, but used a non test (live) card.": "Здесь принимаются только тестовые карты.",
    "Your card was declined. This transaction requires authentication.": "Банк требует подтверждения платежа.",
}  # fmt: skip
FAILED_CHECK = {
    "ru": "Проверка банка не пройдена. Попробуйте ещё раз или другую карту.",
    "en": "The bank's check was not passed. Try again or use another card.",
}


def language_of(locale: str | None, accepts: str) -> str:
    """The session's locale decides; without one, the browser's languages do. English if neither is Russian."""
    if locale and locale != "auto":
        return "ru" if locale.startswith("ru") else "en"
    first = accepts.split(",", 1)[0].strip().lower()
    return "ru" if first.startswith("ru") else "en"


def sentence(text: str, language: str) -> str:
    return SENTENCES.get(text, text) if language == "ru" else text
