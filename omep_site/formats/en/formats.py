"""6 December 2021, 13:30: international English."""

DATE_FORMAT = "j\xa0F\xa0Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\xa0F\xa0Y, H:i"
MONTH_DAY_FORMAT = "j\xa0F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
# What is typed: the day before the month, never an American date that would be read as another day.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%I:%M %p", "%I %p", "%I:%M%p", "%I%p"]
FIRST_DAY_OF_WEEK = 1

# omep_site/lib/dates.py
WEEKDAY_FORMAT = "l "
MOMENT_RANGE = "from {start_day}, {start_hour}, to {end_day}, {end_hour}"
