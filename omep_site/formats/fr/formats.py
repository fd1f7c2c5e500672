"""6 décembre 2021, 13 h 30: as French prints them, with no-break spaces."""

DATE_FORMAT = "j\xa0F\xa0Y"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "j\xa0F\xa0Y, G\xa0\\h\xa0i"
MONTH_DAY_FORMAT = "j\xa0F"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y G\xa0\\h\xa0i"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%H\xa0h\xa0%M", "%Hh", "%H h"]

# omep_site/lib/dates.py
WEEKDAY_FORMAT = "l "
FULL_HOUR_FORMAT = "G\xa0\\h"
SHORT_MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."]
FIRST_OF_A_MONTH = "1<sup>er</sup>"
DAY_RANGE = DATE_RANGE = "du {start} au {end}"
HOUR_RANGE = "de {start} à {end}"
MOMENT_RANGE = "du {start_day} à {start_hour} au {end_day} à {end_hour}"
