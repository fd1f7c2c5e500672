"""Which accounts use an e-mail address. Told, and never erased with it: who may sign in is an administrator's decision."""

from django.db.models import Q

from accounts.models import Account
from accounts.roles import named
from omep_site.lib import addresses


def accounts_at(address: str):
    """Those whose e-mail address it is, or whose user name."""
    of_mail, of_name = (addresses.at(Account.objects.all(), field, address) for field in ("email", "username"))
    return Account.objects.filter(Q(pk__in=of_mail.values("pk")) | Q(pk__in=of_name.values("pk")))


def export(address: str) -> dict[str, list[dict]]:
    """Ready for JSON. Left out: the password's fingerprint and the keys of the second step."""
    accounts = accounts_at(address).select_related("preferences").prefetch_related("groups")
    return {"accounts": [_told(each) for each in accounts]}


def _told(account: Account) -> dict:
    return {
        "user_name": account.username,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "email_address": account.email,
        "roles": [str(role.name) if (role := named(group.name)) else group.name for group in account.groups.all()],
        "open": account.is_active,
        "language": account.preferences.language if hasattr(account, "preferences") else "",
        "created": account.date_joined.isoformat(),
        "last_sign_in": account.last_login.isoformat() if account.last_login else None,
    }
