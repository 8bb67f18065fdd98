"""The money tests' own surroundings: card payments switched on, the books compared after every test."""

from tests.payments.conftest import _the_books_agree, andrey, simulator

__all__ = ["_the_books_agree", "andrey", "simulator"]
