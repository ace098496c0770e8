"""How the kernel is compiled.

* `physics`: scalar functions on tuples, inlined into whatever calls them; no branches but selects, no libm calls, so
  that the lane loops vectorise and CUDA takes the same source.
* `lanes`: loops over flat lane arrays that LLVM must vectorise; told that its arrays do not overlap.
* `machine`: compiled control flow that owns no memory, so that no array's references are counted.
* `driver`: ordinary compiled control flow.

What LLVM is told of the processor (`kernel.processor`) is written on these functions alone, so that whatever else a
process compiles with Numba, before or after, is not changed by it.

`_nrt`, `forceinline`, the `noalias` flag and the lowering are private switches of Numba: its version is pinned, and a
test reads the assembly. Numba's disk cache does not see edits in functions that a function calls, nor a feature that is
written on a function: the cache folder is named by a hash of the kernel's sources, the versions of the compilers, and
the processor, so that a home folder which two machines share never gives one the other's code.
"""

import hashlib
import sys
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numba
from numba import config, int32, njit  # noqa: F401
from numba.core.compiler import Compiler
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering

from downrange.flight.kernel.cache import open_cache
from downrange.flight.kernel.processor import features_of_lanes, target

_HERE = Path(__file__).parent
_FAST = {"reassoc", "contract", "nsz", "arcp", "afn"}
PROCESSOR, FEATURES = target()
LANE_FEATURES = features_of_lanes(FEATURES)


def _hash() -> str:
    # Numba keeps the same source in another place apart, and so must the marks of what is compiled (`kernel.warm`).
    key = (numba.__version__, llvmlite.__version__, sys.implementation.cache_tag, PROCESSOR, LANE_FEATURES, _HERE)
    digest = hashlib.sha256(" ".join(map(str, key)).encode())
    for path in [*sorted(_HERE.glob("*.py")), _HERE.parents[1] / "constants.py"]:
        if path.name not in ("cache.py", "warm.py"):  # of them nothing is compiled
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_CACHE = open_cache(f"kernel-{_hash()}")
CACHE, CACHE_NOTE = _CACHE.folder, _CACHE.note


# LLVM gives up telling pointers apart beyond 250 in a loop, and then does not vectorise. A whole step has 290 (204 of
# them gathers from tables); measured: 59 ns an evaluation without this line.
llvm.set_option("downrange", "-alias-set-saturation-threshold=4000")


class _Lower(Lower):
    def setup_function(self, fndesc):
        super().setup_function(fndesc)
        if LANE_FEATURES != FEATURES:  # llvmlite's set of attributes takes no others than it knows; LLVM does
            set.add(self.function.attributes, f'"target-features"="{LANE_FEATURES}"')


@register_pass(mutates_CFG=True, analysis_only=False)
class _TunedLowering(NativeLowering):
    _name = "downrange_lowering"

    @property
    def lowering_class(self):
        return _Lower


class _Tuned(Compiler):
    def define_pipelines(self):
        (pipeline,) = super().define_pipelines()
        pipeline.passes = [(_TunedLowering if p is NativeLowering else p, why) for p, why in pipeline.passes]
        pipeline.finalize()
        return [pipeline]


class _NoAlias(_Tuned):
    def define_pipelines(self):
        self.state.flags.noalias = True
        return super().define_pipelines()


def _njit(**how):
    """Numba's njit, kept in our own cache. It asks for the folder when it decorates; another's stays another's."""

    def decorate(function):
        before = config.CACHE_DIR
        config.CACHE_DIR = str(CACHE)
        try:
            return njit(fastmath=_FAST, error_model="numpy", cache=CACHE is not None, **how)(function)
        finally:
            config.CACHE_DIR = before

    return decorate


physics = njit(fastmath=_FAST, error_model="numpy", _nrt=False, forceinline=True)
lanes = _njit(_nrt=False, pipeline_class=_NoAlias)
machine = _njit(_nrt=False, nogil=True, pipeline_class=_Tuned)
driver = _njit(nogil=True, pipeline_class=_Tuned)
