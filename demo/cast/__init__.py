"""The people one can log in as: fixed names, phones and e-mails, stories lived through the real services."""

from demo.cast.people import CAST, CastMember, Staff, meet_staff

__all__ = ["CAST", "CastMember", "Staff", "meet_staff"]
