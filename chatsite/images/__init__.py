"""Pictures that come from outside: decoded in a process of their own, made anew, and only then kept."""

from chatsite.images.decoding import BYTES_MAX, MEDIA_TYPES, SIZES, Crop, Whole, squares, whole

__all__ = ["BYTES_MAX", "MEDIA_TYPES", "SIZES", "Crop", "Whole", "squares", "whole"]
