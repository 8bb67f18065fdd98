"""The pages that Stripe would host: paying, proving a card, onboarding, receipts. Plain forms, no scripts."""
