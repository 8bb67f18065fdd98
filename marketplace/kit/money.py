"""Money: an integer number of minor units with a currency. Never a float, not even for display."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, total_ordering

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language


@cache
def _in_use() -> frozenset[str]:
    """ISO 4217 codes that some territory pays with today (CLDR)."""
    territories = get_global("territory_currencies").values()
    return frozenset(code for rows in territories for code, _from, until, tender in rows if tender and until is None)


def is_currency(code: str) -> bool:
    """Whether `code` is the ISO 4217 code of a currency that is in use and that we can format."""
    return code in _in_use()


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`minor`: kopecks, cents…; `currency`: ISO 4217 code. Mixing currencies raises ValueError."""

    minor: int
    currency: str = "RUB"

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError("Money is made of whole minor units.")

    @classmethod
    def zero(cls, currency: str = "RUB") -> "Money":
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix.")
        return other.minor

    @property
    def amount(self) -> Decimal:
        """In major units, exact."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def format(self, language: str | None = None) -> str:
        """For a person: "1 240 ₽"; the fraction is shown only when there is one."""
        locale = {"ru": "ru_RU", "en": "en_US"}[(language or get_language() or "ru")[:2]]
        whole = self.minor % 10 ** get_currency_precision(self.currency) == 0
        pattern = {
            "ru_RU": "#,##0\N{NO-BREAK SPACE}¤" if whole else "#,##0.00\N{NO-BREAK SPACE}¤",
            "en_US": "¤#,##0" if whole else "¤#,##0.00",
        }[locale]
        text = format_currency(self.amount, self.currency, pattern, locale=locale, currency_digits=False)
        # English readers of this site know the rouble's sign too; a minus is as wide as a plus.
        return text.replace("RUB", "₽").replace("-", "\N{MINUS SIGN}")

    def __str__(self) -> str:
        return self.format()
