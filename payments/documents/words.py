"""A sum of roubles in Russian words, as acts and invoices spell it."""

from marketplace.kit.money import Money

_UNITS = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_FEMININE = ("", "одна", "две", *_UNITS[3:])
_TEENS = (
    "десять", "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать",
)  # fmt: skip
_TENS = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_THOUSANDS = ("тысяча", "тысячи", "тысяч")
_MILLIONS = ("миллион", "миллиона", "миллионов")
_BILLIONS = ("миллиард", "миллиарда", "миллиардов")
_ROUBLES = ("рубль", "рубля", "рублей")
_KOPECKS = ("копейка", "копейки", "копеек")
Forms = tuple[str, str, str]


def in_words(amount: Money) -> str:
    """«Одна тысяча двести сорок рублей 50 копеек». Roubles only, from 0 to 999 milliards. Raises ValueError."""
    if amount.currency != "RUB" or not 0 <= amount.minor < 10**14:
        raise ValueError("Only a sum of roubles below a billion of them is spelled out.")
    roubles, kopecks = divmod(amount.minor, 100)
    words = f"{number_in_words(roubles)} {form_for(roubles, _ROUBLES)} {kopecks:02d} {form_for(kopecks, _KOPECKS)}"
    return words[0].upper() + words[1:]


def number_in_words(number: int) -> str:
    """A whole number from 0 to 999,999,999,999, masculine."""
    if number == 0:
        return "ноль"
    words: list[str] = []
    for scale, forms in ((10**9, _BILLIONS), (10**6, _MILLIONS), (1000, _THOUSANDS), (1, None)):
        group = number // scale % 1000
        if not group:
            continue
        words += _group(group, feminine=scale == 1000)
        if forms:
            words.append(form_for(group, forms))
    return " ".join(words)


def form_for(number: int, forms: Forms) -> str:
    """1 рубль, 2 рубля, 5 рублей; 11 рублей, 21 рубль."""
    if 11 <= number % 100 <= 14:
        return forms[2]
    return forms[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]


def _group(number: int, *, feminine: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    small = [_TEENS[units]] if tens == 1 else [_TENS[tens], (_FEMININE if feminine else _UNITS)[units]]
    return [word for word in (_HUNDREDS[hundreds], *small) if word]
