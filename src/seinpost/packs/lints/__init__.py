"""Gate 3: lints over a pack that was read and modelled. Each check is one class; `LINTS` says which run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seinpost.errors import Fault
from seinpost.packs.build import ReadPack
from seinpost.packs.lints import patterns, references
from seinpost.packs.lints.base import Finding, Lint, Severity

__all__ = ["LINTS", "Finding", "Lint", "Severity", "errors_of", "lint_pack"]

LINTS: tuple[type[Lint], ...] = (
    references.UnknownSource,
    references.UnusedSource,
    references.UnknownIndicator,
    references.DuplicateCombination,
    references.IncompleteScoring,
    references.ContextOutsideMeta,
    references.UnusedMacro,
    references.MissingExamples,
    references.ContradictingExamples,
    references.ClauseShape,
    references.SameName,
    patterns.TraitAlone,
    patterns.TooCommon,
    patterns.WideGap,
    patterns.SameElsewhere,
    patterns.Contained,
)


def lint_pack(read: ReadPack, lints: Sequence[type[Lint]] = LINTS) -> tuple[Finding, ...]:
    """Run lints over a pack; findings come by file and line, errors and warnings together."""
    findings = [Finding(lint.name, lint.severity, fault) for lint in lints for fault in _faults(lint(read))]
    return tuple(sorted(findings, key=lambda f: (str(f.fault.place.path), f.fault.place.line or 0, f.lint)))


def errors_of(read: ReadPack) -> tuple[Finding, ...]:
    """Run only the lints that can refuse a pack, and of those the fast ones."""
    return lint_pack(read, [lint for lint in LINTS if lint.severity is Severity.ERROR and not lint.slow])


def _faults(lint: Lint) -> Iterator[Fault]:
    pack = lint.read.pack
    if type(lint).check_indicator is not Lint.check_indicator:
        for indicator in pack.indicators:
            yield from lint.check_indicator(indicator)
    if type(lint).check_pattern is not Lint.check_pattern:
        for index, rule in enumerate(pack.patterns):
            yield from lint.check_pattern(index, rule)
    yield from lint.check_pack()
