"""What a reader keeps and sets for themselves: questions, the size of the text; and the keys of a form."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.web.people import Office, open_office

from seinpost.packs.procedure.terms import Role


@pytest.fixture
def office(db: str) -> Office:
    return open_office()


def test_a_question_is_kept_found_again_and_thrown_away(office: Office) -> None:
    analyst, asked = office.client(Role.ANALYST), {"q": 'paspoorten & "baas"'}
    for name, said in ((" Baas met papieren ", "bewaard"), ("", "bewaard")):
        told = analyst.post(reverse("search-keep", query=asked), {"name": name}, follow=True).content.decode()
        assert said in told
    page = analyst.get(reverse("search")).content.decode()
    address = reverse("search", query=asked).replace("&", "&amp;")
    assert f'href="{address}">Baas met papieren</a>' in page
    assert reverse("signal", args=[office.signal]) in analyst.get(reverse("search", query=asked)).content.decode()
    assert "Baas met papieren" not in analyst.get(reverse("queue")).content.decode(), "it is no filter of the queue"
    assert "Baas met papieren" not in office.client(Role.WEIGHER).get(reverse("search")).content.decode()
    [drop] = re.findall(r'action="([^"]+)">(?:(?!</form>).)*?<span>Baas met papieren', page, re.S)
    after = analyst.post(drop, {"do": "delete", "back": "search"})
    assert after.headers["Location"] == reverse("search")
    assert "Baas met papieren" not in analyst.get(reverse("search")).content.decode()
    empty = analyst.post(reverse("search-keep"), {"name": "Niets"}, follow=True).content.decode()
    assert "Geef de zoekvraag een naam" in empty


def test_the_size_of_the_text_is_remembered_and_nothing_else_is_a_size(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    for size, kept in (("larger", "larger"), ("huge", "larger"), ("large", "large")):
        analyst.post(reverse("preferences"), {"size": size})
        assert f'<html lang="nl" data-size="{kept}">' in analyst.get(reverse("queue")).content.decode(), size
    analyst.post(reverse("preferences"), {"size": "normal"})
    page = analyst.get(reverse("queue")).content.decode()
    assert '<html lang="nl">' in page
    assert 'value="normal" aria-pressed="true"' in page


def test_each_reason_of_a_form_has_a_digit_and_only_its_first_list_has(office: Office) -> None:
    analyst = office.client(Role.ANALYST)
    for verb, name in (("dismiss", "reason"), ("confirm", "forms")):
        page = analyst.get(reverse("signal-act", args=[office.signal, verb])).content.decode()
        options = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
        keys = re.findall(r'data-key="(\d)"', page)
        assert keys == [str(number + 1) for number in range(min(len(options), 9))], verb
        assert page.count('<kbd aria-hidden="true">1</kbd>') == 1
