"""What this processor has, and what LLVM must be told so that it makes lanes of it.

AVX-512 has gathers, and LLVM uses them. AVX2 has them too, but LLVM's tuning of most AMD processors counts them as slow
and leaves the lane loops scalar: on a Zen 3 6,449 scalar multiplications against 404 packed in a step, and 5,150 flights
a second. Told `+fast-gather`, the same source gives 5 against 2,017, and 10,900. Older x86 and ARM have no gathers.
"""

import re

import llvmlite.binding as llvm
from numba.core import config
from numba.core.codegen import get_host_cpu_features

__all__ = ["doubles_at_a_time", "features_of_lanes", "has", "target"]


def target() -> tuple[str, str]:
    """LLVM's name of the processor that Numba compiles for, and its features (`+avx2,-avx512f,...`).

    The host's, unless the user said another in NUMBA_CPU_NAME and NUMBA_CPU_FEATURES.
    """
    name = llvm.get_host_cpu_name() if config.CPU_NAME is None else config.CPU_NAME
    return name, get_host_cpu_features() if config.CPU_FEATURES is None else config.CPU_FEATURES


def has(features: str, name: str) -> bool:
    """Whether a list of features has one: the last word on it counts."""
    said = [word[0] for word in features.split(",") if word[1:] == name]
    return bool(said) and said[-1] == "+"


def features_of_lanes(features: str) -> str:
    """The features to compile lane loops with, from those that the processor has."""
    gathers = has(features, "avx2") and not has(features, "avx512f")
    if gathers and "fast-gather" not in features:  # whoever wrote -fast-gather meant it
        return features + ",+fast-gather"
    return features


_LOOP = """
define void @multiply(ptr noalias %x, ptr noalias %y) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr double, ptr %x, i64 %i
  %a = load double, ptr %at
  %to = getelementptr double, ptr %y, i64 %i
  %b = load double, ptr %to
  %c = fmul double %a, %b
  store double %c, ptr %to
  %next = add i64 %i, 1
  %done = icmp eq i64 %next, 4096
  br i1 %done, label %end, label %loop
end:
  ret void
}
"""


def doubles_at_a_time(name: str, features: str, triple: str | None = None) -> int:
    """How many numbers LLVM multiplies by one instruction, seen in what it makes of a loop for this processor."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    chosen = llvm.Target.from_triple(triple or llvm.get_process_triple())
    machine = chosen.create_target_machine(cpu=name, features=features, opt=3)
    module = llvm.parse_assembly(_LOOP)
    module.triple = triple or llvm.get_process_triple()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    text = machine.emit_assembly(module)
    widths = ((r"v?mulpd.*%zmm", 8), (r"v?mulpd.*%ymm", 4), (r"v?mulpd.*%xmm|fmul\s+v\d+\.2d", 2))
    return next((n for pattern, n in widths if re.search(pattern, text)), 1)
