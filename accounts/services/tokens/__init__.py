"""How clients other than browsers stay signed in: refresh tokens, access tokens, one-use tickets."""

from accounts.services.tokens.access import authenticate, caller, family_of, read_access
from accounts.services.tokens.families import Family, end, families
from accounts.services.tokens.passes import Pass, standing, stands
from accounts.services.tokens.refreshing import Pair, issue, refresh, revoke, revoke_all
from accounts.services.tokens.tickets import issue_ticket, redeem_ticket

__all__ = [
    "Family",
    "Pair",
    "Pass",
    "authenticate",
    "caller",
    "end",
    "families",
    "family_of",
    "issue",
    "issue_ticket",
    "read_access",
    "redeem_ticket",
    "refresh",
    "revoke",
    "revoke_all",
    "standing",
    "stands",
]
