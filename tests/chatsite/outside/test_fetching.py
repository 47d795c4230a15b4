"""A14: whatever address somebody writes, nothing of our own network is asked, and nothing costs more than it may."""

from __future__ import annotations

import gzip
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chatsite.outside import Fetched, Refused, fetch, fetching
from tests.town import OTHER, PUBLIC, Canary, Handler, Site, Town, serving

MOST = 1000  # bytes
PAGE = b"<title>Kites</title>"
PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0/",
    "http://localhost/",
    "http://\uff11\uff12\uff17.0.0.1/",  # full-width digits
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fd00:ec2::254]/",
    "http://inside.test/",
    "http://mixed.test/",
    "http://mixed-later.test/",
]
UNASKED = [
    "gopher://kites.test/",
    "file:///etc/passwd",
    "ftp://kites.test/",
    "http:///",
    "//kites.test/",
    "http://kites.test:22/",
    "http://kites.test:8080/",
    "http://kites.test:443/",
    "https://kites.test:80/",
    "http://kites.test:123456/",
    "http://ada:secret@kites.test/",
    "http://kites.test\\@127.0.0.1/",
    "http://[kites.test/",
    f"http://kites.test/{'x' * 2048}",
    f"http://{'x' * 300}.test/",
]


@pytest.fixture
def town(town: Town) -> Town:
    town.names |= {
        "inside.test": [["169.254.169.254"]],
        "mixed.test": [["127.0.0.1", PUBLIC]],
        "mixed-later.test": [[PUBLIC, "::ffff:10.0.0.1"]],
    }
    return town


def fetched(town: Town, url: str = "http://kites.test/", *, whole: bool = False) -> Fetched:
    return fetch(url, ("text/html",), MOST, whole=whole, line=town)


@pytest.mark.parametrize("url", PRIVATE)
def test_nothing_that_is_not_public_is_called(town: Town, site: Site, canary: Canary, url: str) -> None:
    site.moved("/", url)
    with pytest.raises(Refused, match="not of the public Internet"):
        fetched(town, url)
    with pytest.raises(Refused):
        fetched(town)
    assert (town.called, canary.heard) == ([(PUBLIC, 80)], 0)  # the page that sent us on, and nothing else


@pytest.mark.parametrize("url", PRIVATE)
def test_the_canary_would_have_heard_it(town: Town, canary: Canary, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: True)
    town.houses.clear()
    assert (fetched(town, url).body, canary.heard) == (b"secret", 1)


@pytest.mark.parametrize("url", UNASKED)
def test_an_address_of_another_kind_is_not_even_resolved(town: Town, site: Site, canary: Canary, url: str) -> None:
    with pytest.raises(Refused):
        fetched(town, url)
    assert (town.resolved, town.called, canary.heard) == ([], [], 0)
    site.moved("/", url)
    with pytest.raises(Refused):
        fetched(town)
    assert (set(town.called), canary.heard) == ({(PUBLIC, 80)}, 0)


def test_a_name_that_means_another_address_the_next_time(town: Town, site: Site, canary: Canary) -> None:
    town.names["rebound.test"] = [[PUBLIC], ["127.0.0.1"]]
    site.page("/", PAGE)
    assert fetched(town, "http://rebound.test/").body == PAGE
    assert (town.resolved, canary.heard) == (["rebound.test"], 0)  # asked once: the answer is what is called
    town.names["rebound.test"] = [[PUBLIC], ["127.0.0.1"]]
    site.moved("/", "/again")
    with pytest.raises(Refused, match=r"127\.0\.0\.1"):
        fetched(town, "http://rebound.test/")
    assert canary.heard == 0


def test_redirects_are_followed_three_times(town: Town, site: Site) -> None:
    for number in range(4):
        site.moved(f"/{number}", f"/{number + 1}", (301, 302, 303, 308)[number])
    site.page("/4", PAGE)
    assert fetched(town, "http://kites.test/1").url == "http://kites.test/4"
    with pytest.raises(Refused, match="too often"):
        fetched(town, "http://kites.test/0")


def test_nothing_is_told_of_us_or_of_who_wrote_it(town: Town, site: Site) -> None:
    site.moved("/", "/next?q=\u00e9 1")  # sets a cookie
    site.page("/next", PAGE)
    fetched(town)
    assert [path for path, _headers in site.asked] == ["/", "/next?q=%C3%A9%201"]
    for _path, headers in site.asked:
        assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language", "Connection"}
        assert (headers["Host"], headers["Accept-Encoding"]) == ("kites.test", "identity")


def test_no_more_is_read_than_asked_for(town: Town, site: Site) -> None:
    written = [0]

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.close_connection = True
        try:
            while written[0] < 50_000_000:
                written[0] += handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    site.pages["/"] = endless
    found = fetched(town)
    assert (len(found.body), found.charset, found.media_type) == (MOST, "utf-8", "text/html")
    with pytest.raises(Refused, match="too large"):
        fetched(town, whole=True)
    assert written[0] < 50_000_000


@pytest.mark.parametrize(
    ("headers", "status", "why"),
    [
        ({"kind": "application/pdf"}, 200, "application/pdf"),
        ({"kind": "text/html", "Content_Encoding": "gzip"}, 200, "packed"),
        ({"kind": "text/html", "Content_Encoding": "br"}, 200, "packed"),
        ({"kind": "text/html"}, 404, "404"),
    ],
)
def test_what_else_is_not_taken(town: Town, site: Site, headers: dict[str, str], status: int, why: str) -> None:
    kind = headers.pop("kind")
    site.page("/", gzip.compress(b"\0" * 1_000_000), kind, status, **headers)
    with pytest.raises(Refused, match=why):
        fetched(town)


def drip(before: bytes, drop: bytes) -> object:
    def dripping(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(before)
        try:
            for _ in range(200):
                handler.wfile.write(drop)
                time.sleep(0.02)
        except OSError:
            return

    return dripping


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_drop_now_and_then_keeps_nobody_waiting(
    town: Town, site: Site, monkeypatch: pytest.MonkeyPatch, before: bytes, drop: bytes
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    site.pages["/"] = drip(before, drop)  # type: ignore[assignment]
    begun = time.monotonic()
    with pytest.raises(Refused):
        fetched(town)
    assert time.monotonic() - begun < 1.5


def test_another_address_is_tried_where_one_does_not_answer(
    town: Town, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/", PAGE)
    town.names["kites.test"] = [[OTHER, PUBLIC]]
    town.houses[OTHER, 80] = 1  # nobody listens there
    assert fetched(town).body == PAGE
    assert town.called == [(OTHER, 80), (PUBLIC, 80)]


def test_encryption_proves_whom_one_talks_to(town: Town, tmp_path: Path) -> None:
    server, client = certified(tmp_path, "kites.test")
    with serving(Site(), server) as site:
        site.page("/", PAGE)
        town.trusted, town.houses[PUBLIC, 443] = client, site.port
        town.names["forged.test"] = [[PUBLIC]]
        assert fetched(town, "https://kites.test/").body == PAGE
        with pytest.raises(Refused, match="CERTIFICATE_VERIFY_FAILED"):
            fetched(town, "https://forged.test/")
        town.trusted = None
        with pytest.raises(Refused, match="CERTIFICATE_VERIFY_FAILED"):
            fetched(town, "https://kites.test/")
        assert len(site.asked) == 1


def certified(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server that is this host, and for a client that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "kites.pem"
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(file))
    server.load_cert_chain(file)
    return server, client
