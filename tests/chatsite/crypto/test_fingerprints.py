"""Values in MongoDB: sealed, found again by their fingerprint, never there twice."""

from __future__ import annotations

import pytest
from pymongo.errors import DuplicateKeyError

from chatsite import mongo
from chatsite.crypto import envelope
from chatsite.crypto.fingerprints import fingerprint, fingerprints
from tests.sealing import NEW, OLD, ring_of

WHERE = "push_subscriptions.endpoint"
ENDPOINT = "https://push.example/abc"


def test_fingerprints_find_a_value_under_any_key_and_in_its_place_only() -> None:
    with ring_of(OLD):
        old = fingerprint(ENDPOINT, WHERE)
    with ring_of(NEW, OLD):
        new = fingerprint(ENDPOINT, WHERE)
        assert fingerprints(ENDPOINT, WHERE) == [new, old]
        assert fingerprint(ENDPOINT, "elsewhere") not in (new, old)
        assert fingerprint(f"{ENDPOINT}d", WHERE) not in (new, old)
    assert new != old and len(new) == 64


@pytest.mark.mongo
def test_a_sealed_document_is_found_and_kept_from_standing_there_twice() -> None:
    subscriptions = mongo.database()["sealing_test"]
    subscriptions.create_index("endpoint_hmac", unique=True)
    try:
        with ring_of(OLD):
            sealed = envelope.seal(ENDPOINT, envelope.context(WHERE, "ada"))
            subscriptions.insert_one({"endpoint": sealed, "endpoint_hmac": fingerprint(ENDPOINT, WHERE)})
            with pytest.raises(DuplicateKeyError):
                subscriptions.insert_one({"endpoint": sealed, "endpoint_hmac": fingerprint(ENDPOINT, WHERE)})
        with ring_of(NEW, OLD):
            found = subscriptions.find_one({"endpoint_hmac": {"$in": fingerprints(ENDPOINT, WHERE)}})
            assert found and ENDPOINT not in str(found)
            assert envelope.unseal(found["endpoint"], envelope.context(WHERE, "ada")) == ENDPOINT
    finally:
        subscriptions.drop()
