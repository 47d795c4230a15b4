"""New people: who may sign up, the first administrator, and links that let someone choose a password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, Profile, User
from accounts.services import addresses, applications, invitations
from chatsite.errors import Conflict, Forbidden
from chatsite.postgres import turns
from chatsite.postgres.scope import as_auth, as_site

HERE = "http://127.0.0.1:8000"  # where `up` listens when CHAT_URL names no other address
_begun = False


def begun() -> bool:
    """Whether anyone has an account. Once true it stays so, and costs nothing more."""
    global _begun
    if not _begun:
        with as_site():
            _begun = User.objects.exists()
    return _begun


@as_auth()
@transaction.atomic
def first_administrator(username: str, email: str, password: str) -> User:
    """The account that owns a fresh installation. Raises Conflict when there is a person already, also when two try at
    the same moment: the second waits for the first one's transaction."""
    turns.take("first administrator")
    if User.objects.exists():
        raise Conflict(_("This chat has its first administrator already. Please log in."))
    return complete(User.objects.create_superuser(username, email, password, is_verified=True))


def is_open(invitation: Invitation | None) -> bool:
    """Whether one may sign up now, as CHAT_SIGNUP has it; `invitation` is the one shown, if it works."""
    return settings.CHAT_SIGNUP in ("open", "approval") or (settings.CHAT_SIGNUP == "invite" and invitation is not None)


@as_auth()
def admit(user: User, invitation: Invitation | None = None, *, vouched: bool = False) -> User:
    """What becomes of someone who signs up. Where approval is asked for they wait, unless the staff invited them or
    somebody else vouches for them. Raises Forbidden when others were faster to use the invitation."""
    Profile.objects.get_or_create(user=user)
    if invitation is not None:
        invitations.use(invitation)
    elif settings.CHAT_SIGNUP == "invite" and not vouched:
        raise Forbidden(_("Here one signs up by an invitation, and yours has just been used up. Ask for a new one."))
    if settings.CHAT_SIGNUP == "approval" and not vouched and not (invitation and invitation.made_by.is_staff):
        applications.apply(user)
    return user


@as_auth()
def complete(user: User) -> User:
    """What belongs to every account that the staff make: a profile, and allauth's row of the address."""
    Profile.objects.get_or_create(user=user)
    addresses.put(user, user.email, verified=user.is_verified)
    return user


@as_auth()
def password_link(user: User) -> str:
    """An address where this person, once and within PASSWORD_RESET_TIMEOUT, chooses a password; for an administrator to
    hand over where mail does not reach them."""
    user = User.objects.get(pk=user.pk)  # whole: the link is good for the password that is in force
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return (settings.CHAT_URL or HERE) + reverse("account_reset_password_from_key", kwargs=key)
