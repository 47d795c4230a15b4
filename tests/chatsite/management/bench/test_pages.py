import json

import pytest

from chatsite.management.bench import pages


def page(*places: int) -> bytes:
    return json.dumps({"results": [{"seq": place, "content": "x"} for place in places], "has_before": True}).encode()


def test_the_newest_page_is_whole_and_in_order_up_to_the_head() -> None:
    assert pages.is_newest(page(*range(51, 101)), 100)
    assert pages.is_newest(page(1, 2, 3), 3)


def test_people_who_do_not_begin_like_that_are_a_wrong_answer() -> None:
    def body(*names: tuple[str, str]) -> bytes:
        return json.dumps(
            {"results": [dict(zip(("username", "display_name"), one, strict=True)) for one in names]}
        ).encode()

    assert pages.begins(body(("ada", "Countess"), ("byron", "Ada B.")), "ada") and pages.begins(body(), "ada")
    assert not pages.begins(body(("ada", "Ada"), ("ben", "Granada")), "ada")


@pytest.mark.parametrize("places", [range(50, 100), range(52, 101), [*range(51, 99), 100, 99], range(100, 50, -1), []])
def test_an_older_page_a_short_one_and_one_in_disorder_are_not(places: list[int]) -> None:
    assert not pages.is_newest(page(*places), 100)


def hits(*said: tuple[int, str], complete: bool = True) -> bytes:
    results = [{"message": {"seq": seq, "content": content}, "excerpt": []} for seq, content in said]
    return json.dumps({"results": results, "next": None, "complete": complete}).encode()


def test_other_hits_too_few_and_those_in_disorder_are_a_wrong_answer() -> None:
    right = (9, "a kite"), (3, "kites fly")
    assert pages.finds(hits(*right), "kite", 2)
    assert not pages.finds(hits(*right), "kite", 3)
    assert not pages.finds(hits(*right[::-1]), "kite", 2)
    assert not pages.finds(hits(*right, complete=False), "kite", 2)
    assert not pages.finds(hits((9, "a kite"), (3, "a skite")), "kite", 2)
