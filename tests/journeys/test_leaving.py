"""Having a picture, leaving and coming back."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests import pictures
from tests.cast import PASSWORD
from tests.journeys.conftest import Enter, Talk


def test_a_picture_is_chosen_with_the_keyboard_and_others_see_it(enter: Enter, talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "me.png"
    file.write_bytes(pictures.saved(pictures.halves(400, 200)))
    page = enter("ada", address=f"{talk.url}/profile/").page
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".picture-stage img")).to_be_visible()
    page.locator(".picture-stage").focus()
    for key in ["ArrowLeft"] * 20 + ["+"] * 5:
        page.keyboard.press(key)
    expect(page.locator("[name=x]")).not_to_have_value("100")  # the middle
    page.get_by_role("button", name="Use this picture").click()
    expect(page.locator(".page-head .avatar img")).to_be_visible()
    ben = enter("ben", address=f"{talk.url}/people/ada/").page
    ben.wait_for_function("() => document.querySelector('.person-head .avatar img')?.naturalWidth > 0")
    source = ben.locator(".person-head .avatar img").evaluate("image => image.currentSrc")
    assert source.endswith(("/128.webp", "/512.webp"))


def test_a_bad_file_is_named_at_the_field(enter: Enter, talk: Talk, tmp_path: Path) -> None:
    file = tmp_path / "me.png"
    file.write_bytes(pictures.SVG)
    page = enter("ada", address=f"{talk.url}/profile/").page
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".picture-crop")).to_be_hidden()  # the browser cannot show it either
    page.get_by_role("button", name="Use this picture").click()
    expect(page.locator("chat-picture .errorlist")).to_contain_text("not a picture we can read")
    expect(page.locator(".page-head .avatar img")).to_have_count(0)


def test_who_leaves_is_gone_for_others_and_is_back_after_saying_so(enter: Enter, talk: Talk) -> None:
    ben = enter("ben").page
    ada = enter("ada", address=f"{talk.url}/settings/leave/").page
    ada.get_by_text("Delete my account…").click()
    ada.get_by_role("button", name="Delete my account").click()
    ada.fill("[name=password]", PASSWORD)
    ada.press("[name=password]", "Enter")
    expect(ada.get_by_role("heading", name="You are logged out everywhere")).to_be_visible()
    ben.reload()
    expect(ben.get_by_role("heading", name="Deactivated account").first).to_be_visible()
    ada.goto(f"{talk.url}/accounts/login/")
    ada.fill("[name=login]", "ada")
    ada.fill("[name=password]", PASSWORD)
    ada.press("[name=password]", "Enter")
    ada.get_by_role("button", name="Keep my account").click()
    ada.wait_for_url(f"{talk.url}/")
    ben.reload()
    expect(ben.get_by_role("heading", name="Ada Lovelace").first).to_be_visible()
