"""What a person sees who opens the server's address."""

from payments.simulator.pages.site import Page, Visit, view
from payments.simulator.pages.words import WORDS


@view("/")
def home(visit: Visit) -> Page:
    language = visit.language(None)
    return visit.render("message.html", language, title=WORDS[language]["home"], text=WORDS[language]["home_text"])
