from django.contrib import admin
from django.urls import path

from accounts.views import confirm, language, passwords, roles, second_factor

# Names as Django's own templates expect them: a link to admin_password_reset appears on the page to sign in.
urlpatterns = [
    path("language/", language.choose, name="admin_language"),
    path("confirm/", confirm.ask, name="admin_confirm"),
    path("second_factor/", admin.site.admin_view(second_factor.manage), name="admin_second_factor"),
    path("second_factor/code/", second_factor.ask, name="admin_second_factor_code"),
    path("roles/", admin.site.admin_view(roles.show), name="admin_roles"),
    path("password_reset/", passwords.Forgotten.as_view(), name="admin_password_reset"),
    path("password_reset/done/", passwords.Sent.as_view(), name="admin_password_reset_done"),
    path("password_reset/<uidb64>/<token>/", passwords.ChooseNew.as_view(), name="admin_password_reset_confirm"),
    path("password_reset/complete/", passwords.Chosen.as_view(), name="admin_password_reset_complete"),
]
