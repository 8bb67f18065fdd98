"""The people one can log in as: fixed names, phones and e-mails, stories lived through the real services."""

from demo.cast.people import Staff, meet, meet_staff

__all__ = ["Staff", "meet", "meet_staff"]
