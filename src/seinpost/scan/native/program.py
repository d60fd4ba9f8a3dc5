"""Machine code for this machine: compiled once, kept in a file, called without Python's lock.

The file's name holds a digest of all that decides the code: the sources of the kernels and of this compiler, the
version of llvmlite, the processor and what it can do. A file that is damaged is written anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import llvmlite.binding as llvm

from seinpost.scan.native.calling import Caller
from seinpost.scan.native.kernels import Kernel
from seinpost.scan.native.translate import translate

DIGEST_BYTES = 32
COMPILER = sorted(Path(__file__).parent.glob("*.py"))
Function = TypeVar("Function", bound=Callable[..., Any])


def kept_folder() -> Path:
    """The one folder for compiled code; seinpost/__init__ sets it before anything else is imported."""
    return Path(os.environ["NUMBA_CACHE_DIR"])  # noqa: TID251


class Program:
    """Kernels that Python can call, with all that they call; compiled, or loaded, at the first call of any."""

    def __init__(self, name: str, folder: Path, sources: Sequence[Path], entries: Sequence[Callable[..., Any]]) -> None:
        self._name, self._folder, self._sources = name, folder, [*COMPILER, *sources]
        kernels = [cast(Kernel, entry) for entry in entries]
        self._entries = {f"seinpost_{kernel.function.__name__}": kernel for kernel in kernels}
        self._lock = threading.Lock()
        self._engine: Any = None  # owns the memory of the machine code

    def entry(self, kernel: Function) -> Function:
        """One of the kernels as a function of Python; other threads go on while it runs."""
        name = f"seinpost_{cast(Kernel, kernel).function.__name__}"
        return cast(Function, Entry(self, name, cast(Kernel, kernel)))

    def load(self) -> None:
        """Make the machine code ready."""
        with self._lock:
            self._engine = self._engine or self._load()

    def address(self, name: str) -> int:
        """Where the machine code of an entry stands."""
        self.load()
        return int(self._engine.get_function_address(name))

    def _load(self) -> Any:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = _target_machine()
        path = self._folder / f"{self._name}-{self._digest(target)}.o"
        code = _read(path)
        if code is None:
            code = self._compile(target)
            _write(path, code)
        empty = llvm.parse_assembly("")
        empty.triple = target.triple
        engine = llvm.create_mcjit_compiler(empty, target)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return engine

    def _digest(self, target: Any) -> str:
        digest = hashlib.sha256()
        for fact in (llvmlite.__version__, target.triple, llvm.get_host_cpu_name(), _features()):
            digest.update(f"{fact}\n".encode())
        for path in self._sources:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:32]

    def _compile(self, target: Any) -> bytes:
        module = llvm.parse_assembly(str(translate(self._entries)))
        module.triple = target.triple
        module.data_layout = str(target.target_data)
        module.verify()
        tuning = llvm.create_pipeline_tuning_options(speed_level=3)
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        passes = llvm.create_pass_builder(target, tuning)
        passes.getModulePassManager().run(module, passes)
        return cast(bytes, target.emit_object(module))


class Entry:
    """A kernel that Python can call."""

    def __init__(self, program: Program, name: str, kernel: Kernel) -> None:
        self._program, self._name, self._kernel = program, name, kernel
        self._call: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Run the kernel."""
        call = self._call
        if call is None:
            call = self._call = Caller.of(self._kernel, self._program.address(self._name))
        return call(*arguments)


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
