// Who is signed in on this page. What is kept on the device belongs to one person: a phone passes from hand to hand.

/** The person's public id, or "" for a visitor. */
export const person = (): string => document.body.dataset.person ?? "";
