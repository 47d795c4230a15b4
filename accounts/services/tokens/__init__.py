"""How clients other than browsers stay signed in: refresh tokens, access tokens, one-use tickets."""

from accounts.services.tokens.access import authenticate, verify_access
from accounts.services.tokens.families import Family, end, families
from accounts.services.tokens.refreshing import Pair, issue, refresh, revoke, revoke_all
from accounts.services.tokens.tickets import issue_ticket, redeem_ticket

__all__ = [
    "Family",
    "Pair",
    "authenticate",
    "end",
    "families",
    "issue",
    "issue_ticket",
    "redeem_ticket",
    "refresh",
    "revoke",
    "revoke_all",
    "verify_access",
]
