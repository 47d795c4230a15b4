"""One conversation as a client has it: PROTOCOL.md, "Applying", to the letter."""

from __future__ import annotations

from typing import Any

Frame = dict[str, Any]
Cursor = list[int]


class Copy:
    """Applies what comes next, ignores what was, and holds what is ahead until the hole is filled.

    A change waits for the message it changes: it may come first, and the message would then be shown as it was.
    While a page is being fetched everything is held.
    """

    def __init__(self) -> None:
        self.seq = self.rev = 0
        self.known: Cursor = [0, 0]
        self.fetching = True
        self.messages: dict[int, Frame] = {}
        self.name: str | None = None
        self.participants: list[str] = []
        self.seats: dict[str, Frame] = {}
        self._created: dict[int, Frame] = {}
        self._changed: dict[int, Frame] = {}

    @property
    def cursor(self) -> Cursor:
        return [self.seq, self.rev]

    @property
    def hole(self) -> bool:
        """Whether something is known to exist that is not here."""
        return not self.fetching and (self.seq < self.known[0] or self.rev < self.known[1])

    def show(self, page: Frame, conversation: Frame, members: list[Frame]) -> None:
        """Starts from what was fetched: the page first, the rest after it."""
        self.seq, self.rev = self.known = page["head"]
        self.messages = {one["seq"]: one for one in page["results"]}
        self._describe(conversation)
        self.meet(members)
        self.fetching = False
        self.advance()

    def meet(self, members: list[Frame]) -> None:
        """Who sits here, in which role, and how far they have got. Cursors of receipts only ever move forward."""
        known, self.seats = self.seats, {one["user_id"]: dict(one) for one in members}
        for who, seat in self.seats.items():
            for kind in ("delivered_seq", "read_seq") if who in known else ():
                seat[kind] = max(seat[kind], known[who][kind])

    def offer(self, event: Frame) -> None:
        """Takes in a `message.created`, `message.changed` or `conversation.changed`, live or out of a batch."""
        message = event.get("message")
        if "rev" not in event:
            self.learn([event["seq"], 0])
            self._created.setdefault(event["seq"], event)
        else:
            self.learn([message["seq"] if message else 0, event["rev"]])
            self._changed.setdefault(event["rev"], event)
        self.advance()

    def learn(self, head: Cursor) -> None:
        self.known = [max(self.known[0], head[0]), max(self.known[1], head[1])]

    def advance(self) -> None:
        while not self.fetching and (self._next_message() or self._next_change()):
            pass
        self._created = {seq: one for seq, one in self._created.items() if seq > self.seq}
        self._changed = {rev: one for rev, one in self._changed.items() if rev > self.rev}

    def receive(self, event: Frame) -> None:
        """Takes in a `receipt.updated`. Reading is delivery too."""
        seat = self.seats.get(event["user_id"])
        for kind in ("delivered", "read") if seat is not None else ():
            if kind in ("delivered", event["kind"]):
                seat[f"{kind}_seq"] = max(seat[f"{kind}_seq"], event["seq"])

    def unread(self, me: str) -> int:
        read = self.seats[me]["read_seq"]
        return sum(seq > read and one["sender_id"] != me and not one["deleted_at"] for seq, one in self._shown())

    def _shown(self) -> list[tuple[int, Frame]]:
        return sorted(self.messages.items())

    def _next_message(self) -> bool:
        event = self._created.pop(self.seq + 1, None)
        if event is not None:
            self.seq += 1
            self.messages[self.seq] = event["message"]
        return event is not None

    def _next_change(self) -> bool:
        event = self._changed.get(self.rev + 1)
        if event is None or (event.get("message") and event["message"]["seq"] > self.seq):
            return False
        self.rev += 1
        self._apply(self._changed.pop(self.rev))
        return True

    def _apply(self, event: Frame) -> None:
        if event.get("message"):
            self.messages[event["message"]["seq"]] = event["message"]
        elif "conversation" in event:
            self._describe(event["conversation"])
        else:
            self._follow(event["kind"], event["details"])

    def _describe(self, conversation: Frame) -> None:
        self.name, self.participants = conversation["name"], list(conversation["participants"])

    def _follow(self, kind: str, details: Frame) -> None:
        """An entry of the log of changes that says what was done instead of how the conversation now is."""
        if kind == "renamed":
            self.name = details["name"]
        elif kind == "member_added":
            self.participants += [one for one in details["user_ids"] if one not in self.participants]
        elif kind in ("member_removed", "member_left"):
            self.participants = [one for one in self.participants if one != details["user_id"]]
