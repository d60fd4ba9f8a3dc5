"""A look that cannot be recorded shows nothing: the view log is fail-closed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from tests.store.signals import filed, received
from tests.web.people import open_office

from seinpost.packs.procedure.terms import Role

WORDS = "zwgeheim: de baas heeft zijn paspoorten."


def test_a_signal_list_and_search_show_nothing_when_the_view_log_refuses_the_line(db: str, raw: Any) -> None:
    office = open_office()
    signal = filed("politie", received(text=WORDS))
    client = office.client(Role.ANALYST)
    client.raise_request_exception = False
    addresses = [reverse("signal", args=[signal]), reverse("queue"), f"{reverse('search')}?q=paspoorten"]
    assert all("zwgeheim" in client.get(address).content.decode() for address in addresses)
    with raw(role="seinpost_owner") as connection:
        connection.execute("REVOKE INSERT ON store_viewlog FROM seinpost_app")
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code >= 500, address
        assert "zwgeheim" not in answer.content.decode(), address
