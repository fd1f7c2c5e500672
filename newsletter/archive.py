"""Past letters on the site: the same words as in the mail, as a page for everybody."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter.feeds import letters_feed
from newsletter.models import Issue
from newsletter.reading import read, read_all
from omep_site.lib import atom
from omep_site.lib.context import site
from omep_site.lib.links import Translation, in_every_language
from omep_site.lib.paging import is_written_so, on_page, page_asked
from omep_site.lib.public import public_page

PAGE = "page"
PER_PAGE = 30
IN_FEED = 30


@public_page(PAGE)
@require_safe
def issues(request):
    number = page_asked(request.GET, PAGE)
    pages = Paginator(Issue.objects.public(), PER_PAGE)
    if number > pages.num_pages:
        raise Http404(number)
    path = on_page(request.path, PAGE, number)
    if not is_written_so(request.GET, PAGE, number):  # or one page could be kept under any number of addresses
        return redirect(path)
    page = pages.page(number)
    in_years: dict[int, list] = {}
    for reading in read_all(page.object_list, get_language()):
        in_years.setdefault(reading.day.year, []).append(reading)
    context = {
        "years": in_years.items(),
        "page": page,
        "previous": on_page(request.path, PAGE, number - 1) if page.has_previous() else "",
        "next": on_page(request.path, PAGE, number + 1) if page.has_next() else "",
        "translations": [
            Translation(each.language, on_page(each.path, PAGE, number))
            for each in in_every_language("newsletter:issues")
        ],
        "canonical": path,
    }
    return render(request, "newsletter/issues.html", context)


@public_page()
@require_safe
def issue(request, number):
    found = Issue.objects.public().filter(pk=number).first()
    if found is None:
        raise Http404(number)
    reading = read(found, get_language())
    context = {"reading": reading, "translations": reading.translations, "canonical": reading.canonical}
    return render(request, "newsletter/issue.html", context)


@public_page()
@require_safe
def feed(request):
    language, name = get_language(), str(site(request)["site_name"])
    readings = read_all(Issue.objects.public()[:IN_FEED], language)
    made = letters_feed(readings, language, _("{site}: the newsletter").format(site=name), name)
    return HttpResponse(atom.atom(made), content_type=atom.CONTENT_TYPE)


@public_page()
@require_safe
def sample(request):
    """Where the reader's own links of a test mail lead."""
    translations = in_every_language(f"newsletter:{request.resolver_match.url_name}", public=False)
    return render(request, "newsletter/sample.html", {"translations": translations})
