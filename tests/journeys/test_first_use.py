"""What is fetched when somebody first uses it: what they did meanwhile is not lost."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Desk, Enter
from tests.journeys.test_files import TEXT, choose


def hold(page: Page, module: str) -> list[Route]:
    """Keeps a module back; what this gives is filled with who asks for it."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(f"**/js/{module}", keep)
    return held


def let_go(desk: Desk, held: list[Route]) -> None:
    while not held:
        desk.page.wait_for_timeout(50)
    for route in held:
        route.continue_()


def test_the_first_click_opens_the_menu_of_a_row(enter: Enter) -> None:
    ada = enter("ada")
    held = hold(ada.page, "lib/row-menu.js")
    ada.page.locator("chat-sidebar .row-more").first.dispatch_event("click")
    expect(ada.page.locator("#row-menu")).to_be_hidden()
    let_go(ada, held)
    expect(ada.page.locator("#row-menu")).to_be_visible()


def test_the_first_click_opens_the_menu_of_a_message(enter: Enter) -> None:
    ada = enter("ada")
    held = hold(ada.page, "lib/message-menu.js")
    ada.say("the kite")
    ada.await_settled(1)
    ada.page.locator(".message .when").dispatch_event("click")
    let_go(ada, held)
    expect(ada.page.get_by_role("menuitem", name="Reply", exact=True)).to_be_visible()


def test_the_first_file_goes_with_what_is_sent_at_once(enter: Enter) -> None:
    ada = enter("ada")
    held = hold(ada.page, "lib/file-tray.js")
    choose(ada, ("notes.txt", TEXT))
    ada.field.fill("look at this")
    ada.field.press("Enter")
    expect(ada.field).to_have_value("look at this")
    let_go(ada, held)
    ada.await_settled(1)
    expect(ada.page.locator(".message .file-name")).to_have_text("notes.txt")
    expect(ada.page.locator(".message .message-body")).to_have_text("look at this")
