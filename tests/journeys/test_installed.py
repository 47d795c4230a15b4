"""Without a connection there is a page that says so, and nothing of anybody's is kept."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import Desk, Talk, let_in

KEPT = """async () => {
    const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const kept = await Promise.all(all.map((one) => one.keys()))
    return kept.flat().map(({ url }) => new URL(url).pathname)
}"""


def test_the_worker_says_when_there_is_no_connection_and_keeps_nothing_of_anybody(
    talk: Talk, windows: Callable[..., BrowserContext]
) -> None:
    context = windows(service_workers="allow")
    let_in(context, talk, "ada")
    ada = Desk(context.new_page())
    ada.open(talk.address)
    ada.page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    ada.open(talk.address)
    kept = ada.page.evaluate(KEPT)
    assert "/offline/" in kept and any(one.endswith("/js/app.js") for one in kept)
    assert [one for one in kept if one != "/offline/" and not one.startswith("/static/")] == []
    context.set_offline(True)
    ada.page.goto(talk.address)
    expect(ada.page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert ada.page.locator("main.offline").evaluate("main => getComputedStyle(main).display") == "grid"
    context.set_offline(False)
    ada.await_line()
