from chatsite.management.bench.ledger import Ledger


def ledger(*deliveries: tuple[int, str, int]) -> Ledger:
    book = Ledger()
    for one in deliveries:
        book.deliver(*one)
    return book


def faults(book: Ledger, head: int) -> tuple[int, int, int]:
    """(lost, doubled, out of order)"""
    return book.lost(head), book.doubled, book.disordered


def test_a_dense_log_in_every_senders_order_has_no_faults() -> None:
    assert faults(ledger((1, "a", 1), (2, "b", 1), (3, "a", 2)), 3) == (0, 0, 0)


def test_what_never_came_is_lost() -> None:
    assert faults(ledger((1, "a", 1), (2, "a", 2)), 5) == (3, 0, 0)


def test_a_hole_is_lost_and_what_came_after_it_out_of_order() -> None:
    assert faults(ledger((1, "a", 1), (3, "a", 3)), 3) == (1, 0, 1)


def test_what_comes_late_is_not_lost_but_out_of_order() -> None:
    assert faults(ledger((1, "a", 1), (3, "a", 3), (2, "b", 1), (4, "b", 2)), 4) == (0, 0, 1)


def test_a_repeat_is_doubled_also_before_the_hole_is_filled() -> None:
    assert faults(ledger((1, "a", 1), (1, "a", 1), (3, "b", 1), (3, "b", 1)), 3) == (1, 2, 1)


def test_a_senders_messages_in_the_wrong_order_are_noticed_in_a_dense_log() -> None:
    assert faults(ledger((1, "a", 2), (2, "a", 1)), 2) == (0, 0, 2)


def test_a_catch_up_may_repeat_what_came_live() -> None:
    book = ledger((1, "a", 1), (2, "a", 2))
    for place in (1, 2, 3):
        book.replay(place, "a", place)
    assert faults(book, 3) == (0, 0, 0)
