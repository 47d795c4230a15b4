from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatsite.images.decoding import BYTES_MAX, MEDIA_TYPES, Crop

FARTHEST = 100_000  # pixels


class PictureForm(forms.Form):
    """A picture and the square of it to keep; without JavaScript the square is left out, and the middle is taken."""

    bytes_max = BYTES_MAX  # for the page

    picture = forms.FileField(
        label=_("A new one"),
        help_text=_("A PNG, JPEG, GIF, WebP or AVIF file of up to %(most)d MB.") % {"most": BYTES_MAX // 1024**2},
        allow_empty_file=True,  # it is refused with its own words
        max_length=None,
        widget=forms.FileInput({"accept": ",".join(MEDIA_TYPES)}),
        error_messages={"required": _("Choose a picture first.")},
    )
    x = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=FARTHEST)
    y = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=FARTHEST)
    side = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=FARTHEST)

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(_("At most %(most)d MB, please."), params={"most": BYTES_MAX // 1024**2})
        return file

    def crop(self) -> Crop | None:
        """The square that was chosen; None for the middle."""
        x, y, side = (self.cleaned_data.get(name) for name in ("x", "y", "side"))
        return None if x is None or y is None or side is None else Crop(x, y, side)
