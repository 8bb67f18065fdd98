from django.urls import path

from frontend.wallet.cards import adding, cards, top_ups

urlpatterns = [
    path("wallet/top-up/", top_ups.top_up, name="top_up"),
    path("wallet/top-ups/", top_ups.history, name="top_ups"),
    path("wallet/top-up/<int:intent_id>/", top_ups.state, name="top_up_state"),
    path("wallet/top-up/<int:intent_id>/give-up/", top_ups.give_up, name="give_up_top_up"),
    path("wallet/top-up/<int:intent_id>/return/", top_ups.give_back, name="return_top_up"),
    path("wallet/cards/", cards.cards, name="cards"),
    path("wallet/cards/add/", adding.add, name="add_card"),
    path("wallet/cards/added/<slug:page_id>/", adding.added, name="added_card"),
    path("wallet/cards/<int:card_id>/default/", cards.make_default, name="default_card"),
    path("wallet/cards/<int:card_id>/remove/", cards.remove, name="remove_card"),
    path("wallet/automatic/", cards.automatic, name="automatic"),
    path("wallet/automatic/off/", cards.automatic_off, name="automatic_off"),
]
