"""Coming in with a real browser: a passkey under the strict policy, the lock, and the pages around them by axe."""

from __future__ import annotations

from django.test import override_settings
from playwright.sync_api import Browser, Page
from tests.access.people import PASSWORD, somebody, with_app
from tests.journeys.test_pages import keep, look
from tests.web.people import open_office

from seinpost.packs.procedure.terms import Role


def virtual_key(page: Page) -> None:
    """Give the browser a passkey holder that says yes, as a laptop with a fingerprint reader has."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def seen(page: Page, name: str) -> list[object]:
    """What axe and a narrow screen find wrong with a page, light and dark; a picture of each."""
    faults: list[object] = []
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        faults += [(name, width, fault) for fault in look(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((name, width, "scrolls sideways"))
        keep(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 800})
    return faults


def enter(page: Page, login: str) -> None:
    """Fill the login form in."""
    page.goto("/account/login/")
    page.get_by_label("Inlognaam").fill(login)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()


@override_settings(SECOND_FACTOR=frozenset(("all",)))
def test_a_passkey_is_set_up_before_anything_opens_and_then_is_the_way_in(browser: Browser, site: str) -> None:
    person = somebody(open_office())
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    virtual_key(page)
    page.goto("/account/login/")
    faults = seen(page, "login")
    enter(page, person.login)
    page.wait_for_url("**/mijn/tweede-factor/")
    faults += seen(page, "factor-start")
    page.get_by_role("link", name="App instellen").click()
    faults += seen(page, "factor-app")
    page.go_back()
    page.get_by_role("link", name="Passkey of sleutel toevoegen").click()
    faults += seen(page, "factor-passkey")
    page.get_by_label("Naam").fill("laptop")
    page.get_by_role("button", name="Toevoegen").click()
    page.wait_for_url("**/recovery-codes/")
    faults += seen(page, "recovery-codes")
    page.get_by_role("link", name="Ik heb ze bewaard, naar Seinpost").click()
    page.goto("/mijn/account/")
    assert "laptop" in page.inner_text("main")
    faults += seen(page, "account")
    page.locator("summary", has_text=person.name).click()
    page.get_by_role("button", name="Afmelden").click()
    enter(page, person.login)
    page.wait_for_url("**/2fa/authenticate/")
    faults += seen(page, "factor-asked")
    page.get_by_role("button", name="Passkey of sleutel gebruiken").click()
    page.wait_for_url(f"{site}/")
    page.locator("summary", has_text=person.name).click()
    page.get_by_role("button", name="Afmelden").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url(f"{site}/")
    assert "Goedendag" in page.inner_text("main"), "with the passkey alone, no password"
    context.close()
    assert faults == []
    assert said == [], "the policy was kept, and no script failed"


def test_a_minute_before_the_lock_a_notice_and_then_what_was_typed_is_kept(browser: Browser, site: str) -> None:
    office = open_office()
    person, boss = somebody(office), somebody(office, Role.ADMINISTRATOR)
    with_app(person)
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.clock.install()
    enter(page, boss.login)
    page.wait_for_url("**/beheer/mensen/")
    page.goto(f"/beheer/mensen/{person.pk}/")
    faults = seen(page, "person")
    page.get_by_role("link", name="Tweede factor wissen").click()
    faults += seen(page, "person-factor")
    assert page.locator("#vergrendeling").is_hidden()
    page.clock.run_for(14 * 60_000 + 2_000)
    page.get_by_text("Over een minuut wordt dit scherm vergrendeld.").wait_for()
    faults += seen(page, "idle-notice")
    page.get_by_role("button", name="Ik ben er nog").click()
    page.locator("#vergrendeling").wait_for(state="hidden")
    page.clock.run_for(15 * 60_000 + 2_000)
    page.get_by_text("Vergrendeld: bij het volgende").wait_for()
    with override_settings(IDLE_SECONDS=-1):
        page.goto(f"/signalen/{office.signal}/")
        page.wait_for_url("**/account/reauthenticate/**")
    faults += seen(page, "locked")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url(f"**/signalen/{office.signal}/")
    context.close()
    assert faults == []
