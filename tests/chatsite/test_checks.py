"""Wrong settings are named, with what to do."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from chatsite import mongo


def found(**settings: object) -> set[str]:
    with override_settings(**settings):
        return {one.id or "" for one in run_checks(include_deployment_checks=True) if one.hint}


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        ({"SECRET_KEY_IS_KEPT": False}, {"SECRET_KEY_IS_KEPT": True}, "chat.E001"),
        ({"CHAT_SIGNUP": "maybe"}, {"CHAT_SIGNUP": "closed"}, "chat.E002"),
        ({"CHAT_INVITERS": "dora"}, {"CHAT_INVITERS": "members"}, "chat.E002"),
        ({"OIDC_URL": "https://id.example"}, {"OIDC_URL": ""}, "chat.E004"),
        ({"OIDC_URL": "http://id.example"}, {"OIDC_URL": "https://id.example"}, "chat.E013"),
        ({"CHAT_URL": "chat.example.org"}, {"CHAT_URL": "https://chat.example.org"}, "chat.E003"),
        ({"CHAT_URL": "https://chat.example.org/chat"}, {"CHAT_URL": ""}, "chat.E003"),
        ({"CHAT_RATE_LIMITS": False}, {"CHAT_RATE_LIMITS": True}, "chat.E010"),
        ({"LINK_PREVIEWS": True}, {"LINK_PREVIEWS": False}, "chat.I014"),
        ({"SECURE": False}, {"SECURE": True}, "chat.E011"),
        ({"MONGODB_URL": "mongodb://a.example,127.0.0.1/chat"}, {"MONGODB_URL": "mongodb://[::1]:1/chat"}, "chat.E012"),
        ({"REDIS_URL": "redis://10.0.0.1:6379/0"}, {"REDIS_URL": "rediss://10.0.0.1:6379/0"}, "chat.E012"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], right: dict[str, object], expected: str) -> None:
    assert expected in found(**wrong)
    assert expected not in found(**{"MONGODB_URL": "mongodb://localhost/chat", "REDIS_URL": "", **right})


@pytest.mark.mongo
@pytest.mark.django_db
def test_a_drifted_collection_is_noticed() -> None:
    assert "chat.W021" not in {one.id for one in run_checks(databases=["default"])}
    mongo.database()["messages"].drop_index("conversation_id_1_seq_1")
    try:
        assert "chat.W021" in {one.id for one in run_checks(databases=["default"])}
    finally:
        mongo.database()["messages"].create_index([("conversation_id", 1), ("seq", 1)], unique=True)
