"""Handing in over the API: filed by the same path as a run, never twice, never half, and the account comes out."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.machine import FLAGGED, PLAIN, PUSH, Machine, fresh_key, item, read, results
from tests.database import close_all
from tests.store.world import World, make_world, plan

from seinpost.store.audit.stored import verify_stored
from seinpost.store.machines import push as pushing
from seinpost.store.models import Contribution, Hit, Import, ImportFault, KeyUse, Signal, TextVersion
from seinpost.store.queries.guarantee import prove_service


@pytest.fixture
def world(db: str) -> World:
    return make_world()


@pytest.fixture
def machine(world: World) -> Machine:
    return Machine(fresh_key().secret)


def stored(model: Any) -> Any:
    """All rows of all services."""
    return model.objects.using("owner")


def test_only_what_is_for_people_is_kept_and_the_account_balances(machine: Machine) -> None:
    more: dict[str, object] = {"registered_at": "2026-11-26T23:30:00+01:00", "kept": {"eenheid": "Noord"}}
    status, body = machine.push(item("R1", **more), item("R2", PLAIN))
    assert (status, results(body)) == (200, ["filed", "not-flagged"])
    signal = stored(Signal).get()
    assert body["results"][0]["signal"] == f"P-{signal.number:06d}"
    assert (signal.source, signal.external_id, signal.channel, signal.lane) == ("bvh", "R1", "scan", "daily")
    assert signal.registered_at == datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
    assert signal.details["kept"] == {"eenheid": "Noord"}
    assert signal.layer in ("A", "B", "C")
    assert stored(TextVersion).get().text == FLAGGED
    hit = stored(Hit).first()
    assert FLAGGED[hit.start : hit.end] == hit.quote
    assert sum(one.weight for one in stored(Contribution).all()) == pytest.approx(signal.score)
    account = stored(Import).get()
    assert (account.received, account.filed, account.not_kept, account.failed) == (2, 1, 1, 0)
    assert read(machine.get(f"{PUSH}/{body['account']['id']}")) == body["account"]
    assert prove_service("politie", plan()).orphans == ()
    assert verify_stored().breaks == ()


def test_nothing_of_an_unflagged_registration_is_anywhere_in_the_database(machine: Machine, raw: Any) -> None:
    machine.push(item("zwnummer", f"{PLAIN} zwtekst"))
    with raw("politie", "seinpost_owner") as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~ %s', ["zwtekst|zwnummer"])
            assert rows.fetchone() == (0,), table


def test_handing_in_again_changes_nothing_and_other_words_are_a_version(machine: Machine) -> None:
    first = machine.push(item("R1"), item("R2", PLAIN))[1]
    status, again = machine.push(item("R1"), item("R2", PLAIN))
    assert (status, results(again)) == (200, ["known", "not-flagged"])
    assert again["results"][0]["signal"] == first["results"][0]["signal"]
    assert results(machine.push(item("R1", "Hij heeft zijn paspoort terug."))[1]) == ["new-version"]
    assert results(machine.push(item("R1", "Hij heeft zijn paspoort terug."))[1]) == ["known"]
    assert list(stored(TextVersion).order_by("number").values_list("number", flat=True)) == [1, 2]
    assert stored(Import).count() == 4  # each request has its account


def test_what_only_folds_is_kept_beside_the_reading_and_is_in_none(machine: Machine) -> None:
    hard = "Elders in het pand was een lijkvinding."
    machine.push(item("R1"), item("R2", f"{FLAGGED} {hard}"))
    plain, told = stored(Signal).order_by("external_id")
    assert not any(word in told.reason_nl for word in ("zelfdoding", "geweld"))
    aside = stored(Hit).filter(signal=told, context="aside")
    assert {one.indicator for one in aside} == {"AAN-02"}
    assert all(one.start >= len(FLAGGED) for one in aside)
    assert not stored(Hit).filter(signal=plain, context="aside").exists()
    assert not stored(Hit).filter(indicator__startswith="AAN").exclude(context="aside").exists()
    assert not stored(Contribution).filter(rule__startswith="AAN").exists()
    assert not any("AAN" in code for code in told.details["indicators"])


def test_new_words_that_are_not_flagged_keep_what_pages_fold_and_nothing_else(machine: Machine) -> None:
    machine.push(item("R1"))
    told = "Zij zegt dat zij niet werd gedwongen zich te prostitueren, en niet de baas, maar zij, het paspoort heeft."
    assert results(machine.push(item("R1", told), item("R2", told))[1]) == ["new-version", "not-flagged"]
    hits = stored(Hit).filter(version=2)
    assert {(one.indicator, told[one.start : one.end]) for one in hits} == {
        ("SEK-01", "gedwongen zich te prostitueren")
    }
    assert stored(Signal).count() == 1


def test_a_registration_that_is_wrong_stops_no_other_and_is_told_in_words(machine: Machine) -> None:
    wrong: list[object] = [item("", FLAGGED), item("R2", None), {"registration_id": "R3"}, item("R4", x=1), 5]
    wrong += [item("R5", registered_at="2026-11-27T10:00:00"), item("R6", "\ud800"), item("x" * 201), item("a\0")]
    wrong += [item("R7", registered_at=12345), item("R8", "x" * 100_001), item("R9", kept={"a": 1})]
    status, body = machine.push(item("goed"), *wrong, item("goed", PLAIN))
    assert status == 207
    assert results(body) == ["filed"] + ["refused"] * (len(wrong) + 1)
    double = body["results"][-1]
    assert double["errors"][0]["pointer"] == f"#/registrations/{len(wrong) + 1}/registration_id"
    assert double["errors"][0]["detail"] == "Dit nummer komt in dit verzoek al eerder voor."
    zone = body["results"][6]["errors"][0]
    assert (zone["pointer"], zone["value"]) == ("#/registrations/6/registered_at", "2026-11-27T10:00:00")
    assert "tijdzone" in zone["allowed"]
    assert body["results"][11]["errors"][0]["value"] == "text[100001]"
    account = body["account"]
    assert (account["received"], account["filed"], account["refused"]) == (len(wrong) + 2, 1, len(wrong) + 1)
    assert stored(ImportFault).count() == len(wrong) + 1
    assert not any("paspoort" in f"{one.place}{one.problem}" for one in stored(ImportFault).all())


def test_what_is_said_follows_accept_language(machine: Machine) -> None:
    data = json.dumps({"registrations": [item("R1", 7)]}).encode()
    for head, language, word in (
        ("", "nl", "De waarde is niet toegestaan."),
        ("en-GB,nl;q=0.5", "en", "The value is not allowed."),
        ("fr,de;q=0.9", "nl", "De waarde is niet toegestaan."),
        ("nl;q=0.4,en;q=0.9", "en", "The value is not allowed."),
    ):
        answer = machine.send(data, HTTP_ACCEPT_LANGUAGE=head)
        assert (answer.status_code, answer.headers["Content-Language"]) == (400, language)
        assert read(answer)["errors"][0]["detail"] == word
        assert "Accept-Language" in answer.headers["Vary"]


def test_a_request_that_breaks_off_leaves_nothing_and_gives_the_same_when_sent_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:  # the last step before the commit: as if the process was killed there

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(pushing, "numbers_of", die)
        with pytest.raises(KeyboardInterrupt):
            machine.push(item("R1"), item("R2"))
    assert (stored(Signal).count(), stored(Import).count(), stored(TextVersion).count()) == (0, 0, 0)
    assert results(machine.push(item("R1"), item("R2"))[1]) == ["filed", "filed"]
    assert verify_stored().breaks == ()


def test_the_sample_of_the_faint_ones_does_not_depend_on_what_else_is_handed_in(machine: Machine) -> None:
    faint = [item(f"D{n}", "In de woning lagen vijf matrassen op de grond.") for n in range(100)]
    together = results(machine.push(*faint)[1])
    drawn = [place for place, result in enumerate(together) if result == "filed"]
    assert 0 < len(drawn) < 20  # 50 in a thousand
    assert set(together) == {"filed", "not-flagged"}
    for place in (*drawn[:2], *(place for place in range(3) if place not in drawn)):
        [alone] = results(machine.push(faint[place])[1])
        assert alone == ("known" if place in drawn else "not-flagged")
    other = Machine(fresh_key("nla").secret)  # another service, asked one by one: the same are drawn
    assert [results(other.push(faint[place])[1]) for place in drawn[:2]] == [["filed"], ["filed"]]


def test_machines_of_two_services_at_once_each_see_their_own(world: World) -> None:
    machines = {service: Machine(fresh_key(service).secret) for service in ("politie", "nla")}

    def work(turn: int) -> tuple[str, list[str]]:
        service = ("politie", "nla")[turn % 2]
        try:
            numbers = [item(f"R{n}") for n in range(turn // 4, turn // 4 + 6)]
            return service, results(Machine(machines[service].secret).push(*numbers)[1])
        finally:
            close_all()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(16)))
    assert all(set(found) <= {"filed", "known"} for _, found in done)
    for service in machines:
        assert sum(found.count("filed") for whose, found in done if whose == service) == 9
        assert stored(Signal).filter(service=service).count() == 9
    account = stored(Import).filter(service="nla").first()
    assert machines["nla"].get(f"{PUSH}/{account.pk}").status_code == 200
    assert machines["politie"].get(f"{PUSH}/{account.pk}").status_code == 404
    verdict = verify_stored()
    assert verdict.breaks == ()
    assert sum(row.requests for row in stored(KeyUse).all()) == 18


def test_a_machine_sees_no_import_of_another_source_and_cannot_write_over_its_signals(world: World) -> None:
    one, other = Machine(fresh_key().secret), Machine(fresh_key(source="tips").secret)
    body = one.push(item("R1"))[1]
    assert other.get(f"{PUSH}/{body['account']['id']}").status_code == 404
    assert results(other.push(item("R1", "Andere woorden."))[1]) == ["not-flagged"]
    assert stored(TextVersion).count() == 1
    newer = Machine(fresh_key().secret)  # in place of the first
    assert newer.get(f"{PUSH}/{body['account']['id']}").status_code == 200


def test_old_registrations_go_to_their_own_lane(machine: Machine) -> None:
    assert machine.push(item("R1"), lane="historical")[1]["account"]["lane"] == "historical"
    assert stored(Signal).get().lane == "historical"
