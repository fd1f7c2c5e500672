"""Everything that can happen to the house at night, one function for each: it does it, and undoes what nobody undoes by itself.

Each gets the house and its visitors, who are there before, meanwhile and after, and returns what else was seen, in words.
"""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from drill.house import House
from drill.servers import set_clock, until
from drill.visitors import PAGES, Visitors


@dataclass(frozen=True)
class Fault:
    name: str
    done: str  # what was done, in a sentence
    do: Callable[[House, Visitors], str]
    needs: str = ""  # of the house: "postgres", "redis", "mail", "small disk"
    takes_long: bool = False  # too long for a test
    silence: bool = False  # whether somebody may be left without any answer: a request was in a process that was killed


FAULTS: list[Fault] = []
TIMES = 1  # that a fault happens in a row; `make drill` asks for three,
TRIES = 100  # and for ten thousand passwords


def fault(done: str, **more):
    def note(function):
        FAULTS.append(Fault(function.__name__, done, function, **more))
        return function

    return note


# --- Processes ------------------------------------------------------------------------------------------------------


@fault("One of the server’s two processes is killed (`kill -9`)", silence=True)
def a_process_is_killed(house: House, visitors: Visitors) -> str:
    for _time in range(TIMES):
        family = until(lambda: len(found := house.web.family()) == 3 and found, "the server and two processes")
        os.kill(family[-1], signal.SIGKILL)
        time.sleep(6)  # the server takes two deaths in five seconds for a sign that it cannot run, and ends
    return ""


@fault("The server is killed (`kill -9`), which its processes hear of", silence=True)
def the_server_is_killed(house: House, visitors: Visitors) -> str:
    for _time in range(TIMES):
        starts = house.web.starts
        house.web.process.kill()
        until(lambda starts=starts: house.web.starts > starts, "started again")
        until(house.is_well, "well again")
    return ""


@fault("The server and its processes are killed at once (`kill -9`)", silence=True)
def all_processes_are_killed(house: House, visitors: Visitors) -> str:
    starts = house.web.starts
    house.web.kill()
    until(lambda: house.web.starts > starts, "started again")
    return ""


@fault("The worker is killed (`kill -9`) while it sends mails", needs="mail")
def the_worker_is_killed(house: House, visitors: Visitors) -> str:
    for _time in range(TIMES):
        starts, taken = house.worker.starts, len(house.mail.taken)
        until(lambda taken=taken: len(house.mail.taken) > taken, "a mail is sent")
        house.worker.kill()
        until(lambda starts=starts: house.worker.starts > starts, "started again")
    return all_mails_arrived(house, visitors)


# --- What it stands on ----------------------------------------------------------------------------------------------


@fault("PostgreSQL is killed under load, and started again after three seconds", needs="postgres")
def postgresql_is_killed(house: House, visitors: Visitors) -> str:
    house.postgres.stop("immediate")
    time.sleep(3)
    house.postgres.start()
    return ""


@fault("PostgreSQL is restarted under load", needs="postgres")
def postgresql_is_restarted(house: House, visitors: Visitors) -> str:
    for _time in range(TIMES):
        house.postgres.stop()
        house.postgres.start()
        time.sleep(1)
    return ""


@fault("Redis is killed, and comes back after three seconds", needs="redis")
def redis_is_killed(house: House, visitors: Visitors) -> str:
    house.redis.kill()
    time.sleep(1)
    said = limits_hold(house, "127.251.3.7")
    time.sleep(2)
    house.redis.start()
    return said


def limits_hold(house: House, source: str) -> str:
    """Somebody sends more forms from one network in a minute than are let pass."""
    for tries in range(3):  # a machine with much to do may need more than what is left of the minute
        left = 60 - time.time() % 60  # of the minute that the site counts by
        if left < 15 or tries:  # in this minute, some of those before were counted
            time.sleep(left + 0.5)
        minute = time.time() // 60
        told = Counter(send_form(house, source, number) for number in range(8))
        if time.time() // 60 == minute:
            break
    if told != {303: 5, 429: 3}:
        raise AssertionError(f"limits: {dict(told)}")
    return "limits went on counting: of eight forms from one network five were taken, as always"


def send_form(house: House, source: str, number: int) -> int:
    """The status of the answer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    fields = urlencode({"email": f"flood{number}@example.org", "language": "fr"})
    return house.ask("POST", "/fr/lettre/", fields, headers, source)[0]


@fault("The mail server refuses every connection for five seconds", needs="mail")
def mail_is_refused(house: House, visitors: Visitors) -> str:
    return in_a_mood(house, visitors, "refuses")


@fault("The mail server takes connections and says nothing for five seconds", needs="mail")
def mail_hangs(house: House, visitors: Visitors) -> str:
    return in_a_mood(house, visitors, "hangs")


@fault("The mail server ends the conversation in the middle of each mail for five seconds", needs="mail")
def mail_dies(house: House, visitors: Visitors) -> str:
    return in_a_mood(house, visitors, "dies")


def in_a_mood(house: House, visitors: Visitors, mood: str) -> str:
    taken = len(house.mail.taken)
    house.mail.mood = mood
    time.sleep(5)
    if len(house.mail.taken) > taken + 2:  # those on their way
        raise AssertionError("mail went out meanwhile")
    house.mail.mood = "takes"
    return all_mails_arrived(house, visitors)


def all_mails_arrived(house: House, visitors: Visitors) -> str:
    """Of what was subscribed until now; a try that failed is made again after a minute, which nobody here waits for."""
    subscribed = {each.key for each in visitors.told if each.what == "subscription" and each.status == 303}
    began = time.monotonic()
    hurry = "UPDATE post_office_email SET scheduled_time = NULL WHERE scheduled_time IS NOT NULL"

    def all_there():
        house.change(hurry)
        time.sleep(0.3)
        return subscribed <= set(house.mail.taken)

    until(all_there, "all mails")
    taken = Counter(key for key in house.mail.taken if key in subscribed)
    again = sum(number - 1 for number in taken.values())
    if again > TIMES:  # of a worker that is killed, the mail at hand
        raise AssertionError(f"mails went out again {again} times: {taken.most_common(3)}")
    return (
        f"all {len(subscribed)} mails that were due went out, {again} of them twice, within "
        f"{time.monotonic() - began:.0f} s (pauses between tries left out)"
    )


@fault("The disk is full for four seconds", needs="small disk")
def the_disk_is_full(house: House, visitors: Visitors) -> str:
    filler = house.folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    until(lambda: any(each.status == 503 for each in visitors.told), "somebody is told")
    time.sleep(4)
    filler.unlink()
    return all_mails_arrived(house, visitors)


@fault("Another programme locks SQLite for five seconds, as a backup of somebody’s own may")
def sqlite_is_locked(house: House, visitors: Visitors) -> str:
    with contextlib.closing(sqlite3.connect(house.env["DATABASE_URL"].removeprefix("sqlite:///"), timeout=60)) as other:
        other.isolation_level = None
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(5)
        other.execute("ROLLBACK")
    return ""


@fault("The clock, which was an hour ahead, is set back", needs="clock")
def the_clock_is_set_back(house: House, visitors: Visitors) -> str:
    limits_hold(house, "127.251.4.7")
    set_clock(house.clock, hours=0)
    time.sleep(2)
    said = limits_hold(house, "127.251.5.7")
    code = (
        "from comments.models import By, Comment, Via; "
        "print(Comment.objects.filter(status='pending').order_by('pk').last().approve(By(Via.ADMIN)))"
    )
    if house.manage("shell", "-v0", "-c", code).strip() != "True":
        raise AssertionError("a comment could not be approved")
    [[body]] = house.rows("SELECT body FROM comments_comment WHERE status = 'approved' ORDER BY id DESC LIMIT 1")
    until(lambda: body.encode() in house.ask("GET", PAGES[0])[1], "the comment on the page")
    return f"{said}; a comment that was approved stood on its page at once; {all_mails_arrived(house, visitors)}"


# --- Too much -------------------------------------------------------------------------------------------------------


@fault("A thousand connections send a form a byte at a time")
def slow_connections(house: House, visitors: Visitors) -> str:
    head = (
        f"POST /fr/lettre/ HTTP/1.1\r\nHost: 127.0.0.1:{house.front}\r\nContent-Length: 400\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
    ).encode()
    slow = []
    for number in range(1000):
        each = socket.socket()
        each.bind((f"127.252.{number // 250}.{1 + number % 250}", 0))
        each.connect(("127.0.0.1", house.front))
        each.sendall(head if number % 2 else head[:60])
        slow.append(each)
    for _second in range(5):
        for each in slow:
            with contextlib.suppress(OSError):
                each.send(b"x")
        time.sleep(1)
    for each in slow:
        each.close()
    return ""


@fault("Somebody tries passwords for an editor’s account, from ten networks at once", takes_long=True)
def passwords_are_tried(house: House, visitors: Visitors) -> str:
    code = (
        "from django.contrib.auth.models import User; "
        "User.objects.filter(username='claire').exists() or "
        "User.objects.create_superuser('claire', 'claire@example.org', 'trois oies dans la cour')"
    )
    house.manage("shell", "-v0", "-c", code)
    told, numbers = Counter(), iter(range(TRIES))

    def guess() -> None:
        for number in numbers:
            told[sign_in(house, "claire", f"oies{number}", f"127.253.{number % 10}.9")] += 1

    threads = [threading.Thread(target=guess) for _each in range(4)]
    for thread in threads:
        thread.start()
    home = sign_in(house, "claire", "trois oies dans la cour", "127.250.1.9")
    for thread in threads:
        thread.join()
    if 302 in told or home != 302:
        raise AssertionError(f"guesses: {dict(told)}; the editor: {home}")
    return (
        f"{TRIES:,} tries: none got in, {told[429]:,} were not even looked at; the editor signed in from home meanwhile"
    )


def sign_in(house: House, name: str, password: str, source: str) -> int:
    status, page, cookie = house.ask_with_cookie("GET", "/admin/login/", source=source)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())
    if not token:
        return status
    fields = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token[1]})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return house.ask_with_cookie("POST", "/admin/login/", fields, headers, source)[0]


# --- One's own doing ------------------------------------------------------------------------------------------------


@fault("A backup is made under load")
def a_backup_is_made(house: House, visitors: Visitors) -> str:
    began = time.monotonic()
    house.manage("backup", BACKUPS=str(house.folder / "backups"))
    return f"whole after {time.monotonic() - began:.1f} s"
