"""Lists that editors bring: the file, its trial, how far it is read, and what was left out."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter import exporting, list_files
from newsletter.models import ImportJob
from newsletter.models.imports import packed
from omep_site.lib.forms import validate_line
from omep_site.lib.numbers import is_number


class BringForm(forms.ModelForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A CSV file, as every spreadsheet saves one. A column named “email” is needed; “language”, “groups”, "
            "“consent” and “date” are read where they are there."
        ),
    )

    class Meta:
        model = ImportJob
        fields = ["consent_source", "language", "tags", "is_trial"]
        widgets = {"tags": forms.CheckboxSelectMultiple, "consent_source": forms.TextInput(attrs={"size": 60})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consent_source"].validators.append(validate_line)

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            if file.size > list_files.MOST_BYTES:
                raise list_files.ListFault("too_large")
            content = file.read()
            rows = list_files.Table.of(content).check()
        except list_files.ListFault as fault:
            raise forms.ValidationError(list_files.FAULTS[fault.code], code=fault.code) from None
        self.instance.content, self.instance.rows = packed(content), rows
        self.instance.file_name = "".join(char for char in file.name if char.isprintable())[:200]
        return file


@admin.register(ImportJob)
class ImportJobAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "file_name", "consent_source", "is_trial", "status", "added", "refused"]
    list_filter = ["status", "is_trial"]
    form = BringForm
    fields = ["file", "consent_source", "language", "tags", "is_trial"]

    class Media:
        css = {"all": ["admin-readers.css"]}

    add_form_template = "admin/newsletter/importjob/bring.html"

    def add_view(self, request, form_url="", extra_context=None):
        context = {"title": _("Bring a list")} | (extra_context or {})
        return super().add_view(request, form_url, context)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(reverse("admin:newsletter_importjob_change", args=[obj.pk]))

    def get_urls(self):
        def named(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"newsletter_importjob_{name}")

        return [
            named("<int:pk>/piece/", self.piece, "piece"),
            named("<int:pk>/import/", self.import_for_real, "import"),
            named("<int:pk>/report.csv", self.report, "report"),
            *super().get_urls(),
        ]

    def job(self, request, pk) -> ImportJob:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(ImportJob.objects.defer("content"), pk=pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The job as it stands; nothing of it is changed here."""
        job = self.job(request, int(object_id) if is_number(object_id) else 0)
        context = self.admin_site.each_context(request) | self.said(request, job)
        context |= {
            "title": str(job),
            "opts": self.opts,
            "media": self.media,
            "by": job.by,
            "tags": list(job.tags.all()),
            "has_delete_permission": self.has_delete_permission(request, job),
        }
        return render(request, "admin/newsletter/importjob/job.html", context)

    def piece(self, request, pk):
        """How far it is, as a piece of the page, which static/admin-progress.js puts in its place."""
        response = render(
            request, "admin/newsletter/importjob/_progress.html", self.said(request, self.job(request, pk))
        )
        response["Cache-Control"] = "no-store"
        return response

    def said(self, request, job) -> dict:
        has_file = ImportJob.objects.filter(pk=job.pk, content__isnull=False).exists()
        return {
            "job": job,
            "fault": list_files.FAULTS.get(job.fault, ""),
            "percent": min(100, round(100 * job.read / job.rows)) if job.rows else 0,
            "may_import": job.is_trial
            and job.status == ImportJob.Status.DONE
            and has_file
            and self.has_add_permission(request),
        }

    def import_for_real(self, request, pk):
        job = self.job(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if job.import_for_real():
                self.log_change(request, job, _("Imported for real, after the trial."))
            elif ImportJob.objects.filter(pk=pk, is_trial=True).exists():
                self.message_user(
                    request,
                    _("The file was kept for an hour after its trial. Please bring it again."),
                    messages.WARNING,
                )
        return redirect(reverse("admin:newsletter_importjob_change", args=[pk]))

    def report(self, request, pk):
        return exporting.answer(exporting.problems(self.job(request, pk)), f"import-{pk}")

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))
