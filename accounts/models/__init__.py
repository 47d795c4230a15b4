"""PostgreSQL rows about people: the five tables of the database plan, and what leaving and copies of data need."""

from accounts.models.departure import Departure, RetiredName
from accounts.models.export import Export
from accounts.models.profile import Profile
from accounts.models.refresh_token import RefreshToken
from accounts.models.relationship import Relationship
from accounts.models.setting import Setting
from accounts.models.user import User

__all__ = [
    "Departure",
    "Export",
    "Profile",
    "RefreshToken",
    "Relationship",
    "RetiredName",
    "Setting",
    "User",
]
