"""People and what belongs to them, for the staff. No hash of a password or token is ever shown or searched."""

from accounts.admin.addresses import AddressAdmin
from accounts.admin.joining import ApplicationAdmin, InvitationAdmin
from accounts.admin.person import PersonAdmin
from accounts.admin.rows import ProfileAdmin, RefreshTokenAdmin, RelationshipAdmin, SettingAdmin

__all__ = [
    "AddressAdmin",
    "ApplicationAdmin",
    "InvitationAdmin",
    "PersonAdmin",
    "ProfileAdmin",
    "RefreshTokenAdmin",
    "RelationshipAdmin",
    "SettingAdmin",
]
