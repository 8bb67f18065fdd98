"""The official command-line tool as a driver that knows nothing of us: `stripe trigger` makes each event that applies.

What does not apply, and why, is listed in docs/stripe-simulator.md. The triggers are written for accounts on an older API version
(a new account of the real Stripe refuses some of them too), so they are run with the version they were written for.
"""

import os
import platform
import subprocess
from pathlib import Path

import pytest

from tests.simulator import RunningSimulator

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "node_modules" / "@stripe" / "cli-linux-x64" / "bin" / "stripe"
VERSION = "2023-08-01"
APPLY = [
    "account.updated",
    "charge.captured",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.failed",
    "charge.refund.updated",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.created",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "customer.updated",
    "invoice.created",
    "invoice.deleted",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.payment_succeeded",
    "invoice.updated",
    "invoice.voided",
    "invoiceitem.created",
    "invoiceitem.deleted",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "payout.created",
    "payout.updated",
    "price.created",
    "price.updated",
    "product.created",
    "product.deleted",
    "product.updated",
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
    "subscription.payment_failed",
    "subscription.payment_succeeded",
    "test_helpers.test_clock.advancing",
    "test_helpers.test_clock.created",
    "test_helpers.test_clock.deleted",
    "test_helpers.test_clock.ready",
]
OTHER_EVENT = {
    "subscription.payment_failed": "invoice.payment_failed",
    "subscription.payment_succeeded": "invoice.payment_succeeded",
}
"""Triggers whose name is not the name of an event."""
TRANSFERS = ("transfer.created", "transfer.reversed", "transfer.updated")


def trigger(simulator: RunningSimulator, home: Path, event: str, *more: str) -> subprocess.CompletedProcess[str]:
    assert CLI.exists(), (
        f"the npm package @stripe/cli-linux-x64 is not installed (`npm ci`) on this {platform.machine()}"
    )
    command = [
        str(CLI),
        "trigger",
        event,
        "--api-base",
        simulator.base,
        "--api-key",
        simulator.key,
        "--api-version",
        VERSION,
        *more,
    ]
    return subprocess.run(
        command, env={**os.environ, "HOME": str(home)}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("event", APPLY)
def test_trigger(stripe_simulator: RunningSimulator, tmp_path: Path, event: str) -> None:
    done = trigger(stripe_simulator, tmp_path, event)
    assert "Trigger succeeded" in done.stdout, done.stdout + done.stderr
    assert stripe_simulator.events(OTHER_EVENT.get(event, event))


@pytest.mark.parametrize("event", TRANSFERS)
def test_trigger_of_a_transfer_needs_an_account_that_may_take_it(
    stripe_simulator: RunningSimulator, tmp_path: Path, event: str
) -> None:
    """The tool's own account is never onboarded: a transfer to it is refused. To an onboarded one it goes."""
    refused = trigger(stripe_simulator, tmp_path, event)
    assert "capabilities" in refused.stdout + refused.stderr
    client = stripe_simulator.client()
    account = client.v1.accounts.create(
        {"type": "express", "country": "US", "capabilities": {"transfers": {"requested": True}}}
    ).id
    site = "https://site.test/"
    link = client.v1.account_links.create(
        {"account": account, "type": "account_onboarding", "return_url": site, "refresh_url": site}
    )
    stripe_simulator.onboard(link.url)
    done = trigger(stripe_simulator, tmp_path, event, "--override", f"transfer:destination={account}")
    assert "Trigger succeeded" in done.stdout, done.stdout + done.stderr
    assert stripe_simulator.events(event)
