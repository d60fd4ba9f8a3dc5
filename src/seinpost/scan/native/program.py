"""Machine code for this machine: compiled once, kept in a file, called without Python's lock.

The file's name holds a digest of all that decides the code: the sources of the kernels and of this compiler, the
version of llvmlite, the processor and what it can do. A file that is damaged is written anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import llvmlite.binding as llvm

from seinpost.scan.native.kernels import Kernel
from seinpost.scan.native.translate import translate

NAME = "seinpost_entry"
DIGEST_BYTES = 32


class Program:
    """A kernel that Python can call, with all that it calls; compiled, or loaded, at its first call."""

    def __init__(self, entry: Callable[..., int], folder: Path, sources: Sequence[Path]) -> None:
        self._entry = cast(Kernel, entry)
        self._folder, self._sources = folder, sources
        self._lock = threading.Lock()
        self._engine: Any = None  # owns the memory of the machine code
        self._call: Callable[..., int] | None = None

    def __call__(self, *arguments: int) -> int:
        """Run the kernel; other Python threads go on meanwhile."""
        call = self._call
        if call is None:
            with self._lock:
                call = self._call = self._call or self._load()
        return call(*arguments)

    def _load(self) -> Callable[..., int]:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = _target_machine()
        path = self._folder / f"scan-{self._digest(target)}.o"
        code = _read(path)
        if code is None:
            code = self._compile(target)
            _write(path, code)
        empty = llvm.parse_assembly("")
        empty.triple = target.triple
        self._engine = llvm.create_mcjit_compiler(empty, target)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        count = self._entry.function.__code__.co_argcount
        shape = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * count)
        return cast(Callable[..., int], shape(self._engine.get_function_address(NAME)))

    def _digest(self, target: Any) -> str:
        digest = hashlib.sha256()
        for fact in (version("llvmlite"), target.triple, llvm.get_host_cpu_name(), _features()):
            digest.update(f"{fact}\n".encode())
        for path in self._sources:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:32]

    def _compile(self, target: Any) -> bytes:
        module = llvm.parse_assembly(str(translate(self._entry, NAME)))
        module.triple = target.triple
        module.data_layout = str(target.target_data)
        module.verify()
        tuning = llvm.create_pipeline_tuning_options(speed_level=3)
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        passes = llvm.create_pass_builder(target, tuning)
        passes.getModulePassManager().run(module, passes)
        return cast(bytes, target.emit_object(module))


def _target_machine() -> Any:
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, reloc="default", codemodel="jitdefault", jit=True
    )


def _features() -> str:
    return str(llvm.get_host_cpu_features().flatten())


def _read(path: Path) -> bytes | None:
    """The code in a file, or None when there is none or it is damaged."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    code = stored[DIGEST_BYTES:]
    return code if hashlib.sha256(code).digest() == stored[:DIGEST_BYTES] else None


def _write(path: Path, code: bytes) -> None:
    """Keep the code; a folder that cannot be written to only means that the next start compiles again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        os.replace(name, path)
    except OSError:
        return
