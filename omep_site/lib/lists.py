"""What every list of the admin forgives: junk in its address, and ticks that are no numbers, where Django fails."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG

from omep_site.lib.numbers import is_number


class ForgivingList:
    """The admin's site puts it before every ModelAdmin (omep_site/admin.py)."""

    def get_changelist_instance(self, request):
        """A year of thirty digits, say, leads to the whole list, as Django does with other filters that are none."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            if set(request.GET) <= {ERROR_FLAG}:
                raise  # nothing was asked for: it is a fault of ours
            raise IncorrectLookupParameters(error) from error

    def response_action(self, request, queryset):
        """Ticks that are no numbers count as not ticked."""
        data = request.POST.copy()
        data.setlist(ACTION_CHECKBOX_NAME, [each for each in data.getlist(ACTION_CHECKBOX_NAME) if is_number(each)])
        request.POST = data
        return super().response_action(request, queryset)
