"""Pictures of people: made of what they upload, shown to whom the policy lets see them, swept up when nobody has them.

A picture's address holds a hash of whose it is and what it shows: under one address there is always the same picture,
and whether somebody may see it is asked of the one profile that points there.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from accounts import policy
from accounts.models import Profile
from accounts.models.profile import AVATARS
from accounts.services import facts, profiles
from chatsite import images
from chatsite.errors import NotFound
from chatsite.images import Crop, keeping
from chatsite.postgres.scope import acting, as_worker
from chatsite.types import UserId
from chatsite.web.storage import PARTS, listing

FOLDER = "avatars"  # in the storage


@acting
def put(me: UserId, picture: bytes, crop: Crop | None = None) -> Profile:
    """Make this my picture. Raises what `keeping.keep` raises; then nothing has changed."""
    key = keeping.keep(me.encode(), picture, crop, _name)
    return profiles.update(me, avatar_url=_address(key))


@acting
def remove(me: UserId) -> Profile:
    """Have letters instead of a picture. The files go at night; from now on nobody gets them."""
    return profiles.update(me, avatar_url=None)


@acting
def discard(user: UserId) -> None:
    """Delete a person's picture at once: they are about to be deleted."""
    address = profiles.profile(user).avatar_url
    if address:
        remove(user)
        for size in images.SIZES:
            default_storage.delete(_name(address.split("/")[-2], size))


@acting
def name(viewer: UserId, key: str, size: int) -> str:
    """The name in the storage of a picture that this person may see. Raises NotFound."""
    owner = Profile.objects.filter(avatar_url=_address(key)).values_list("user_id", flat=True).first()
    if owner is None or size not in images.SIZES or not _may_see(viewer, owner):
        raise NotFound(_("There is no such picture."))
    return _name(key, size)


@acting
def own(me: UserId) -> bytes | None:
    """My picture at its largest, None where I have none."""
    address = profiles.profile(me).avatar_url
    if not address:
        return None
    try:
        return keeping.read(name(me, address.split("/")[-2], max(images.SIZES)))
    except NotFound:
        return None


def sweep() -> int:
    """Deletes pictures that no profile points to, and what a crash left half written. Returns how many files."""
    return keeping.sweep(_left_behind())


def _left_behind() -> Iterator[str]:
    yield from (f"{PARTS}/{part}" for part in listing(PARTS)[1])
    for shelf in listing(FOLDER)[0]:
        keys = listing(f"{FOLDER}/{shelf}")[0]
        with as_worker():
            used = set(Profile.objects.filter(avatar_url__in=map(_address, keys)).values_list("avatar_url", flat=True))
        for key in keys:
            if _address(key) not in used:
                yield from (_name(key, size) for size in images.SIZES)


def _may_see(viewer: UserId, owner: UUID) -> bool:
    return str(owner) == viewer or policy.see_picture(facts.between(viewer, UserId(str(owner)))) != policy.NO


def _name(key: str, size: int) -> str:
    return f"{FOLDER}/{key[:2]}/{key}/{size}.webp"


def _address(key: str) -> str:
    return f"{AVATARS}{key}/{keeping.STANDARD}.webp"
