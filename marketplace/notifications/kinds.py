"""Every kind of notification: its title and text. %(name)s are params; money arrives as {"minor", "currency"}."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.kind import Kind
from marketplace.notifications.secure_deal_kinds import SECURE_DEAL_KINDS

KINDS: dict[str, Kind] = {
    **SECURE_DEAL_KINDS,
    # to the customer
    "response_received": Kind(_("New response"), _("%(executor)s answered “%(title)s”: %(price)s.")),
    "task_expired": Kind(_("Task closed"), _("“%(title)s” has expired: nobody was chosen. You can post it again.")),
    "task_removed": Kind(_("Task removed"), _("A moderator removed “%(title)s”. Reason: %(reason)s")),
    "on_the_way": Kind(_("On the way"), _("%(executor)s is on the way: “%(title)s”."), email=False),
    "work_started": Kind(_("Work started"), _("%(executor)s has started: “%(title)s”."), email=False),
    "work_done": Kind(
        _("Work done"), _("%(executor)s has finished “%(title)s”. Accept the work or tell us what is wrong.")
    ),
    # to the executor
    "chosen": Kind(_("You were chosen"), _("The customer chose you: “%(title)s”. The address and phone are open.")),
    "not_chosen": Kind(_("Another executor was chosen"), _("“%(title)s”: the customer chose somebody else.")),
    "task_closed": Kind(_("Task closed without a choice"), _("“%(title)s” is closed: nobody was chosen.")),
    "work_accepted": Kind(_("Work accepted"), _("The customer accepted “%(title)s”. You can write a review.")),
    "work_closed": Kind(_("The deal is closed"), _("“%(title)s” is over. You can write a review.")),
    "work_disputed": Kind(_("The customer disputes the work"), _("“%(title)s”: %(reason)s")),
    "fee_refunded": Kind(_("Money is back in your wallet"), _("%(amount)s for “%(title)s”. Your statement says why.")),
    # money by card
    "topped_up": Kind(_("The wallet is topped up"), _("%(amount)s arrived from your card.")),
    "topped_up_automatically": Kind(
        _("The wallet was topped up by itself"), _("%(amount)s was taken from your card, as you agreed.")
    ),
    "top_up_went_back": Kind(
        _("Money is on its way to your card"), _("%(amount)s went back to the card. The bank shows it in 5–10 days.")
    ),
    "top_up_did_not_go_back": Kind(
        _("The card did not take the money"),
        _("%(amount)s is in your wallet again. Write to us and we will find a way."),
    ),
    "automatic_top_up_paused": Kind(
        _("Automatic top-up has stopped"), _("%(reason)s Open the settings to start it again.")
    ),
    "automatic_top_up_at_cap": Kind(
        _("Automatic top-up reached your monthly limit"),
        _("The limit is %(cap)s. You can top up yourself or raise the limit."),
    ),
    "charged_back": Kind(_("Your bank took a payment back"), _("%(amount)s left your wallet. The statement says why.")),
    "charged_back_with_debt": Kind(
        _("Your bank took a payment back"),
        _("%(amount)s was taken back and the wallet is empty; %(owed)s is owed. The next top-up settles it."),
    ),
    "chargeback_won": Kind(_("The bank decided for us"), _("%(amount)s is back in your wallet, less what was owed.")),
    # to both
    "deal_cancelled": Kind(_("Deal cancelled"), _("“%(title)s” was cancelled. Tell us how you see it.")),
    "task_cancelled": Kind(_("Task cancelled"), _("The customer cancelled “%(title)s”.")),
    "dispute_settled": Kind(_("Dispute settled"), _("“%(title)s”: %(reason)s")),
    "deal_overdue": Kind(
        _("How did it go?"),
        _("The time agreed for “%(title)s” is over. Say on its page that the work is done, or cancel the deal."),
    ),
    "deal_question": Kind(
        _("Did it take place?"),
        _("“%(title)s”: nobody has said how it ended. Answer by %(until)s; then it is settled by itself."),
    ),
    "deal_lapsed": Kind(
        _("Deal closed"),
        _("“%(title)s”: neither side said that it took place, so it is closed with nobody at fault."),
    ),
    "deal_counted_done": Kind(
        _("The work counts as done"),
        _("“%(title)s” was started and nobody said how it ended. It is the customer's turn to accept or dispute it."),
    ),
    "dispute_undecided": Kind(
        _("The dispute is over"),
        _("“%(title)s”: no decision came in time, so the deal is closed with nobody at fault."),
    ),
    "fault_decided": Kind(
        _("The cancellation is decided"), _("“%(title)s”: a moderator decided whose fault it was. %(reason)s")
    ),
    "task_changed": Kind(
        _("The task has changed"),
        _("“%(title)s”: the customer changed %(what)s. You may withdraw by %(until)s and get the fee back."),
    ),
    "message_received": Kind(_("New message"), _("%(sender)s wrote about “%(title)s”."), email=False),
    "review_open": Kind(
        _("Write a review"), _("“%(title)s” is finished. Your review is hidden until both are written.")
    ),
    "review_revealed": Kind(_("A review about you"), _("The reviews of “%(title)s” are open.")),
    # standing
    "verification_approved": Kind(_("You are verified"), _("Your documents are checked. You can respond to tasks.")),
    "verification_more": Kind(_("We need one more thing"), _("Verification: %(reason)s")),
    "verification_rejected": Kind(_("Verification declined"), _("Reason: %(reason)s")),
    "verification_reopened": Kind(
        _("Your appeal is upheld"), _("The refusal no longer stands: please send the photos again. %(reason)s")
    ),
    "restricted": Kind(_("Your account is restricted"), _("Reason: %(reason)s. You can appeal.")),
    "restriction_lifted": Kind(_("The restriction is lifted"), _("You can use your account as before.")),
    "appeal_upheld": Kind(_("Your appeal is upheld"), "%(reason)s"),
    "appeal_dismissed": Kind(_("Your appeal is dismissed"), "%(reason)s"),
    "tariff_changes": Kind(
        _("New prices"),
        _(
            "From %(when)s, “%(category)s”, %(city)s: a response %(fee)s, a month by subscription %(month)s, the commission of a secure deal %(commission)s %%. 0 means that this is not charged or not offered. What you have begun keeps its terms."
        ),
    ),
    # subscriptions
    "subscription_began": Kind(
        _("Your subscription has begun"), _("“%(category)s”, %(city)s: responses are covered until %(until)s.")
    ),
    "subscription_trial_ends": Kind(
        _("The free day ends"),
        _("“%(category)s”, %(city)s: on %(at)s the first month is charged, %(price)s. You can cancel before."),
    ),
    "subscription_renews": Kind(
        _("Your subscription renews"),
        _("“%(category)s”, %(city)s: on %(at)s your card is charged %(price)s for the next month."),
    ),
    "subscription_renewed": Kind(
        _("Your subscription is renewed"),
        _("“%(category)s”, %(city)s: your card paid %(price)s. Responses are covered until %(until)s."),
    ),
    "subscription_unpaid": Kind(
        _("The subscription could not be renewed"),
        _(
            "“%(category)s”, %(city)s: the card did not pay. Responses stay covered until %(until)s; pay or change the card by then."
        ),
    ),
    "subscription_grace_ends": Kind(
        _("The subscription ends soon"),
        _("“%(category)s”, %(city)s: without a payment, responses are charged again from %(until)s."),
    ),
    "subscription_recovered": Kind(
        _("The subscription goes on"),
        _("“%(category)s”, %(city)s: the payment came. Responses are covered until %(until)s."),
    ),
    "subscription_card_declined": Kind(
        _("The card did not pay"), _("“%(category)s”, %(city)s: choose another card on the subscription's page.")
    ),
    "subscription_refunded": Kind(
        _("Money is on its way back to your card"),
        _("“%(category)s”, %(city)s: %(amount)s. The subscription's page says why."),
    ),
    "subscription_sent_back": Kind(
        _("Your bank did not take the money back"),
        _("“%(category)s”, %(city)s: %(amount)s is in your wallet instead."),
    ),
    "subscription_price_changes": Kind(
        _("The price of your subscription changes"),
        _(
            "“%(category)s”, %(city)s: a month costs %(new)s instead of %(old)s, from the first month that begins after %(at)s. You can leave before."
        ),
    ),
    "subscription_ended_asked": Kind(
        _("Your subscription has ended"),
        _("“%(category)s”, %(city)s: as you asked. Responses are charged one by one again."),
    ),
    "subscription_ended_unpaid": Kind(
        _("Your subscription has ended"),
        _("“%(category)s”, %(city)s: it was not paid. Responses are charged one by one again."),
    ),
    "subscription_ended_at_processor": Kind(
        _("Your subscription has ended"),
        _("“%(category)s”, %(city)s: it was closed. Responses are charged one by one again."),
    ),
    # cases
    "case_opened": Kind(_("A refund is being checked"), _("“%(title)s”: the check ends by %(until)s at the latest.")),
    "case_question": Kind(_("A moderator asks"), "%(question)s"),
    "case_fee_kept": Kind(
        _("The check is finished"),
        _(
            "“%(title)s”: a moderator found that the work was done after the cancellation. The fee stays; you can appeal."
        ),
    ),
    "case_decided_against": Kind(
        _("A cancelled deal was checked"),
        _(
            "“%(title)s”: a moderator found that the work was done although the deal was cancelled. Its page says what was seen, what follows and how to appeal."
        ),
    ),
    "case_closed_for_executor": Kind(
        _("The check is finished"),
        _("“%(title)s”: it was decided in your favour. A held refund is paid to your wallet."),
    ),
    "case_confirmed": Kind(
        _("The check is finished"),
        _("“%(title)s”: a moderator found that the work was done although the deal was cancelled."),
    ),
    "case_closed_to_customer": Kind(
        _("The check is finished"), _("“%(title)s”: nothing follows for you from the cancellation.")
    ),
    "case_in_doubt": Kind(
        _("The decision is looked at again"),
        _("“%(title)s”: another moderator sees it differently, so a third one looks. You need not do anything."),
    ),
    "case_in_doubt_unrestricted": Kind(
        _("The decision is looked at again"),
        _(
            "“%(title)s”: another moderator sees it differently, so a third one looks. Until then you can respond again."
        ),
    ),
    "case_stands": Kind(
        _("The decision stands"), _("“%(title)s”: a third moderator looked at it too. You can appeal on its page.")
    ),
    "case_overturned": Kind(
        _("The decision was changed in your favour"),
        _("“%(title)s”: the fee comes back if it was kept, and a strike or a restriction has ended."),
    ),
    "case_overturned_to_customer": Kind(
        _("A decision was changed"),
        _(
            "“%(title)s”: it does not stand any more that the work was done. Nothing follows for you from the cancellation."
        ),
    ),
    "case_answered": Kind(_("An answer came"), _("%(name)s answered your question about “%(title)s”."), email=False),
    "figure_alert": Kind(_("Checks behave unusually"), _("%(figure)s. See “How checks do”.")),
    "case_decided": Kind(_("The check is finished"), _("“%(title)s”: %(reason)s")),
}
