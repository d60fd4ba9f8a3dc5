"""The third reader: a packaged sentence encoder with a head trained on the casebook, beside the second eye.

It reads only where the second eye is in doubt, sees only what the second eye may see, and can only raise a
resemblance. It is switched on by whoever scans, never by the mere presence of its package.
"""

from __future__ import annotations

from pathlib import Path

from seinpost.errors import SettingError
from seinpost.packs import find_pack
from seinpost.packs.pack import Pack
from seinpost.score.encoder.head import Head, read_head
from seinpost.score.encoder.reader import EncodedEye
from seinpost.score.encoder.vectors import Encoder, check_version
from seinpost.score.eye import Eye, load_eye

__all__ = ["EncodedEye", "Encoder", "check_encoder", "head_path", "load_encoded", "load_reader"]


def head_path(folder: Path) -> Path:
    """Where a pack keeps the head of the third reader."""
    return folder / "encoder.bin"


def load_reader(pack: Pack, folder: Path | None, *, semantic: bool, encoder: bool) -> Eye | EncodedEye | None:
    """The second eye of a pack if `semantic`, with the third reader if `encoder`; None: phrases only.

    `folder`: that of the pack, None: of the shipped pack of that name. Raises SettingError where a third reader is
    asked for that cannot read.
    """
    if encoder and not semantic:
        raise SettingError(
            "--encoder and --no-semantic exclude each other: the third reader raises what the second one doubts",
            "--encoder en --no-semantic sluiten elkaar uit: de derde lezer verhoogt waar de tweede aan twijfelt",
        )
    eye = load_eye(pack, folder) if semantic else None
    return load_encoded(pack, eye, folder) if encoder else eye


def load_encoded(pack: Pack, eye: Eye | None, folder: Path | None = None) -> EncodedEye:
    """The second eye of a pack with the third reader beside it; SettingError where anything that it needs is missing.

    `folder`: that of the pack, None: of the shipped pack of that name.
    """
    path = head_path(folder if folder is not None else find_pack(pack.id))
    if eye is None:
        raise no_head(path, pack.id)
    head = head_of(path, pack.id)
    if head.trained_on != eye.model.trained_on:
        raise SettingError(
            f"{path}: was trained on another casebook than the second eye; train both with `seinpost pack train`",
            f"{path}: is op een ander casusboek getraind dan de tweede lezer; train beide met `seinpost pack train`",
        )
    return EncodedEye(eye, head, Encoder(head.version))


def head_of(path: Path, pack: str) -> Head:
    """The head of a pack's third reader; SettingError where it has none."""
    if not path.is_file():
        raise no_head(path, pack)
    return read_head(path.read_bytes())


def no_head(path: Path, pack: str) -> SettingError:
    """That a pack has no third reader."""
    return SettingError(
        f"--encoder: pack {pack} has no third reader ({path}); train it with `seinpost pack train`",
        f"--encoder: pakket {pack} heeft geen derde lezer ({path}); train hem met `seinpost pack train`",
    )


def check_encoder(pack: str) -> None:
    """Raise SettingError where the third reader of a pack cannot read here; its weights are not loaded for it."""
    check_version(head_of(head_path(find_pack(pack)), pack).version)
