"""`seinpost pack`: lint, test, show, diff, model card, train."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from seinpost.cli.speech import speech
from seinpost.errors import Fault, PackError, SettingError
from seinpost.packs import find_pack, load_pack, read_pack
from seinpost.packs.card import render_card
from seinpost.packs.casebook import load_casebook
from seinpost.packs.diff import diff_packs
from seinpost.packs.examples import check_examples
from seinpost.packs.lints import Severity, lint_pack
from seinpost.packs.procedure import read_procedure
from seinpost.packs.procedure.build import FOLDER as PROCESS
from seinpost.packs.procedure.examples import check_examples as check_dates
from seinpost.packs.procedure.lints import lint_procedure
from seinpost.process.deadlines import reckon_local
from seinpost.scan.scanner import Scanner
from seinpost.score.eye import Eye
from seinpost.score.scorer import Scorer
from seinpost.types import Context, Layer


def lint_command(name: str, as_json: bool) -> None:
    """Run every lint; errors refuse the pack, warnings are told."""
    folder = find_pack(name)
    read = read_pack(folder)
    findings = lint_pack(read)
    situations = load_casebook("all", folder) if (folder / "casebook").is_dir() else ()
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if as_json:
        rows = [{"lint": f.lint, "severity": f.severity.value, "fault": str(f.fault)} for f in findings]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.severity.value}: {finding.lint}: {finding.fault}")
    pack = read.pack
    speech.say(
        f"pakket {pack.id} {pack.version}: {len(pack.indicators)} indicatoren, {len(pack.patterns)} patronen, "
        f"{len(situations)} situaties; {len(errors)} fouten, {len(findings) - len(errors)} waarschuwingen",
        f"pack {pack.id} {pack.version}: {len(pack.indicators)} indicators, {len(pack.patterns)} patterns, "
        f"{len(situations)} situations; {len(errors)} errors, {len(findings) - len(errors)} warnings",
    )
    broken = list_process(folder)
    if errors or broken:
        sys.exit(PackError.exit_code)


def list_process(folder: Path) -> list[Fault]:
    """Print the lint faults of a pack's procedure, if it has one."""
    if not (folder / PROCESS).is_dir():
        return []
    read = read_procedure(folder)
    faults = list(lint_procedure(read))
    for fault in faults:
        print(f"error: {fault}")
    found = read.procedure
    speech.say(
        f"werkwijze {found.id} {found.version}: {len(found.deadlines)} termijnen, {len(faults)} fouten",
        f"procedure {found.id} {found.version}: {len(found.deadlines)} deadlines, {len(faults)} errors",
    )
    return faults


def test_command(name: str) -> None:
    """Run every example of the pack through the real scanner and score."""
    read = read_pack(find_pack(name))
    pack = read.pack
    scanner, scorer = Scanner(pack), Scorer(pack)

    def scan(texts: list[str]) -> list[list[tuple[str, Context]]]:
        hits = scanner.scan(pa.array(texts, pa.large_string()))
        found: list[list[tuple[str, Context]]] = [[] for _ in texts]
        for row, pattern, context in zip(hits.row, hits.pattern, hits.context, strict=True):
            code = pack.indicators[pack.patterns[pattern].indicator].code
            found[row].append((code, Context(context)))
        return found

    def layer_of(texts: list[str]) -> list[Layer]:
        scores = scorer.score(scanner.scan(pa.array(texts, pa.large_string())), len(texts))
        layers = dict(zip(scores.row.tolist(), scores.layer.tolist(), strict=True))
        return [Layer(layers.get(row, Layer.NONE)) for row in range(len(texts))]

    faults = check_examples(read, scan, layer_of)
    examples = sum(len(i.examples_hit) + len(i.examples_miss) for i in pack.indicators) + len(pack.registrations)
    if (find_pack(name) / PROCESS).is_dir():
        dates = read_procedure(find_pack(name))
        faults += check_dates(dates, lambda rule, start: reckon_local(rule, start, dates.procedure.holidays))
        examples += len(dates.procedure.examples)
    for fault in faults:
        print(fault)
    speech.say(f"{examples} voorbeelden, {len(faults)} fouten", f"{examples} examples, {len(faults)} faults")
    if faults:
        sys.exit(PackError.exit_code)


def show_command(code: str, name: str, as_json: bool) -> None:
    """Show an indicator with its patterns, or the indicator of one pattern."""
    pack = load_pack(name)
    wanted = code.split("/")[0]
    index = next((i for i, indicator in enumerate(pack.indicators) if indicator.code == wanted), None)
    rules = [rule for rule in pack.patterns if rule.indicator == index and code in (wanted, rule.id)]
    if index is None or not rules:
        raise SettingError(f"{code}: not in pack {pack.id}", f"{code}: staat niet in pakket {pack.id}")
    shown: dict[str, Any] = asdict(pack.indicators[index])
    shown["unless"] = [pattern.text for pattern in pack.indicators[index].unless]
    shown["patterns"] = {rule.id: rule.pattern.text for rule in rules}
    plain = json.loads(json.dumps(shown))
    if as_json:
        print(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        print(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120), end="")


def diff_command(old: str, new: str, as_json: bool) -> None:
    """Tell what differs between two packs."""
    diff = diff_packs(load_pack(old), load_pack(new))
    plain = json.loads(json.dumps(asdict(diff)))
    if as_json:
        print(json.dumps(plain, ensure_ascii=False, indent=1))
    elif not diff:
        speech.say("geen verschil", "no difference")
    else:
        print(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120), end="")


def card_command(name: str) -> None:
    """Print the model card of the running pack."""
    print(render_card(load_pack(name)), end="")


def train_command(name: str, check: bool) -> None:
    """Train the second eye and the third reader of a pack on its casebook, or check that this gives what is shipped."""
    from seinpost.score.eye.training import model_path, train

    folder = find_pack(name)
    pack = load_pack(folder)
    model = train(load_casebook("train", folder), pack)
    path: Path = model_path(folder)
    data = model.as_bytes()
    same = path.is_file() and path.read_bytes() == data
    if check and not same:
        raise PackError(())
    if not check:
        path.write_bytes(data)
    speech.say(
        f"tweede lezer {model.digest[:16]}: {'ongewijzigd' if same else 'nieuw geschreven'} ({path})",
        f"second eye {model.digest[:16]}: {'unchanged' if same else 'written anew'} ({path})",
    )
    train_third(folder, Eye(model), check)


def train_third(folder: Path, eye: Eye, check: bool) -> None:
    """Train the head of the third reader on the same casebook; where its package is not there, say so.

    Another processor rounds the last bits of a vector otherwise, and with that a kept component now and then, so a
    check compares what the head says and not its bytes.
    """
    from seinpost.score.encoder import head_path
    from seinpost.score.encoder.head import read_head
    from seinpost.score.encoder.training import agree, train_head
    from seinpost.score.encoder.vectors import Encoder

    path = head_path(folder)
    try:
        encoder = Encoder()
    except SettingError as error:
        speech.say(f"derde lezer niet getraind: {error.told('nl')}", f"third reader not trained: {error.told('en')}")
        return
    head = train_head(load_casebook("train", folder), eye, encoder)
    same = path.is_file() and agree(read_head(path.read_bytes()), head)
    if check and not same:
        raise PackError(())
    if not check and not same:
        path.write_bytes(head.as_bytes())
    digest = read_head(path.read_bytes()).digest[:16]
    speech.say(
        f"derde lezer {digest}: {'ongewijzigd' if same else 'nieuw geschreven'} ({path})",
        f"third reader {digest}: {'unchanged' if same else 'written anew'} ({path})",
    )
