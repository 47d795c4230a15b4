"""The window of one socket: what was sent and is not acknowledged."""

from __future__ import annotations

import pytest

from chatsite.realtime.window import BYTES_MAX, EVENTS_MAX, LAG_MAX, Sent, Window
from tests.clock import Clock

HERE, THERE = "a" * 24, "b" * 24
UNPLACED = Sent(10)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window(clock: Clock) -> Window:
    return Window(clock)


def fill(window: Window, *, start: int = 1, where: str = HERE) -> None:
    """Messages until it is full."""
    for seq in range(start, start + EVENTS_MAX):
        window.add(Sent(10, where, seq))
    assert window.full


def test_it_is_full_at_so_many_events(window: Window) -> None:
    for seq in range(1, EVENTS_MAX):
        window.add(Sent(10, HERE, seq))
    assert not window.full
    window.add(UNPLACED)
    assert window.full


def test_it_is_full_at_so_many_bytes(window: Window) -> None:
    window.add(Sent(BYTES_MAX - 1, HERE, 1))
    assert not window.full
    window.add(Sent(1, HERE, 2))
    assert window.full


def test_an_event_acknowledges_all_that_was_sent_before_it(window: Window) -> None:
    for one in (Sent(1, THERE, 7), UNPLACED, Sent(2, HERE, 1), Sent(4, THERE, 8), Sent(8, HERE, 2)):
        window.add(one)
    window.acknowledge({HERE: (1, 0)})
    assert (len(window), window.size) == (2, 12)


def test_changes_are_acknowledged_by_their_rev(window: Window) -> None:
    for one in (Sent(1, HERE, 0, 3), Sent(1, HERE, 5, 0), Sent(1, HERE, 0, 4)):
        window.add(one)
    window.acknowledge({HERE: (0, 3)})
    assert len(window) == 2
    window.acknowledge({HERE: (4, 4)})
    assert len(window) == 0


def test_once_full_it_opens_when_half_is_acknowledged(window: Window) -> None:
    fill(window)
    window.acknowledge({HERE: (EVENTS_MAX // 2, 0)})
    assert window.full
    window.acknowledge({HERE: (EVENTS_MAX // 2 + 1, 0)})
    assert not window.full


def test_a_ping_acknowledges_what_no_cursor_can_name_up_to_what_one_could(window: Window) -> None:
    for one in (UNPLACED, UNPLACED, Sent(10, HERE, 1), UNPLACED):
        window.add(one)
    window.acknowledge_unplaced()
    assert len(window) == 2
    window.acknowledge_unplaced()
    assert len(window) == 2


@pytest.mark.parametrize("lie", [{THERE: (2**53, 2**53)}, {HERE: (0, 2**53)}, {HERE: (-1, -1)}, {"": (9, 9)}, {}])
def test_cursors_that_name_nothing_sent_acknowledge_nothing(
    window: Window, lie: dict[str, tuple[int, int]], clock: Clock
) -> None:
    window.add(UNPLACED)
    fill(window)
    clock.now += LAG_MAX
    window.acknowledge(lie)
    assert len(window) == EVENTS_MAX + 1
    assert window.neglected(clock.now + 1)


def test_a_cursor_beyond_the_head_is_no_credit(window: Window) -> None:
    fill(window)
    window.acknowledge({HERE: (2**53, 2**53)})
    assert (len(window), window.size) == (0, 0)
    fill(window, start=EVENTS_MAX + 1)


def test_a_full_window_is_neglected_after_so_long_without_an_acknowledgement(window: Window, clock: Clock) -> None:
    assert not window.neglected(clock.now + 1000)
    fill(window)
    assert not window.neglected(clock.now + LAG_MAX)
    clock.now += LAG_MAX
    window.acknowledge({HERE: (1, 0)})
    assert not window.neglected(clock.now + LAG_MAX)
    assert window.neglected(clock.now + LAG_MAX + 1)
