"""PostgreSQL rows about people: the five tables of the database plan, invitations and applications."""

from accounts.models.application import Application
from accounts.models.invitation import Invitation
from accounts.models.profile import Profile
from accounts.models.refresh_token import RefreshToken
from accounts.models.relationship import Relationship
from accounts.models.setting import Setting
from accounts.models.user import User

__all__ = ["Application", "Invitation", "Profile", "RefreshToken", "Relationship", "Setting", "User"]
