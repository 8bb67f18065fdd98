from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.accounts import services
from marketplace.accounts.code_sign_in import read_login
from marketplace.accounts.models import User
from marketplace.accounts.services.staff import set_staff_role
from marketplace.kit.errors import InvalidInput


class Command(BaseCommand):
    help = "Give somebody a staff role by phone or e-mail; opens the account when there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", help="+79123456789 or anna@example.org")
        parser.add_argument("--role", choices=["moderator", "operator"], default="operator")
        parser.add_argument("--name", default="", help="for a new account")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = services.open_account(**read_login(options["login"]))
        except InvalidInput as error:
            raise CommandError(error.sentence) from error
        if options["name"] and not person.name:
            User.objects.filter(pk=person.pk).update(name=options["name"])
        set_staff_role(user=person, role=options["role"], by=None)
        self.stdout.write(f"{options['login']}: {options['role']}. Sign in with a code, then set up a second factor.")
