"""How quickly letters leave, beside the two loops that everybody else has; writing down 100,000 readers; memory.

The mail server is Postfix's smtp-sink, the same for all in one run. `python -m bench.newsletter` measures on SQLite and,
where DATABASE_URL names one, on PostgreSQL.
"""

import os
import resource
import shutil
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time

from bench.databases import beside
from bench.serving import ROOT, free_port, manage, production

ROUNDS = 5
LETTERS = 1000  # in a round; of those that connect each time a quarter
MANY = 100_000
PARAGRAPH = "Chères lectrices, chers lecteurs, voici ce qui se prépare pour la petite enfance, ici et ailleurs. "


def main() -> bool:
    if not shutil.which("smtp-sink"):
        sys.exit("the mail server is missing: install it (apt install postfix)")
    with tempfile.TemporaryDirectory() as folder:
        env = production(folder, free_port())
        well = on(env, "SQLite")
        if url := os.environ.get("DATABASE_URL"):
            with beside(url) as address:
                well &= on(env | {"DATABASE_URL": address}, "PostgreSQL")
        else:
            print("PostgreSQL: not tried, DATABASE_URL names none")
    return well


def on(env: dict[str, str], name: str) -> bool:
    port = free_port()
    env = env | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    manage(env, "migrate", "-v0")
    user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
    sink = subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "1000"], cwd=ROOT)
    try:
        time.sleep(0.5)
        print(f"\nThe newsletter on {name}\n")
        for part in ("speed", "many"):
            print(manage(env, "shell", "-v0", "-c", f"from bench import newsletter; newsletter.{part}()"), end="")
    finally:
        sink.kill()
        sink.wait()
    return True


# Inside the site


def readers(count: int) -> None:
    from newsletter.models import Subscriber

    there = Subscriber.objects.count()
    people = (
        Subscriber(email=f"reader{number}@example.org", language=("fr", "en")[number % 2], status="confirmed")
        for number in range(there, count)
    )
    Subscriber.objects.bulk_create(people, batch_size=5000)


def issue_to_send():
    from newsletter.models import Issue

    body = f"<h2>Été</h2>{f'<p>{PARAGRAPH * 3}</p>' * 12}"
    words = {"subject_fr": "La Lettre d’été", "subject_en": "The Summer Letter", "body_fr": body, "body_en": body}
    issue = Issue.objects.create(**words)
    issue.send_now()
    return issue


def speed() -> None:
    from django.conf import settings

    readers(LETTERS)
    loops = {"raw": raw, "naive": naive, "ours": ours}
    found = {name: [] for name in loops}
    for _round in range(ROUNDS):
        for name, loop in loops.items():
            found[name].append(loop(settings.EMAIL_HOST, settings.EMAIL_PORT))
    names = {
        "raw": "smtplib.sendmail, a ready-made message",
        "naive": "Django: rendered and connected for each reader",
        "ours": "the whole loop, database included",
    }
    print(f"{'':48}{'letters/s':>10}{'÷ raw':>8}{'÷ Django':>10}")
    for name, rates in found.items():
        to = {
            other: statistics.median(rate / each for rate, each in zip(rates, found[other], strict=True))
            for other in ("raw", "naive")
        }
        print(f"{names[name]:48}{statistics.median(rates):>10,.0f}{to['raw']:>8.2f}{to['naive']:>10.2f}")
    print("(held to 3 times Django's; the stretch is 0.6 of raw)")


def raw(host: str, port: int) -> float:
    from django.core.mail import EmailMultiAlternatives

    if not hasattr(raw, "data"):
        from newsletter.composing import compose

        letter = compose(issue_to_send(), "fr")
        message = EmailMultiAlternatives(letter.subject, letter.text, "lettre@example.org", ["reader@example.org"])
        message.attach_alternative(letter.html, "text/html")
        raw.letter, raw.data = letter, message.message().as_bytes()
    with smtplib.SMTP(host, port) as server:
        began = time.perf_counter()
        for number in range(LETTERS):
            server.sendmail("lettre@example.org", [f"reader{number}@example.org"], raw.data)
        return LETTERS / (time.perf_counter() - began)


def naive(host: str, port: int) -> float:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template import engines

    from newsletter.letters import UNSUBSCRIBE

    parts = [
        engines["django"].from_string(words.replace(UNSUBSCRIBE, "{{ token }}"))
        for words in (raw.letter.text, raw.letter.html)
    ]
    count = LETTERS // 4
    began = time.perf_counter()
    for number in range(count):
        text, html = (part.render({"token": f"{number:043d}"}) for part in parts)
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
        reader = f"reader{number}@example.org"
        message = EmailMultiAlternatives(
            raw.letter.subject, text, "lettre@example.org", [reader], connection=connection
        )
        message.attach_alternative(html, "text/html")
        message.send()
    return count / (time.perf_counter() - began)


def ours(_host: str, _port: int) -> float:
    from newsletter.models import Issue
    from newsletter.senders import Senders

    Issue.objects.filter(status="sending").update(status="cancelled")
    issue, sender = issue_to_send(), Senders()
    began = time.perf_counter()
    while sender.work():
        pass
    seconds = time.perf_counter() - began
    sender.close()
    counts = issue.deliveries.counts()
    if counts["sent"] != LETTERS:
        sys.exit(f"not all were sent: {counts}")
    return LETTERS / seconds


def many() -> None:
    """Writing down, and memory while they leave; the mail server is left out, as it is not what is measured."""
    from newsletter import queueing
    from newsletter.models import Issue
    from newsletter.sending import Sender
    from newsletter.transport import Answer, Outcome

    class Takes:
        def send(self, *_letter) -> Answer:
            return Answer(Outcome.TAKEN)

        def close(self) -> None:
            pass

    def send(sender: Sender, enough: int) -> int:
        done = 0
        while done < enough and (tried := sender.work()):
            done += tried
        return done

    Issue.objects.filter(status="sending").update(status="cancelled")
    readers(MANY)
    issue, sender = issue_to_send(), Sender()
    sender.connection = Takes()
    began = time.perf_counter()
    queueing.queue(issue)
    print(f"\nWriting down {MANY:,} readers: {time.perf_counter() - began:.2f} s (held to 5 s on PostgreSQL)")
    first = send(sender, MANY // 10)
    before = resident()
    rest = send(sender, MANY)
    print(
        f"Memory after {first:,} letters {before:.0f} MB, after {first + rest:,} {resident():.0f} MB (held to 10 more)"
    )


def resident() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(not main())
