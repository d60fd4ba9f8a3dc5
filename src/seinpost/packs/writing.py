"""Write a parsed pattern back as text, its macros opened: for `pack show`, and to prove the grammar both ways."""

from __future__ import annotations

from seinpost.packs.language import Item, Pattern, Run, TokenSet


def write_pattern(pattern: Pattern) -> str:
    """Write a pattern back as text without macros; reading that text gives the same items."""
    left = _write_side(pattern.left)
    return left if pattern.within is None else f"{left} &{pattern.within} {_write_side(pattern.right)}"


def _write_side(items: tuple[Item, ...]) -> str:
    parts: list[str] = []
    for index, item in enumerate(items):
        if index:
            parts.append(f" ~{item.gap} " if item.gap else " ")
        inner = "|".join(_write_run(run) for run in item.runs)
        if item.optional:
            parts.append(f"[{inner}]")
        else:
            parts.append(inner if _is_bare(item) else f"({inner})")
    return "".join(parts)


def _is_bare(item: Item) -> bool:
    return len(item.runs) == 1 and len(item.runs[0]) == 1 and len(item.runs[0][0]) == 1


def _write_run(run: Run) -> str:
    if len(run) == 1:
        return "|".join(_write_tests(run[0]))
    return " ".join(_write_set(tokens) for tokens in run)


def _write_set(tokens: TokenSet) -> str:
    tests = _write_tests(tokens)
    return tests[0] if len(tests) == 1 else f"({'|'.join(tests)})"


def _write_tests(tokens: TokenSet) -> list[str]:
    return [f"{'*' * test.open_front}{test.word}{'*' * test.open_back}" for test in sorted(tokens)]
