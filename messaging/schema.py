"""The collections of conversations and messages. `conversation_id` leads every hot index, so they shard by it."""

from chatsite.mongo.spec import Collection, Index
from messaging.documents import (
    Block,
    Change,
    Conversation,
    Epoch,
    Invite,
    LinkCard,
    Membership,
    Message,
    Saved,
    Scheduled,
    Upload,
)

CONVERSATIONS = Collection(
    "conversations",
    Conversation,
    (
        Index(
            (("pair", 1),),
            "the one private conversation of two people",
            unique=True,
            only_where={"pair": {"$exists": True}},
        ),
        Index((("participants", 1), ("last_message_at", -1)), "a person's conversations, newest first"),
        Index(
            (("public", 1), ("last_message_at", -1), ("_id", -1)),
            "the rooms that anyone may join, liveliest first",
            only_where={"public": True},
        ),
    ),
)
UNANSWERED = {"request": {"$exists": True}}
MEMBERSHIPS = Collection(
    "memberships",
    Membership,
    (
        Index((("conversation_id", 1), ("user_id", 1)), "a person's seat; who sits in a conversation", unique=True),
        Index((("user_id", 1), ("conversation_id", 1)), "all seats of a person, on hello and in the sidebar"),
        Index(
            (("user_id", 1), ("request", 1), ("conversation_id", 1)),
            "a person's message requests, and what they declined",
            only_where=UNANSWERED,
        ),
        Index((("conversation_id", 1), ("user_id", 1), ("request", 1)), "who has not said yes", only_where=UNANSWERED),
    ),
)
MESSAGES = Collection(
    "messages",
    Message,
    (
        Index((("conversation_id", 1), ("seq", 1)), "pages, catch-up and heads of the log; takes seq", unique=True),
        Index(
            (("conversation_id", 1), ("sender_id", 1), ("client_id", 1)),
            "the stored answer to a repeated send, for ever",
            unique=True,
        ),
        Index(
            (("conversation_id", 1), ("thread_id", 1), ("seq", 1)),
            "pages of a thread, and how many replies there are since",
            only_where={"thread_id": {"$exists": True}},
        ),
        Index((("previews.id", 1),), "whether any shows a card", only_where={"previews.id": {"$exists": True}}),
        Index(
            (("conversation_id", 1), ("pinned_at", -1), ("seq", -1)),
            "what is pinned in a conversation",
            only_where={"pinned_at": {"$exists": True}},
        ),
    ),
)
MESSAGE_CHANGES = Collection(
    "message_changes",
    Change,
    (
        Index((("conversation_id", 1), ("rev", 1)), "what changed since a cursor; takes rev", unique=True),
        Index(
            (("conversation_id", 1), ("actor_id", 1), ("op_id", 1)),
            "the stored answer to a repeated operation, for ever",
            unique=True,
            only_where={"op_id": {"$exists": True}},
        ),
        Index((("message_id", 1), ("rev", 1)), "what a message said before", only_where={"kind": "edited"}),
        Index(
            (("conversation_id", 1), ("at_seq", 1), ("rev", 1)),
            "what happened between the messages of a page",
            only_where={"at_seq": {"$exists": True}},
        ),
    ),
)
INVITES = Collection(
    "invites",
    Invite,
    (
        Index((("token", 1),), "the link that somebody opens", unique=True),
        Index((("conversation_id", 1), ("created_at", -1)), "the links into a group, newest first"),
    ),
)
EPOCHS = Collection("epochs", Epoch)
UPLOADS = Collection(
    "uploads",
    Upload,
    (
        Index((("key", 1),), "the file at an address", unique=True),
        Index((("owner_id", 1), ("state", 1), ("size", 1)), "how much a person has here; what they have not sent"),
        Index((("state", 1), ("moved_at", 1)), "what nobody has any more: what is kept is not looked at"),
        Index((("stored_as", 1),), "who else has the bytes of a file", only_where={"stored_as": {"$exists": True}}),
    ),
)
SEARCH_BLOCKS = Collection(
    "search_blocks",
    Block,
    (
        Index((("conversation_id", 1), ("number", 1)), "one stretch of a log", unique=True),
        Index((("conversation_id", 1), ("upto", 1)), "how far each log was taken in"),
        Index((("conversation_id", 1), ("number", 1), ("last_at", 1), ("first_at", 1)), "the time of some stretches"),
        Index((("conversation_id", 1), ("last_at", 1), ("first_at", 1), ("number", 1)), "the newest stretches"),
        Index(
            (("conversation_id", 1), ("terms", 1), ("number", 1)),
            "in which stretches a word, or its beginning, stands",
        ),
        Index((("stale", 1),), "what edits and deletions are to be taken into", only_where={"stale": True}),
        Index((("version", 1),), "what an earlier way of cutting words has left"),
    ),
)
SCHEDULED_MESSAGES = Collection(
    "scheduled_messages",
    Scheduled,
    (
        Index((("state", 1), ("due_at", 1)), "what is due"),
        Index((("user_id", 1), ("due_at", 1)), "a person's, soonest first"),
        Index((("user_id", 1), ("conversation_id", 1), ("client_id", 1)), "one for each send", unique=True),
    ),
)
SAVED_MESSAGES = Collection(
    "saved_messages",
    Saved,
    (
        Index((("user_id", 1), ("message_id", 1)), "whether a person saved a message", unique=True),
        Index((("user_id", 1), ("_id", -1)), "a person's, last saved first"),
    ),
)
LINK_CARDS = Collection(
    "link_cards",
    LinkCard,
    (
        Index((("url", 1), ("fetched_at", -1)), "what is known of a page already"),
        Index((("looked_at", 1),), "what may be shown by no message any more"),
    ),
)
COLLECTIONS = (
    CONVERSATIONS,
    MEMBERSHIPS,
    MESSAGES,
    MESSAGE_CHANGES,
    INVITES,
    EPOCHS,
    UPLOADS,
    SEARCH_BLOCKS,
    SCHEDULED_MESSAGES,
    SAVED_MESSAGES,
    LINK_CARDS,
)
