import os


def why_no_machines() -> str:
    """Why the tests of several machines are skipped; "" where they run."""
    for variable, kind, name in (("DATABASE_URL", "postgres", "PostgreSQL"), ("CACHE_URL", "redis", "Redis")):
        if not os.environ.get(variable, "").startswith(kind):
            return f"several machines need {name}, and {variable} names none"
    return ""
