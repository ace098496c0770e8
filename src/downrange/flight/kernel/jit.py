"""How the kernel is compiled.

* `physics`: scalar functions on tuples, inlined into whatever calls them; no branches but selects, no libm calls, so
  that the lane loops vectorise and CUDA takes the same source.
* `lanes`: loops over flat lane arrays that LLVM must vectorise; told that its arrays do not overlap.
* `machine`: compiled control flow that owns no memory, so that no array's references are counted.
* `driver`: ordinary compiled control flow.

`_nrt`, `forceinline` and the `noalias` flag are private switches of Numba: its version is pinned, and a test reads the
assembly. Numba's disk cache does not see edits in functions that a function calls, so the cache folder is named by a
hash of the kernel's sources.
"""

import hashlib
import os
import sys
from pathlib import Path

import llvmlite.binding as llvm
import numba
from numba import njit
from numba.core.compiler import Compiler

_HERE = Path(__file__).parent
_FAST = {"reassoc", "contract", "nsz", "arcp", "afn"}


def _source_hash() -> str:
    # Numba keeps the same source in another place apart, and so must the marks of what is compiled (`kernel.warm`).
    digest = hashlib.sha256(f"{numba.__version__} {_HERE}".encode())
    for path in [*sorted(_HERE.glob("*.py")), _HERE.parents[1] / "constants.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    """The user's cache folder for compiled kernels."""
    if given := os.environ.get("DOWNRANGE_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "downrange" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "downrange"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "downrange"


CACHE = cache_root() / f"kernel-{_source_hash()}"
try:
    CACHE.mkdir(parents=True, exist_ok=True)
    numba.config.CACHE_DIR = str(CACHE)
    CACHED = True
except OSError:  # a read-only home: compile anew each time
    CACHED = False


# LLVM gives up telling pointers apart beyond 250 in a loop, and then does not vectorise. A whole step has 290 (204 of
# them gathers from tables); measured: 59 ns an evaluation without this line.
llvm.set_option("downrange", "-alias-set-saturation-threshold=4000")


class _NoAlias(Compiler):
    def define_pipelines(self):
        self.state.flags.noalias = True
        return super().define_pipelines()


physics = njit(fastmath=_FAST, error_model="numpy", _nrt=False, forceinline=True)
lanes = njit(fastmath=_FAST, error_model="numpy", _nrt=False, pipeline_class=_NoAlias, cache=CACHED)
machine = njit(fastmath=_FAST, error_model="numpy", _nrt=False, nogil=True, cache=CACHED)
driver = njit(fastmath=_FAST, error_model="numpy", nogil=True, cache=CACHED)
