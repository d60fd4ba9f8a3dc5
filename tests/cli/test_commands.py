"""The commands as a person or a script meets them: messages, languages, exit codes, JSON, and silence in a pipe."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as papq
import pytest
from tests.run.bench import SIGNAL, bytes_of, lines, parquet, row

from seinpost.cli.main import main
from seinpost.cli.speech import Language, language_from_environment, speech

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in this process; gives exit code, standard output and standard error."""
    monkeypatch.setattr(speech, "language", Language.NL)
    monkeypatch.setattr(speech, "interactive", False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["seinpost", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return int(left.value.code or 0), out, err

    return run


@pytest.fixture
def scanned(command: Command, pack_folder: Path, tmp_path: Path) -> Path:
    """A finished run of thirteen registrations of which one failed."""
    (tmp_path / "bad.jsonl").write_bytes(lines(row("X-1", 5)))
    day = parquet(tmp_path / "day.parquet", 12)
    arguments = (day, tmp_path / "bad.jsonl", "--out", tmp_path / "run", "--pack", pack_folder, "--no-semantic")
    code, out, err = command("scan", *arguments)
    assert (code, out) == (0, "")
    assert "13 ontvangen = signalen (A 0  B 0  C 4  D 0) + 8 niet aangemerkt + 1 mislukt" in err
    assert "\x1b" not in err
    return tmp_path / "run"


def test_scan_writes_the_promised_files(scanned: Path) -> None:
    names = ["contributions.parquet", "hits.parquet", "ledger.json", "quarantine.jsonl", "report.html"]
    assert sorted(bytes_of(scanned)) == [*names, "signals.parquet"]
    page = (scanned / "report.html").read_text()
    assert "R-0" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_scan_as_json_puts_the_ledger_on_standard_output(command: Command, tmp_path: Path, pack_folder: Path) -> None:
    day = parquet(tmp_path / "day.parquet", 5)
    code, out, err = command(
        "--lang", "en", "scan", day, "--out", tmp_path / "run", "--pack", pack_folder, "--no-semantic", "--json"
    )
    assert code == 0
    assert out.encode() == (tmp_path / "run" / "ledger.json").read_bytes()
    assert "5 received = signals (A 0  B 0  C 2  D 0) + 3 not flagged + 0 failed" in err


def test_columns_by_option_and_a_folder_that_holds_its_own_results(
    command: Command, tmp_path: Path, pack_folder: Path
) -> None:
    (tmp_path / "day.csv").write_bytes(f"nr,tekst\n1,{SIGNAL}\n".encode())
    options = ("--pack", pack_folder, "--no-semantic", "--id-column", "nr", "--text-column", "tekst")
    assert command("scan", tmp_path, "--out", tmp_path / "run", *options)[0] == 0
    before = bytes_of(tmp_path / "run")
    assert command("scan", tmp_path, "--out", tmp_path / "run", *options, "--overwrite")[0] == 0
    assert bytes_of(tmp_path / "run") == before
    assert papq.read_table(tmp_path / "run" / "signals.parquet")["registration_id"].to_pylist() == ["1"]


class Stdin(io.TextIOWrapper):
    """Standard input that is no terminal."""


def test_standard_input(command: Command, tmp_path: Path, pack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--pack", pack_folder, "--no-semantic")
    monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO(lines(row("R-1", SIGNAL), row("R-2")))))
    assert command("scan", "-", "--out", tmp_path / "a" / "run", *options)[0] == 0
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["run"]
    monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO(b"registration_id,text\nR-1," + SIGNAL.encode())))
    assert command("scan", "-", "--out", tmp_path / "b", "--format", "csv", *options)[0] == 0
    assert papq.read_metadata(tmp_path / "b" / "signals.parquet").num_rows == 1
    monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO(b"")))
    code, _, err = command("scan", "-", "--out", tmp_path / "c", *options)
    assert (code, "stdin: het bestand is leeg" in err) == (4, True)
    code, _, err = command("scan", "-", "--out", tmp_path / "a" / "run", "--resume", *options)
    assert (code, "standaardinvoer is niet te hervatten" in err) == (2, True)
    assert command("verify", tmp_path / "a" / "run")[0] == 0
    code, _, err = command("explain", tmp_path / "a" / "run", "R-2", "--pack", pack_folder)
    assert (code, "de invoer is weg: stdin" in err) == (6, True)


@pytest.mark.parametrize(
    ("arguments", "code", "dutch", "english"),
    [
        (["scan", "gone.csv", "--out", "OUT"], 4, "bestand of map bestaat niet", "no such file or folder"),
        (["scan", "DAY", "--out", "OUT", "--pack", "xx"], 3, "xx", "is no pack"),
        (["scan", "DAY", "--out", "OUT", "--source", "xx"], 2, "onbekend bronprofiel", "unknown source profile"),
        (["scan", "DAY", "--out", "OUT", "--format", "xml"], 2, "onbekend formaat", "unknown format 'xml'"),
        (["scan", "DAY", "--out", "OUT", "--id-column", "nr"], 4, "kolom 'nr' ontbreekt", "column 'nr' is missing"),
        (["scan", "DAY", "--out", "DAY"], 5, "bestaat en is geen map", "exists and is not a folder"),
        (["scan", "DAY", "--out", "OUT", "--resume"], 6, "geen onderbroken run", "no interrupted run"),
        (["scan", "DAY", "--out", "OUT", "--resume", "--overwrite"], 2, "sluiten elkaar uit", "exclude each other"),
        (["verify", "OUT"], 6, "bevat geen voltooide run", "holds no finished run"),
        (["explain", "OUT", "R-1"], 6, "bevat geen voltooide run", "holds no finished run"),
        (["scan", "DAY"], 2, "--out", "--out"),
        (["scan", "DAY", "--out", "OUT", "--threads", "0"], 2, "--threads", "--threads"),
        (["verify", "OUT", "--lang", "fr"], 2, "--lang", "--lang"),
    ],
)
def test_faults_are_one_message_with_a_documented_exit_code(
    command: Command, tmp_path: Path, pack_folder: Path, arguments: list[str], code: int, dutch: str, english: str
) -> None:
    day = parquet(tmp_path / "day.parquet", 3)
    places = {"DAY": str(day), "OUT": str(tmp_path / "out")}
    given = [places.get(argument, argument) for argument in arguments]
    if arguments[0] == "scan":
        given += ["--no-semantic", *([] if "--pack" in given else ["--pack", str(pack_folder)])]
    for language, expected in (("nl", dutch), ("en", english)):
        found, out, err = command("--lang", language, *given)
        assert (found, out) == (code, "")
        assert expected in err
        assert "Traceback" not in err
        assert err.count("seinpost: ") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_that_exists_is_refused(command: Command, scanned: Path, pack_folder: Path) -> None:
    day = scanned.parent / "day.parquet"
    before = bytes_of(scanned)
    code, _, err = command("scan", day, "--out", scanned, "--pack", pack_folder, "--no-semantic")
    assert (code, "bestaat en is niet leeg (kan: --overwrite" in err) == (5, True)
    assert bytes_of(scanned) == before


def test_a_source_that_broke_off_ends_with_seven(command: Command, tmp_path: Path, pack_folder: Path) -> None:
    (tmp_path / "d.csv").write_bytes(b'registration_id,text\nR-0,a\nR-1,"open\n')
    code, _, err = command("scan", tmp_path / "d.csv", "--out", tmp_path / "o", "--pack", pack_folder, "--no-semantic")
    assert (code, "let op, een bron brak af" in err) == (7, True)


def test_verify_in_both_languages_and_as_json(command: Command, scanned: Path) -> None:
    code, out, err = command("verify", scanned)
    assert (code, out) == (0, "")
    assert err.startswith("klopt: 13 ontvangen = 4 aangemerkt + 8 niet aangemerkt + 1 mislukt")
    assert command("verify", scanned, "--lang", "en")[2].startswith("agrees: 13 received = 4 flagged")
    assert json.loads(command("verify", scanned, "--json")[1])["agrees"] is True
    (scanned / "report.html").write_text("")
    code, out, err = command("verify", scanned, "--json", "--lang", "nl")
    assert (code, json.loads(out)["agrees"]) == (6, False)
    assert "report.html: is na de run veranderd" in err
    assert "report.html: was changed after the run" in command("--lang", "en", "verify", scanned)[2]


def test_explain_a_signal_and_one_that_is_none(command: Command, scanned: Path, pack_folder: Path) -> None:
    code, out, err = command("explain", scanned, "R-3", "--pack", pack_folder)
    assert (code, err) == (0, "")
    assert "paspoort" in out
    assert "\x1b" not in out
    code, out, _ = command("explain", scanned, "R-1", "--pack", pack_folder, "--json")
    told = json.loads(out)
    assert (code, told["layer"], told["registration_id"]) == (0, "-", "R-1")
    code, _, err = command("explain", scanned, "X-1", "--pack", pack_folder)
    assert (code, "niet gescand" in err, "rij 0): Een veld heeft een verkeerd type." in err) == (4, True, True)
    code, _, err = command("explain", scanned, "R-99", "--pack", pack_folder)
    assert (code, err) == (4, "seinpost: R-99: komt in deze run niet voor\n")
    (scanned.parent / "day.parquet").unlink()
    code, _, err = command("explain", scanned, "R-1", "--pack", pack_folder)
    assert (code, "de invoer is weg" in err) == (6, True)
    assert command("explain", scanned, "R-3", "--pack", pack_folder)[0] == 0


def test_explain_tells_when_the_pack_is_another(command: Command, scanned: Path) -> None:
    assert "let op: de run is gemaakt met pakket 1.0.0" in command("explain", scanned, "R-3", "--pack", "nl")[2]


def test_pack_commands(command: Command, pack_folder: Path) -> None:
    code, out, err = command("pack", "lint", pack_folder, "--json")
    assert code == 0
    assert isinstance(json.loads(out), list)
    assert "pakket test 1.0.0: 2 indicatoren, 3 patronen" in err
    code, out, _ = command("pack", "test", pack_folder)
    assert (code, out) == (0, "")
    code, out, _ = command("pack", "show", "DOC-01", "--pack", pack_folder, "--json")
    assert (code, json.loads(out)["code"]) == (0, "DOC-01")
    assert command("pack", "show", "NEE-01", "--pack", pack_folder)[0] == 2
    code, _, err = command("pack", "diff", pack_folder, pack_folder)
    assert (code, err) == (0, "geen verschil\n")
    assert command("pack", "model-card", pack_folder)[0] == 0


def test_version_and_help(command: Command) -> None:
    assert command("--version")[:2] == (0, "seinpost 0.1.0\n")
    code, out, _ = command("--help")
    assert (code, "verify" in out) == (0, True)
    assert "--lang" in out


@pytest.mark.parametrize(("value", "language"), [("en", "en"), ("EN_gb", "en"), ("nl", "nl"), ("fr", "nl"), ("", "nl")])
def test_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, language: str) -> None:
    monkeypatch.setenv("SEINPOST_LANG", value)
    assert language_from_environment().value == language


def test_numbers_are_written_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "language", Language.NL)
    assert speech.number(1_234_567) == "1.234.567"
    monkeypatch.setattr(speech, "language", Language.EN)
    assert speech.number(1_234_567) == "1,234,567"
