"""Square pictures as they are kept: at all sizes, under a key that says whose it is and what it shows.

Under one key there is always the same picture. Who may see it, and where it lies, is for whoever keeps it: a `Name` is
the name in the storage of a key's picture at a size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from chatsite import images
from chatsite.errors import ChatError, NotFound
from chatsite.images import Crop
from chatsite.web.storage import untouched

Name = Callable[[str, int], str]
STANDARD = 128  # pixels: the size whose address stands for all of them
KEY_LENGTH = 32  # hex digits, 128 bits
LEFT_FOR = timedelta(days=1)  # how long a file that nobody has stays


def keep(whose: bytes, picture: bytes, crop: Crop | None, name: Name) -> str:
    """Makes the squares of an upload and stores them. Returns their key. Raises what `images.squares` and the storage
    raise, with the words at the field `picture`."""
    try:
        made = images.squares(picture, crop) if crop else images.squares(picture)
        key = hashlib.sha256(whose + made[max(made)]).hexdigest()[:KEY_LENGTH]
        for size, square in made.items():
            default_storage.save(name(key, size), ContentFile(square))
    except ChatError as error:
        error.fields = {"picture": [error.detail]}
        raise
    return key


def read(name: str) -> bytes:
    """The picture of this name in the storage. Raises NotFound."""
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise NotFound(_("There is no such picture.")) from None


def sweep(left: Iterable[str]) -> int:
    """Deletes those of these files that have been there for a while. Returns how many."""
    gone = [one for one in left if untouched(one, LEFT_FOR)]
    for one in gone:
        default_storage.delete(one)
    return len(gone)
