"""PostgreSQL as the site's processes reach it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from environ import Env

from chatsite.postgres.base import DatabaseWrapper

Connect = Callable[..., DatabaseWrapper]


@pytest.fixture
def connect(db: None) -> Iterator[Connect]:
    """Connections to this worker's database: `connect("WEB")` logs in as that; `pool` are options of a pool."""
    made: list[DatabaseWrapper] = []

    def connected(who: str, **pool: Any) -> DatabaseWrapper:
        at = Env.db_url_config(os.environ[f"CHAT_TEST_{who}_URL"])
        options = {"pool": pool} if pool else {}
        settings = {**connection.settings_dict, "USER": at["USER"], "PASSWORD": at["PASSWORD"], "OPTIONS": options}
        made.append(DatabaseWrapper(settings, alias=f"test-{who}"))
        return made[-1]

    yield connected
    for one in made:
        one.close()
    for one in made:
        one.close_pool()
