"""What counts as a contact, and what must stay readable."""

import pytest

from marketplace.kit.contacts import MASK, mask_contacts


@pytest.mark.parametrize(
    "text",
    [
        "+7 916 123-45-67", "8(916)1234567", "89161234567", "9161234567", "8 916 123 45 67", "8-916-123-45-67",
        "masha@example.com", "masha @ yandex.ru", "masha собака yandex.ru", "https://t.me/masha", "t.me/masha_92",
        "www.example.com/me", "@masha_92", "телеграм masha_92", "whatsapp: masha.92", "вотсап @masha92",
        "вк: masha.92", "max: masha92", "инстаграм masha_92",
        "девять один шесть один два три четыре пять шесть семь",
    ],
)  # fmt: skip
def test_a_way_past_the_platform_is_hidden(text: str) -> None:
    masked = mask_contacts(f"Пишите {text} вечером")
    assert MASK in masked.text
    assert masked.count >= 1
    assert not any(part in masked.text for part in ("916", "masha", "1234567"))


@pytest.mark.parametrize("number", ["8 916 123-45-67", "79161234567", "+ 7 916 123 45 67", "9161234567"])
def test_the_words_around_a_number_keep_their_blanks(number: str) -> None:
    assert mask_contacts(f"мой телефон {number} вечером").text == f"мой телефон {MASK} вечером"


@pytest.mark.parametrize(
    "text",
    [
        "Приеду в 18:30, работа 2 300 ₽, материалы 10 000 рублей",
        "Квартира 89, этаж 16, дом 9к1, 12.11.2026 с 10:00 до 18:00",
        "Шкаф 2400×1200×600 мм, 3 секции, артикул 902.145.67",
        "Тверская, 12, подъезд 3, код 4589",
        "Один или два дня, три человека",
        "Лампы по 8 шт., 7 коробок, всего 15 000 000 сум",
        "Install a washing machine, max height two metres",
        "Installation of a boiler, instead of the old one",
        "Починить инструмент Makita, макс вес 20 кг",
    ],
)  # fmt: skip
def test_prices_dates_sizes_and_addresses_stay(text: str) -> None:
    assert mask_contacts(text) == (mask_contacts(text).__class__)(text, 0)
