"""News about money that is held for a deal, and about where it goes."""

from django.utils.translation import gettext_lazy as _

from marketplace.notifications.kind import Kind

SECURE_DEAL_KINDS: dict[str, Kind] = {
    # to the customer
    "deal_money_held": Kind(
        _("The money is held"), _("“%(title)s”: %(amount)s is held by the service until you accept the work.")
    ),
    "deal_money_returned": Kind(
        _("Money goes back to your card"),
        _("“%(title)s”: %(amount)s is on its way to your card. Banks take up to ten days."),
    ),
    "deal_money_returned_unchosen": Kind(
        _("Money goes back to your card"),
        _("“%(title)s”: the response could no longer be chosen, so the whole %(amount)s goes back to your card."),
    ),
    "deal_paid_twice": Kind(
        _("A second payment goes back"),
        _("“%(title)s” was paid twice. The second payment, %(amount)s, goes back to your card."),
    ),
    "deal_part_refused": Kind(
        _("The executor does not agree"),
        _("“%(title)s”: the executor does not agree to %(amount)s. A moderator will divide the money."),
    ),
    "deal_charged_back": Kind(
        _("Your bank took the payment back"),
        _("“%(title)s”: your bank disputes the payment of %(amount)s. Until it decides the deal is not protected."),
    ),
    # to the executor
    "deal_money_held_for_you": Kind(
        _("The customer has paid"),
        _("“%(title)s”: you get %(amount)s when the work is accepted. The money is held until then."),
    ),
    "payout_account_needed": Kind(
        _("Open an account for payouts"),
        _("“%(title)s”: to get %(amount)s you need an account for payouts. It takes about ten minutes."),
    ),
    "deal_waits_for_account": Kind(
        _("The money waits for your account"),
        _("“%(title)s”: %(amount)s is yours and is paid as soon as your account for payouts is ready."),
    ),
    "deal_paid_out": Kind(_("You are paid"), _("“%(title)s”: %(amount)s is sent to your account for payouts.")),
    "deal_part_offered": Kind(
        _("The customer offers a part"),
        _("“%(title)s”: the customer would pay %(amount)s. %(reason)s. Agree or leave it to a moderator."),
    ),
    "deal_money_taken_back": Kind(
        _("Money was taken back"), _("“%(title)s”: %(amount)s was taken back from your account for payouts.")
    ),
    "deal_charged_back_executor": Kind(
        _("The customer's bank took the payment back"),
        _(
            "“%(title)s”: the bank disputes the payment of %(amount)s. We told the bank what we know; keep your evidence."
        ),
    ),
    "payout_account_ready": Kind(
        _("Your account is ready"), _("Money for your work is paid to your bank from now on.")
    ),
    "payout_account_asks": Kind(
        _("Your account for payouts needs something"), _("Until then money cannot be paid to you: %(what)s")
    ),
    "payout_failed": Kind(
        _("Your bank did not take the money"), _("The payout of %(amount)s came back: %(why)s Check the bank account.")
    ),
    # to both
    "deal_split": Kind(
        _("The money is divided"),
        _(
            "“%(title)s”: %(executor_gets)s to the executor, %(customer_gets)s back to the customer. %(reason)s. "
            "You can appeal on the page of the deal."
        ),
    ),
    "deal_split_final": Kind(
        _("The money is divided for good"),
        _("“%(title)s”: %(executor_gets)s to the executor, %(customer_gets)s back to the customer. %(reason)s."),
    ),
    "deal_split_appealed": Kind(
        _("The decision is appealed"), _("“%(title)s”: another moderator looks again. The money stays held until then.")
    ),
    "deal_appeal_out_of_time": Kind(
        _("The appeal was not decided in time"),
        _(
            "“%(title)s”: money cannot be held any longer, so the first decision is carried out: %(executor_gets)s to the "
            "executor, %(customer_gets)s back to the customer. If it was wrong, write to us: staff can still return money."
        ),
    ),
    "deal_staff_return": Kind(
        _("Money is returned to the customer"),
        _("“%(title)s”: %(amount)s of what was paid out goes back to the customer. %(reason)s"),
    ),
    "deal_return_given_up": Kind(
        _("The money could not be taken back"),
        _(
            "“%(title)s”: %(amount)s was to go back to the customer, but the executor's account does not hold it any more. It "
            "stays with the executor. Write to us if you do not agree."
        ),
    ),
    "deal_chargeback_won": Kind(
        _("The bank gave the money back"), _("“%(title)s”: the bank decided for the deal. It goes on as before.")
    ),
    "deal_chargeback_lost": Kind(
        _("The bank kept the money"),
        _("“%(title)s”: the bank decided for the cardholder. The money is not coming back."),
    ),
    "deal_end_comes": Kind(
        _("Held money has to go soon"),
        _(
            "“%(title)s”: money cannot be held after %(until)s. Work called done is paid then; otherwise it goes back "
            "to the customer."
        ),
    ),
    "deal_money_too_old": Kind(
        _("Deal closed"),
        _("“%(title)s”: money cannot be held any longer and nobody called the work done, so it goes back."),
    ),
    "deal_money_sent_back": Kind(
        _("Your bank did not take the money back"),
        _(
            "“%(title)s”: your bank sent %(amount)s back to us. We hold it for you and try again in a day. If your card is "
            "closed, ask the bank where its money goes."
        ),
    ),
    "deal_money_late": Kind(
        _("The money is late"), _("“%(title)s”: sending %(amount)s did not work yet. We are on it; nothing is lost.")
    ),
}
