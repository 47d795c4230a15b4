"""Messages of an export as those of our log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid5

from accounts.services.people import Card
from chatsite.clock import now
from chatsite.management.slack.emoji import emoji
from chatsite.management.slack.mrkdwn import Names, Text, converted
from chatsite.management.slack.shapes import File, Message, Place
from chatsite.types import ObjectId, UserId
from messaging import markup
from messaging.documents import CONTENT_MAX, Reaction
from messaging.services.archive import Entry, Known, lasting_id

SPACE = UUID("7d0a7f3e-52f5-5d47-9c55-7f5d3a2c9e18")
STAMP = re.compile(r"(\d{1,11})\.?(\d{0,9})")
SAID = {None, "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_mention", "file_comment"}
LEFT_OUT = {
    "bot_message": "messages of bots",
    "bot_add": "comings of bots",
    "bot_remove": "goings of bots",
    "channel_join": "joins",
    "group_join": "joins",
    "channel_leave": "departures",
    "group_leave": "departures",
    "channel_name": "renames",
    "group_name": "renames",
    "channel_topic": "topics",
    "group_topic": "topics",
    "channel_purpose": "purposes",
    "group_purpose": "purposes",
    "channel_archive": "archivings",
    "channel_unarchive": "archivings",
    "group_archive": "archivings",
    "group_unarchive": "archivings",
    "channel_convert_to_private": "conversions",
    "pinned_item": "pins",
    "reminder_add": "reminders",
    "tombstone": "deleted messages",
}
KINDS_MAX = 20  # unknown ones that are named
SLACKBOT = "USLACKBOT"
SECRETS = {"t", "token"}  # of a file's address: what follows opens all files of the export to whoever has it


class Reader:
    """Makes entries of messages. `skipped` counts what is left out of the log, and `lost` what is left out of those
    that are in it, by what it is; `people` are the cards of authors by Slack's ids."""

    def __init__(self, people: Mapping[str, Card], bots: Iterable[str], channels: Mapping[str, str]) -> None:
        self.people, self._bots = people, {SLACKBOT, *bots}
        self._names = Names({who: card.username for who, card in people.items() if card.username}, channels)
        self.skipped: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def entries(self, here: ObjectId, place: Place, day: Iterable[Message]) -> Iterator[Known]:
        """What is taken in of a day, in the order of its times."""
        timed = [(moment(one.ts), one) for one in day]
        self.skipped["messages without a time"] += sum(at is None for at, _one in timed)
        known = sorted((at, one.ts, number) for number, (at, one) in enumerate(timed) if at)
        for at, _ts, number in known:
            one = timed[number][1]
            reason = self._reason(one)
            if reason:
                self.skipped[reason] += 1
            else:
                yield from self._known(here, place, one, at)

    def _reason(self, one: Message) -> str:
        """Why it is left out; "" where it is not."""
        if one.bot_id or (one.user or "") in self._bots:
            return "messages of bots"
        if one.type != "message" or one.subtype not in SAID:
            return LEFT_OUT.get(one.subtype or "", "") or self._unknown(one)
        if not one.user or one.user not in self.people:
            return "messages of nobody known"
        return ""

    def _unknown(self, one: Message) -> str:
        """An export may have any number of them."""
        kind = "".join(letter for letter in (one.subtype or one.type) if letter.isalnum() or letter in "_-")[:40]
        named = f"messages of the unknown kind {kind or '?'}"
        many = sum("unknown kind" in reason for reason in self.skipped) >= KINDS_MAX
        return "messages of further unknown kinds" if many and named not in self.skipped else named

    def _known(self, here: ObjectId, place: Place, one: Message, at: datetime) -> Iterator[Known]:
        """The message; where it is longer than ours may be, in parts."""
        text = converted(one.text or "", self._names)
        self.lost["emoji that a workspace has made, left as their names"] += text.unknown_emoji
        root_at = moment(one.thread_ts) if one.thread_ts and one.thread_ts != one.ts else None
        root = lasting_id(here, _key(place, one.thread_ts), root_at) if root_at and one.thread_ts else None
        content = self._content(one, text).replace("\0", "")
        if not content.strip():
            self.skipped["empty messages"] += 1
            return
        parts = cut(content)
        self.lost["messages in several parts, as they were too long"] += len(parts) > 1
        for number, content in enumerate(parts):
            key = _key(place, one.ts) + (f":{number}" if number else "")
            meant = self._meant(text) if not number else ()
            entry = Entry(str(uuid5(SPACE, key)), self.people[one.user or ""].id, content, at, mentions=meant)
            reactions = self._reactions(one) if not number else ()
            edited = moment(one.edited.ts) if one.edited else None
            yield Known(lasting_id(here, key, at), entry, root, edited, reactions)

    def _content(self, one: Message, text: Text) -> str:
        words = f"{markup.DEED}{text.words}" if one.subtype == "me_message" else text.words.strip("\n")
        files = [f"[{_file_name(file)}]({_address(file)})" for file in one.files or () if file and _address(file)]
        self.lost["files that are gone"] += len(one.files or ()) - len(files)
        self.lost["files, left as links"] += len(files)
        return "\n".join([words, *files] if words.strip() else files)

    def _meant(self, text: Text) -> tuple[UserId, ...]:
        return tuple(dict.fromkeys(self.people[who].id for who in text.mentioned))

    def _reactions(self, one: Message) -> tuple[Reaction, ...]:
        found: dict[str, dict[UserId, None]] = {}
        for reaction in one.reactions:
            sign = emoji(reaction.name)
            who = [self.people[user].id for user in reaction.users if user in self.people]
            if sign and who:
                found.setdefault(sign, {}).update(dict.fromkeys(who))
            else:
                self.lost["reactions with what is no emoji here, or by nobody known"] += 1
        return tuple(Reaction(emoji=sign, user_ids=list(who)) for sign, who in found.items())


def moment(stamp: str | None) -> datetime | None:
    """A time as Slack writes it, to the millisecond; None for what is none, or still to come."""
    found = STAMP.fullmatch(stamp or "")
    if found is None:
        return None
    try:
        second = datetime.fromtimestamp(int(found[1]), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    at = second + timedelta(milliseconds=int((found[2] + "000")[:3]))
    return None if at > now() + timedelta(days=1) else at


def cut(content: str) -> list[str]:
    """A text in parts that are no longer than a message may be, between lines where there are some. Code that is cut
    goes on as code."""
    parts, fence = [], "```"
    room = CONTENT_MAX - 2 * (len(fence) + 1)
    while len(content) > CONTENT_MAX:
        end = content.rfind("\n", room // 2, room)
        head, content = content[: end if end > 0 else room], content[end + 1 if end > 0 else room :]
        if head.count(fence) % 2:
            head, content = f"{head}\n{fence}", f"{fence}\n{content}"
        parts.append(head)
    return [*parts, content]


def _key(place: Place, stamp: str | None) -> str:
    return f"{place.id}:{stamp}"


def _address(file: File | None) -> str:
    """Where Slack has it, for whoever may see it there: without what would open it, and all others, to anyone."""
    address = (file.permalink or file.url_private or "") if file else ""
    try:
        parts = urlsplit(address)
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in SECRETS]
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts._replace(query=urlencode(kept)).geturl().replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def _file_name(file: File) -> str:
    shown = " ".join((file.name or file.title or "file").split())[:200]
    return re.sub(r"([\\\[\]`*_])", r"\\\1", shown)
