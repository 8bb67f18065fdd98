"""Where a deal meets its held money: choosing by paying, and what becomes of the money when the deal ends."""
