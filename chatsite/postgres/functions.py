"""The functions that policies use, as data.

Those that look at rows which who asks may not see run with the rights of `chat_rules`, a role that nobody logs in as or
becomes. They say only what concerns the person of the scope.
"""

from __future__ import annotations

from typing import NamedTuple

from chatsite.postgres.roles import APP, RO, RULES, WORKER


class Function(NamedTuple):
    """`users`: who may call it; none named: everyone. `looks`: it runs as RULES."""

    name: str
    returns: str
    body: str
    users: tuple[str, ...] = ()
    looks: bool = True

    def definition(self) -> str:
        """The statement that makes it; the owner is set apart."""
        rights = "SECURITY DEFINER" if self.looks else "SECURITY INVOKER"
        return (
            f"CREATE OR REPLACE FUNCTION chat_app.{self.name}() RETURNS {self.returns} LANGUAGE sql STABLE {rights} "
            f"SET search_path = chat_app, pg_temp AS $${self.body}$$"
        )


UID = "(SELECT chat_app.uid())"

FUNCTIONS = (
    # Not '' but NULL where nobody is set: after a transaction PostgreSQL leaves '' behind.
    Function("uid", "uuid", "SELECT NULLIF(current_setting('chat.user_id', true), '')::uuid", looks=False),
    # Those between whom and the person there is a block, whoever of the two set it: `accounts.policy.open_profile`.
    # NULL where there is no person, so that a comparison with it admits nobody.
    Function(
        "hidden",
        "uuid[]",
        f"SELECT CASE WHEN {UID} IS NOT NULL THEN coalesce(array_agg(other), '{{}}') END FROM ("  # noqa: S608
        f"SELECT related_user_id AS other FROM relationships WHERE type = 'blocked' AND user_id = {UID} UNION ALL "
        f"SELECT user_id FROM relationships WHERE type = 'blocked' AND related_user_id = {UID}) AS blocks",
        (APP,),
    ),
    # Those who have said yes to being friends with the person.
    Function(
        "agreed",
        "SETOF uuid",
        "SELECT user_id FROM relationships WHERE related_user_id = (SELECT chat_app.uid()) AND type = 'friend' "
        "AND status = 'accepted'",
        (APP,),
    ),
    # Those whose time to change their mind is over.
    Function(
        "leaving",
        "SETOF uuid",
        "SELECT user_id FROM departures WHERE due_at <= clock_timestamp() AND begun_at IS NOT NULL",
        (WORKER,),
    ),
    Function(
        "counted",
        "TABLE (people bigint, active bigint, new_in_week bigint, seen_in_week bigint)",
        "SELECT count(*), count(*) FILTER (WHERE is_active), count(*) FILTER (WHERE created_at >= now() - "
        "interval '7 days'), count(*) FILTER (WHERE last_login_at >= now() - interval '7 days') FROM users",
        (RO,),
    ),
)
OWNED_BY = RULES
VIEWS = {"figures": "SELECT people, active, new_in_week, seen_in_week FROM chat_app.counted()"}
"""With the rights of who asks. For reports: counts, and nothing of anybody."""
VIEWERS = (RO,)
