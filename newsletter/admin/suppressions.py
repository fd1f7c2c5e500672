"""Blocked addresses: why, since when; one more, and one less. Of each there is a hash only, so that it is found by typing
the whole address."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.admin.read_only import ReadOnly
from newsletter.blocking import block, lift
from newsletter.models import Suppression
from omep_site.lib.forms import AddressField, validate_line


def validate_detail(detail: str) -> None:
    if "@" in detail:
        raise forms.ValidationError(_("Leave addresses out of this note: it stays when the person is erased."))


class WhyForm(forms.Form):
    detail = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        required=False,
        validators=[validate_line, validate_detail],
        help_text=gettext_lazy("A few words for the other editors, without an address or a name."),
    )


class BlockForm(forms.ModelForm):
    address = AddressField(label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    detail = WhyForm.base_fields["detail"]

    class Meta:
        model = Suppression
        fields = ["detail"]

    def clean_address(self):
        address = self.cleaned_data["address"]
        if Suppression.objects.blocks(address):
            raise forms.ValidationError(_("This address is blocked already."))
        return address


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "reason", "detail", "at"]
    list_filter = ["reason"]
    search_fields = ["digest"]
    search_help_text = gettext_lazy("Type a whole address: of each address, only a keyed hash is stored.")
    fields = ["reason", "detail", "at"]
    form = BlockForm
    add_form_template = "admin/newsletter/suppression/block.html"
    change_form_template = "admin/newsletter/suppression/change_form.html"

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("newsletter.add_suppression")

    def has_lift_permission(self, request):
        return request.user.has_perm("newsletter.delete_suppression")

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["address", "detail"]

    def add_view(self, request, form_url="", extra_context=None):
        context = {"title": _("Block an address")} | (extra_context or {})
        return super().add_view(request, form_url, context)

    def get_search_results(self, request, queryset, term):
        return (queryset.of(term) if term else queryset), False

    def save_model(self, request, obj, form, change):
        address = form.cleaned_data["address"]
        block(address, Suppression.Reason.EDITOR, obj.detail)
        obj.pk = Suppression.objects.of(address).values_list("pk", flat=True).get()
        obj.reason = Suppression.Reason.EDITOR

    def get_urls(self):
        view = self.admin_site.admin_view(self.lift)
        return [path("<int:pk>/lift/", view, name="newsletter_suppression_lift"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"may_lift": self.has_lift_permission(request)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def lift(self, request, pk):
        """GET asks, POST acts."""
        if not self.has_lift_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Suppression, pk=pk)
        if request.method == "POST":
            with transaction.atomic():
                if lift(row):
                    self.log_change(request, row, _("Lifted the block."))
            self.message_user(request, _("The block is lifted: the address may be subscribed again."), messages.SUCCESS)
            return redirect(reverse("admin:newsletter_suppression_changelist"))
        title = _("Lift this block?")
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "row": row}
        return TemplateResponse(request, "admin/newsletter/suppression/lift.html", context)
