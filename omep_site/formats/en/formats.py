"""6 December 2021, 13:30: international English."""

DATE_FORMAT = "j\xa0F\xa0Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j\xa0F\xa0Y, H:i"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
