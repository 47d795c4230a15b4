from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.cast import Cast

HEADING = "username,email,display_name,password"


@pytest.fixture
def table(tmp_path: Path, db: None) -> Path:
    return tmp_path / "people.csv"


def run(table: Path, *lines: str, heading: str = HEADING) -> None:
    table.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    call_command("importusers", str(table))


@pytest.mark.usefixtures("earnest_hashing")
def test_people_are_made_with_all_they_need(table: Path) -> None:
    run(
        table,
        'fay,Fay@Example.org,"Fay, née Wray",seven small purple boats',
        "Zoë,zoe@example.org,,another long pass phrase",
    )
    fay, zoe = User.objects.order_by("search_key")
    assert (fay.email, fay.profile.display_name, zoe.profile.display_name) == ("fay@example.org", "Fay, née Wray", None)
    assert fay.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$"), "nothing weaker than for anybody"
    assert authenticate(None, username="FAY", password="seven small purple boats") == fay


def test_without_a_password_there_is_a_link(table: Path, capsys: pytest.CaptureFixture, client: Client) -> None:
    run(table, "fay,fay@example.org,Fay,")
    name, link = capsys.readouterr().out.splitlines()[-1].split()
    assert name == "fay" and not User.objects.get().has_usable_password()
    page = client.get(link.replace("http://127.0.0.1:8000", ""), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "another long pass phrase"})
    assert User.objects.get().check_password("another long pass phrase")


def test_every_wrong_line_is_named_and_nobody_is_made(table: Path, cast: Cast, capsys: pytest.CaptureFixture) -> None:
    before = User.objects.count()
    with pytest.raises(CommandError):
        run(
            table,
            "fay,fay@example.org,Fay,seven small purple boats",
            "admin,admin@example.net,,",
            "gus,not an address,,",
            "hal,hal@example.org,,short",
            "FAY,fay2@example.org,,",
            "ivy,ben@example.org,,",
            "kim,kim@example.org",
            f"leo,leo@example.org,{'x' * 101},",
            "mia,mia@example.org,,,too,many",
        )
    said = capsys.readouterr().err
    assert {int(line.split(":")[1]) for line in said.splitlines() if line.startswith("people.csv")} == {
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
    }
    assert User.objects.count() == before


def test_who_is_there_is_left_alone(table: Path, cast: Cast, capsys: pytest.CaptureFixture) -> None:
    hashed = cast.ada.password
    run(table, "ADA,someone@example.net,Imposter,seven small purple boats", "fay,fay@example.org,Fay,")
    assert "ADA is there already: left alone." in capsys.readouterr().out
    cast.ada.refresh_from_db()
    assert (cast.ada.password, cast.ada.email) == (hashed, "ada@example.org")
    run(table, "fay,fay@example.org,Fay,")
    assert User.objects.filter(username="fay").count() == 1


@pytest.mark.parametrize("heading", ["", "name,mail", "username,email,display_name"])
def test_a_table_with_another_heading_is_refused(table: Path, heading: str) -> None:
    with pytest.raises(CommandError, match="columns"):
        run(table, "x,y,z", heading=heading)


def test_what_cannot_be_read_is_said(table: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("importusers", str(table))
    table.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("importusers", str(table))
