"""The second factor: a code that a telephone makes anew every thirty seconds (TOTP, RFC 6238), and ten codes on paper
for the day on which the telephone is away.

An account may turn it on; a role may demand it (`RoleRule`). The devices are django-otp's.
"""

from base64 import b32encode
from dataclasses import dataclass
from urllib.parse import urlencode

import django_otp
import segno
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from omep_site.lib.throttle import Limit, take

RECOVERY_CODES = 10
# Wrong codes of one account. There are a million codes, and three are right at a time: thirty tries a day leave a
# thief who has the password one chance in thirty in a year, and the owner never waits longer than until tomorrow.
WRONG_CODES = [Limit("wrong codes in an hour", 10, 3600), Limit("wrong codes in a day", 30, 24 * 3600)]


def gate(request):
    """A redirect to the page that comes first for this account, or None where it may go on."""
    user = request.user
    if not user.is_authenticated or user.is_verified():
        return None
    if user.second_factor_on:
        page = "admin_second_factor_code"
    elif user.second_factor_demanded:
        page = "admin_second_factor"
    else:
        return None
    if request.path_info in {reverse(name) for name in (page, "admin_confirm", "admin_language", "admin:logout")}:
        return None
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return redirect(reverse(page) + back)


@dataclass(frozen=True)
class Secret:
    """What a telephone needs once: as a picture for its camera, and as text to type."""

    picture: str  # a data: address
    text: str


def secret_of(device: TOTPDevice) -> Secret:
    text = b32encode(device.bin_key).decode().rstrip("=")
    return Secret(
        picture=segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        text=" ".join(text[start : start + 4] for start in range(0, len(text), 4)),
    )


def begun(user) -> TOTPDevice | None:
    """The device that waits for its first code."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).first()


def begin(user) -> None:
    TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).delete()
    TOTPDevice.objects.create(user_id=user.pk, name="telephone", confirmed=False)


def confirm(request, code: str) -> list[str]:
    """Turns it on with the telephone's first code. Returns the recovery codes; none where the code is wrong."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user_id=request.user.pk, confirmed=False).first()
        if device is None or not device.verify_token(plain(code)):
            return []
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_recovery_codes(request.user)
    enter(request, device)
    return codes


def enter(request, device) -> None:
    """From here on this session has shown both factors."""
    request.session.cycle_key()
    django_otp.login(request, device)


def new_recovery_codes(user) -> list[str]:
    """Ten, each good for once; those from before end."""
    StaticDevice.objects.filter(user_id=user.pk).delete()
    device = StaticDevice.objects.create(user_id=user.pk, name="paper")
    codes = [StaticToken.random_token() for _each in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user_id=user.pk).count()


def wait_for(user) -> int:
    """Seconds until a code of this account may be tried again; 0 where it may be now."""
    return max(limit.wait(str(user.pk)) for limit in WRONG_CODES)


def device_that_accepts(user, code: str):
    """The telephone or the paper that this code is from, used up by it. None where it is wrong, or too many were: counted
    before it is looked at, so that of many at once no more are."""
    taken = take([(limit, str(user.pk)) for limit in WRONG_CODES])
    if taken.wait:
        return None
    code = plain(code)
    model = TOTPDevice if code.isdecimal() and len(code) == 6 else StaticDevice
    own = model.objects.filter(user_id=user.pk, confirmed=True).first()
    device = django_otp.verify_token(user, own.persistent_id, code) if own else None
    if device is not None:
        taken.give_back()
    return device


def turn_off(user) -> None:
    with transaction.atomic():
        TOTPDevice.objects.filter(user_id=user.pk).delete()
        StaticDevice.objects.filter(user_id=user.pk).delete()


def plain(code: str) -> str:
    """Without the spaces and hyphens that make a code readable."""
    return "".join(code.split()).replace("-", "").lower()
