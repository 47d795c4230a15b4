"""PostgreSQL rows about people: the five tables of the database plan."""

from accounts.models.profile import Profile
from accounts.models.refresh_token import RefreshToken
from accounts.models.relationship import Relationship
from accounts.models.setting import Setting
from accounts.models.user import User

__all__ = ["Profile", "RefreshToken", "Relationship", "Setting", "User"]
