"""The mail queue in the admin. The library's own pages stay out of it (omep_site/admin.py): they show the words of
mails, and log addresses."""

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from post_office.models import STATUS

from omep_site.lib.history.telling import date_and_hour
from omep_site.queued_mail import HELD, WAITING, QueuedMail, failure_in_words

KINDS = {
    "comment_to_decide": _("a comment to decide about"),
    "comment_answered": _("an answer to a comment"),
    "comment_confirm_address": _("confirmation of an address that follows comments"),
    "comment_published": _("a comment is published"),
    "comment_waiting": _("a comment waits"),
    "comments_waiting_digest": _("comments that wait, together"),
    "new_password": _("a new password"),
    "newsletter_address_changed": _("another address of a subscription"),
    "newsletter_confirm": _("confirmation of a subscription"),
    "newsletter_confirm_address": _("confirmation of another address"),
    "newsletter_preferences": _("the link to one’s own page"),
    "letter_test": _("test of a letter"),
    "morning": _("how the site is"),
    "fault": _("a fault of the site"),
}
STATES = {
    STATUS.queued: _("goes out within moments"),
    STATUS.requeued: _("waits for its next try"),
    STATUS.sent: pgettext_lazy("mail", "sent"),
    STATUS.failed: _("failed for good"),
}


class StateFilter(SimpleListFilter):
    title = pgettext_lazy("mail", "state")
    parameter_name = "status__exact"

    def lookups(self, request, model_admin):
        return [
            (str(STATUS.failed), pgettext_lazy("mail", "failed")),
            ("held", pgettext_lazy("mail", "held")),
            ("waiting", pgettext_lazy("mail", "waiting")),
            (str(STATUS.sent), pgettext_lazy("mail", "sent")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.filter(status__in=WAITING)
        if self.value() == "held":
            return queryset.held()
        if self.value() == str(STATUS.failed):
            return queryset.filter(status=STATUS.failed).exclude(pk__in=QueuedMail.objects.held().values("pk"))
        known = [value for value, _label in self.lookup_choices]
        return queryset.filter(status=self.value()) if self.value() in known else queryset


@admin.register(QueuedMail)
class QueuedMailAdmin(admin.ModelAdmin):
    list_display = ["headline", "reader", "standing", "written", "purpose"]
    list_filter = [StateFilter]
    search_fields = ["subject"]
    show_full_result_count = False
    list_per_page = 50
    sortable_by = []
    actions = ["try_again", "delete_failed"]
    fields = readonly_fields = [
        "headline",
        "purpose",
        "written",
        "standing",
        "tries",
        "answer",
        "recipients",
        "sender",
    ]
    change_form_template = "admin/omep_site/queuedmail/change_form.html"

    def get_queryset(self, request):
        # The words stay in the database: nothing here shows them.
        return super().get_queryset(request).with_last_failure().defer("message", "html_message", "context")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Only what has failed for good: a mail in the queue may be on its way. Several at once by an action of ours."""
        return obj is not None and obj.status == STATUS.failed and super().has_delete_permission(request, obj)

    def has_delete_failed_permission(self, request):
        return super().has_delete_permission(request)

    # What is shown

    @admin.display(description=pgettext_lazy("mail", "subject"))
    def headline(self, mail):
        return mail.subject

    @admin.display(description=pgettext_lazy("mail", "kind"))
    def purpose(self, mail):
        return KINDS.get(mail.kind, "–")

    @admin.display(description=pgettext_lazy("mail", "written"))
    def written(self, mail):
        return date_and_hour(timezone.localtime(mail.created))

    @admin.display(description=pgettext_lazy("mail", "state"))
    def standing(self, mail):
        state = STATES.get(mail.status, "")
        if mail.status == STATUS.failed and mail.failure == HELD:
            state = pgettext("mail", "held")
        if mail.status == STATUS.requeued and mail.scheduled_time and mail.scheduled_time > timezone.now():
            moment = date_format(timezone.localtime(mail.scheduled_time), "SHORT_DATETIME_FORMAT")
            state = _("will be tried again on %(moment)s") % {"moment": moment}
        reason = "" if mail.status == STATUS.sent else failure_in_words(mail.failure)
        return format_html("<strong>{}</strong><br>{}", state, reason) if reason else state

    @admin.display(description=_("what the server said"))
    def answer(self, mail):
        return "–" if mail.status == STATUS.sent else mail.answer or "–"

    @admin.display(description=_("tries that failed"))
    def tries(self, mail):
        return mail.logs.filter(status=STATUS.failed).exclude(exception_type=HELD).count()

    @admin.display(description=pgettext_lazy("mail", "to"))
    def recipients(self, mail):
        return ", ".join([*mail.to, *mail.cc, *mail.bcc])

    @admin.display(description=pgettext_lazy("mail", "to"))
    def reader(self, mail):
        """As much of the address as tells one from another: “z…@example.org”. It stands on the mail's own page, whole."""
        return ", ".join(f"{address[:1]}…@{address.rpartition('@')[2]}" for address in mail.to)

    @admin.display(description=pgettext_lazy("mail", "from"))
    def sender(self, mail):
        return mail.from_email

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        )

    # Trying again

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request, queryset):
        self.queue(request, queryset)

    def queue(self, request, mails):
        counts = {True: 0, False: 0}
        for mail in mails:
            with transaction.atomic():
                happened = mail.try_again()
                if happened:
                    self.log_change(request, mail, str(_("Try again")))
            counts[happened] += 1
        if count := counts[True]:
            text = ngettext(
                "%(count)d e-mail goes out within moments.", "%(count)d e-mails go out within moments.", count
            )
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
        if count := counts[False]:
            text = ngettext(
                "%(count)d e-mail stays as it is: it was sent, or is about to be.",
                "%(count)d e-mails stay as they are: they were sent, or are about to be.",
                count,
            )
            self.message_user(request, text % {"count": count}, messages.WARNING)

    # Deleting

    @admin.action(description=_("Delete…"), permissions=["delete_failed"])
    def delete_failed(self, request, queryset):
        """Those that have failed for good or are held, once somebody has said so: any other may be on its way."""
        mails = list(queryset.filter(status=STATUS.failed))
        if left := len(queryset) - len(mails):
            text = ngettext(
                "%(count)d e-mail stays: only those that have failed for good or are held can be deleted.",
                "%(count)d e-mails stay: only those that have failed for good or are held can be deleted.",
                left,
            )
            self.message_user(request, text % {"count": left}, messages.WARNING)
        if not mails:
            return None
        if "sure" not in request.POST:
            title = ngettext("Delete %(count)d e-mail?", "Delete %(count)d e-mails?", len(mails))
            context = {
                "title": title % {"count": len(mails)},
                "mails": [
                    (each.pk, each.subject, self.written(each), self.purpose(each), self.reader(each)) for each in mails
                ],
                "opts": self.opts,
            }
            context = self.admin_site.each_context(request) | context
            return TemplateResponse(request, "admin/omep_site/queuedmail/delete.html", context)
        with transaction.atomic():
            chosen = QueuedMail.objects.select_for_update().filter(
                pk__in=[each.pk for each in mails], status=STATUS.failed
            )
            deleted = list(chosen.order_by("pk"))
            self.log_deletions(request, deleted)
            chosen.delete()
        text = ngettext("%(count)d e-mail deleted.", "%(count)d e-mails deleted.", len(deleted))
        self.message_user(request, text % {"count": len(deleted)}, messages.SUCCESS)
        return None

    def change_view(self, request, object_id, form_url="", extra_context=None):
        mail = self.get_object(request, object_id) if request.method == "POST" else None
        if mail is None:
            return super().change_view(request, object_id, form_url, {"title": _("One e-mail")} | (extra_context or {}))
        if not self.has_change_permission(request, mail):
            raise PermissionDenied
        if "_try_again" in request.POST:
            self.queue(request, [mail])
        return HttpResponseRedirect(request.get_full_path())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_change = self.has_change_permission(request, obj)
        context["may_try_again"] = may_change and obj.status in (STATUS.failed, STATUS.requeued)
        return super().render_change_form(request, context, add, change, form_url, obj)
