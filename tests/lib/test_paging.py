import pytest
from django.http import Http404, QueryDict

from omep_site.lib.paging import is_written_so, on_page, page_asked


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("p=", 1), ("p=1", 1), ("p=12", 12), ("p=+3+", 3), ("p=2&p=3", 3)]
)
def test_the_number_of_a_page_is_read_from_the_last_parameter(query, number):
    assert page_asked(QueryDict(query), "p") == number


@pytest.mark.parametrize("given", ["0", "01", "-1", "x", "1.5", "1000000", "٣", "1\x00"])
def test_what_is_no_number_of_a_page_is_not_found(given):
    query = QueryDict(mutable=True)
    query["p"] = given
    with pytest.raises(Http404):
        page_asked(query, "p")


@pytest.mark.parametrize("number", [1, 2, 999999])
def test_each_page_has_one_address(number):
    path, _mark, query = on_page("/fr/", "p", number).partition("?")
    assert (path, query) == ("/fr/", f"p={number}" if number > 1 else "")
    assert is_written_so(QueryDict(query), "p", number)
    assert page_asked(QueryDict(query), "p") == number
    for other in (f"p={number}&p={number}", f"p=+{number}", "p=1", "p="):
        assert not is_written_so(QueryDict(other), "p", number)
