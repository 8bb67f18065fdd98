"""A sheet of A4 with the project's look: two weights of one face, a head, tables that break over pages, numbered pages."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout
from fpdf.fonts import FontFace

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table of a face it makes smaller

_FONTS = Path(__file__).resolve().parent / "fonts"
_INK, _PALE, _ACCENT, _BAND = (28, 32, 36), (98, 106, 114), (13, 104, 92), (243, 245, 244)
_MARGIN = 18  # mm


class Paper(FPDF):
    """`made_at` is written into the file, so that one document drawn twice is one file."""

    def __init__(self, *, title: str, made_at: datetime, language: str) -> None:
        super().__init__(format="A4")
        self.title_text = title
        self.set_margins(_MARGIN, 16, _MARGIN)
        self.set_auto_page_break(True, margin=20)
        self.add_font("Noto", "", _FONTS / "NotoSans-Regular.ttf")
        self.add_font("Noto", "B", _FONTS / "NotoSans-Bold.ttf")
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.add_page()

    def header(self) -> None:
        self.set_font("Noto", "B", 11)
        self.set_text_color(*_ACCENT)
        self.cell(0, 6, _("Poruchi"), new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*_ACCENT)
        self.set_line_width(0.4)
        self.line(_MARGIN, self.get_y() + 1, self.w - _MARGIN, self.get_y() + 1)
        self.ln(7)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Noto", "", 8)
        self.set_text_color(*_PALE)
        self.cell(0, 5, f"{self.title_text} · {self.page_no()}/{{nb}}", align=Align.R)

    def heading(self, text: str, under: str = "") -> None:
        self.set_text_color(*_INK)
        self.set_font("Noto", "B", 15)
        self.multi_cell(0, 7.5, text, new_x="LMARGIN", new_y="NEXT")
        if under:
            self.small(under)
        self.ln(3)

    def text_block(self, text: str, *, bold: bool = False) -> None:
        self.set_text_color(*_INK)
        self.set_font("Noto", "B" if bold else "", 10)
        self.multi_cell(0, 5.4, text, new_x="LMARGIN", new_y="NEXT")

    def small(self, text: str) -> None:
        self.set_text_color(*_PALE)
        self.set_font("Noto", "", 8.5)
        self.multi_cell(0, 4.6, text, new_x="LMARGIN", new_y="NEXT")

    def terms(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names on the left, values on the right of them."""
        for name, value in pairs:
            top = self.get_y()
            self.set_text_color(*_PALE)
            self.set_font("Noto", "", 9)
            self.multi_cell(38, 5.4, name, new_x="RIGHT", new_y="TOP")
            below = self.get_y()
            self.set_xy(_MARGIN + 40, top)
            self.text_block(value)
            self.set_y(max(self.get_y(), below))
        self.ln(3)

    def rows(
        self, head: Sequence[str], lines: Iterable[Sequence[str]], *, widths: Sequence[int], right: set[int]
    ) -> None:
        """A table; `widths` in parts of the whole, `right`: columns of numbers. Its head repeats on every page."""
        self.set_font("Noto", "", 8.5)
        self.set_text_color(*_INK)
        self.set_draw_color(214, 219, 217)
        self.set_line_width(0.2)
        aligned = tuple(Align.R if place in right else Align.L for place in range(len(head)))
        with self.table(
            col_widths=tuple(widths),
            text_align=aligned,
            line_height=4.6,
            padding=1.4,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=_INK, fill_color=_BAND),
        ) as table:
            for line in (head, *lines):
                row = table.row()
                for cell in line:
                    row.cell(cell)
        self.ln(3)

    def signatures(self, left: str, right: str) -> None:
        """Two lines to sign on, kept on one page."""
        if self.get_y() > self.h - 55:
            self.add_page()
        self.ln(10)
        half = (self.w - 2 * _MARGIN) / 2
        self.set_font("Noto", "", 9)
        self.set_text_color(*_INK)
        for place, name in enumerate((left, right)):
            self.set_x(_MARGIN + place * half)
            self.cell(half, 5, name, new_x="RIGHT", new_y="TOP")
        self.ln(16)
        self.set_draw_color(*_INK)
        for place in range(2 if right else 1):
            start = _MARGIN + place * half
            self.line(start, self.get_y(), start + half - 12, self.get_y())
        self.ln(4)

    def done(self) -> bytes:
        return bytes(self.output())
