from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from newsletter import webhooks
from newsletter.admin import domain
from omep_site import condition_admin, metrics, personal_data, security_txt, sitemap, views
from omep_site.lib import media

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("media/<path:name>", media.serve),  # settings.MEDIA_URL
    path("sitemap.xml", sitemap.sitemap),
    path("robots.txt", sitemap.robots),
    path("favicon.ico", sitemap.favicon),
    path(".well-known/security.txt", security_txt.show),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", metrics.show),
    path("anymail/<slug:provider>/tracking/", webhooks.receive, name="webhook"),
    path("admin/", include("accounts.urls")),
    path("admin/newsletter/domain/", admin.site.admin_view(domain.show), name="admin_domain"),
    path("admin/personal-data/", admin.site.admin_view(personal_data.show), name="admin_personal_data"),
    path("admin/condition/", admin.site.admin_view(condition_admin.show), name="admin_condition"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("comments.urls")),
        path("", include("newsletter.urls")),
        path("", include("events.urls")),
        path("", include("pages.urls")),  # last: a page never hides another address
        prefix_default_language=True,
    ),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
