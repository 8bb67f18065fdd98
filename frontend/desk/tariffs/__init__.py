"""Which models hold where: operators switch them from a date on."""
