"""Dates where no script writes them as the reader's own device would: not in the order of one country only."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
