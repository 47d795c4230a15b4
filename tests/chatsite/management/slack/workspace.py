"""Exports of a small workspace, made when they are needed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

DAY = 1_583_884_800  # 2020-03-11, midnight UTC, in seconds
USERS: list[dict[str, Any]] = [
    {
        "id": "UADA",
        "name": "ada.l",
        "profile": {"email": "ADA@example.org", "real_name": "Ada L", "display_name": ""},
    },
    {"id": "UNEW", "name": "Nell Ó", "profile": {"email": "nell@example.org", "display_name": "Nell"}},
    {"id": "UOLD", "name": "olaf", "deleted": True, "profile": {"email": "olaf@example.org", "real_name": "Olaf"}},
    {"id": "UBOT", "name": "robot", "is_bot": True, "profile": {"real_name": "Robot"}},
    {"id": "UBAD", "name": "root", "profile": {"email": "no address", "real_name": "Rudi"}},
]
CHANNELS = [
    {"id": "C1", "name": "general", "creator": "UADA", "members": ["UADA", "UNEW", "UOLD"]},
    {"id": "C2", "name": "kites", "creator": "UGONE", "members": []},
]
GROUPS = [{"id": "G1", "name": "secret", "creator": "UNEW", "members": ["UNEW", "UBOT"]}]
DMS = [
    {"id": "D1", "members": ["UADA", "UNEW"]},
    {"id": "D2", "members": ["UADA", "UADA"]},
    {"id": "D3", "members": ["UADA", "UGONE"]},
]
MPIMS = [{"id": "M1", "name": "mpdm-ada.l--nell--olaf-1", "members": ["UADA", "UNEW", "UOLD"]}]
Days = dict[str, list[Any]]


def said(second: float, text: str, user: str = "UADA", **more: Any) -> dict[str, Any]:
    """A message, so many seconds after midnight of DAY."""
    return {"type": "message", "user": user, "text": text, "ts": f"{DAY + second:.6f}", **more}


def export(file: Path, days: Days, **lists: Any) -> Path:
    """A zip with these days, by folder and day; `lists` stand for the usual ones, None for none."""
    wanted = {"users": USERS, "channels": CHANNELS, "groups": GROUPS, "dms": DMS, "mpims": MPIMS} | lists
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in wanted.items():
            if content is not None:
                made.writestr(f"{name}.json", json.dumps(content))
        for name, content in days.items():
            made.writestr(f"{name}.json", content if isinstance(content, str) else json.dumps(content))
    return file
