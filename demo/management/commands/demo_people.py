from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from frontend.demo.cast import CAST


class Command(BaseCommand):
    help = "List the people of the demo world that one can log in as."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("ru"):
            for member in CAST:
                self.stdout.write(f"{member.name:18} {member.phone}  {member.email:20} {member.role}")
