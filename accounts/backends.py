"""Who is signed in, with all that each admin page asks about the account, in the one query that it takes anyway."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import lockout
from accounts.models import RoleRule
from accounts.roles import ADMINISTRATOR


class AccountBackend(ModelBackend):
    """Adds to the user its `preferences`, `second_factor_on` and `second_factor_demanded`.

    Nothing of this is remembered in the session: what an administrator changes holds from the next click on.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            lockout.give_back(request)
        return user

    def get_user(self, user_id):
        demands = RoleRule.objects.filter(demands_second_factor=True)
        own = Exists(demands.filter(group__user=OuterRef("pk")))
        of_administrators = Exists(demands.filter(group__name=ADMINISTRATOR.key))
        user = (
            User.objects.select_related("preferences")
            .annotate(
                second_factor_on=Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)),
                # Who stands above the administrators is asked what they are asked.
                second_factor_demanded=ExpressionWrapper(
                    Q(own) | Q(of_administrators, is_superuser=True), output_field=BooleanField()
                ),
            )
            .filter(pk=user_id)
            .first()
        )
        return user if user and self.user_can_authenticate(user) else None
