from django.utils.translation import get_language


class Bilingual:
    """A row with name_ru and name_en; `name` is the one in the reader's language."""

    name_ru: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "ru").startswith("en") else self.name_ru

    def __str__(self) -> str:
        return self.name
