"""The labelled set, which we wrote ourselves: what the checks make of it, to the comment (bench/spam.py)."""

from bench.spam import WORDS, Result, measure, outcomes
from comments.models import Rules


def test_the_rules_as_they_come_put_no_comment_away_as_spam_and_find_what_is_measured():
    assert measure(Rules()) == {
        "spam": Result(right=11, wrong=0, spam=152, genuine=154),
        "noticed": Result(right=147, wrong=20, spam=152, genuine=154),
    }


def test_a_short_list_of_words_finds_more_spam_and_wrongs_one_comment():
    assert measure(Rules(spam_words=WORDS)) == {
        "spam": Result(right=29, wrong=1, spam=152, genuine=154),
        "noticed": Result(right=147, wrong=21, spam=152, genuine=154),
    }
    found = outcomes("genuine.txt", Rules(spam_words=WORDS))
    assert [words[:35] for words, status, _codes in found if status == "spam"] == [
        "The casino next to our school got a"
    ]


def test_precision_and_recall_are_what_their_names_say():
    result = Result(right=30, wrong=10, spam=60, genuine=100)
    assert (result.precision, result.recall) == (0.75, 0.5)
    assert Result(right=0, wrong=0, spam=60, genuine=100).precision == 1.0


def test_with_the_default_rule_everything_else_waits_for_an_editor():
    assert {status for _words, status, _codes in outcomes("genuine.txt", Rules())} == {"pending"}
