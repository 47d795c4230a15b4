"""PostgreSQL rows about people: the five tables of the database plan, and what signing up and leaving need."""

from accounts.models.application import Application
from accounts.models.departure import Departure, RetiredName
from accounts.models.export import Export
from accounts.models.invitation import Invitation
from accounts.models.profile import Profile
from accounts.models.refresh_token import RefreshToken
from accounts.models.relationship import Relationship
from accounts.models.setting import Setting
from accounts.models.user import User

__all__ = [
    "Application",
    "Departure",
    "Export",
    "Invitation",
    "Profile",
    "RefreshToken",
    "Relationship",
    "RetiredName",
    "Setting",
    "User",
]
