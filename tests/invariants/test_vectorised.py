"""Loss of vectorisation is silent: look at the assembly, of this processor and of every level that others have.

The lane loops are compiled by Numba in a process with an empty cache, for this processor. The same code before Numba
optimised it then goes through LLVM for each level, which needs no such processor.
"""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = r"""
import json, re
import llvmlite.binding as llvm
import numpy as np
from numba import typeof, types
from numba.core import codegen
from downrange.atmosphere import Weather
from downrange.earth import Pad
from downrange.flight import PlainBody, compile_body
from downrange.flight.kernel import many
from downrange.flight.kernel.jit import LANE_FEATURES
from downrange.flight.kernel.processor import features_of_lanes

V2 = "+sse3,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+sahf"
V3 = V2 + ",+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+xsave"
V4 = V3 + ",+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl"
LINUX = "x86_64-unknown-linux-gnu"
LEVELS = {
    "v2": (LINUX, "x86-64-v2", features_of_lanes(V2)),
    "v3": (LINUX, "x86-64-v3", features_of_lanes(V3)),
    "v3 untold": (LINUX, "x86-64-v3", V3),
    "v4": (LINUX, "x86-64-v4", features_of_lanes(V4)),
    "aarch64": ("aarch64-unknown-linux-gnu", "neoverse-n1", features_of_lanes("+neon")),
}
raw = {}
optimise = codegen.CPUCodeLibrary._optimize_final_module


def keep(library):
    raw[library.name] = str(library._final_module)
    optimise(library)


def counts(text):
    x86 = lambda tail: len(re.findall(r"\bv?(?:mul|f(?:n)?m(?:add|sub)\d+)" + tail + r"\b", text))
    arm = r"\b(?:fmul|fmla|fmls|fmadd|fmsub|fnmadd|fnmsub|fnmul)\s+"
    return {
        "packed": x86("pd") + len(re.findall(arm + r"v\d+\.2d", text)),
        "scalar": x86("sd") + len(re.findall(arm + r"d\d+", text)),
        "gathers": len(re.findall(r"\bvp?gather", text)),
        "widest": next((n for r, n in (("%zmm", 8), ("%ymm", 4)) if r in text), 2),
    }


def cross(ir, triple, cpu, features):
    target = llvm.Target.from_triple(triple)
    machine = target.create_target_machine(cpu=cpu, features=features, opt=3)
    ir = re.sub(r'"target-features"="[^"]*"', f'"target-features"="{features}"', ir)
    ir = re.sub(r"target datalayout = .*", f'target datalayout = "{machine.target_data}"', ir)
    ir = re.sub(r"target triple = .*", f'target triple = "{triple}"', ir)
    module = llvm.parse_assembly(ir)
    for level in (0, 3):  # as Numba does
        options = llvm.create_pipeline_tuning_options(speed_level=level)
        options.loop_vectorization, options.slp_vectorization = level == 3, False
        builder = llvm.create_pass_builder(machine, options)
        manager = builder.getModulePassManager()
        if level == 0:
            manager.add_loop_rotate_pass()
            manager.add_instruction_combine_pass()
            manager.add_jump_threading_pass()
        manager.run(module, builder)
    return machine.emit_assembly(module)


llvm.initialize_all_targets()
llvm.initialize_all_asmprinters()
codegen.CPUCodeLibrary._optimize_final_module = keep
tables = typeof(compile_body(PlainBody(1.0, np.eye(3)), Pad(0.0, 0.0), Weather(), top=1000.0).tables)
array = types.Array(types.float64, 1, "C")
seen = {"here": {}, "features": LANE_FEATURES}
for loop, arrays in (("lanes_plain", 11), ("lanes_canopy", 10)):
    function = getattr(many, loop)
    function.compile((tables, *[array] * arrays, types.float64))
    (text,) = function.inspect_asm().values()
    seen["here"][loop] = counts(text)
    for name, how in LEVELS.items():
        if loop == "lanes_canopy" or name != "v3 untold":
            seen.setdefault(name, {})[loop] = counts(cross(raw[loop], *how))
print(json.dumps(seen))
"""
LOOPS = ("lanes_plain", "lanes_canopy")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    env = dict(os.environ, DOWNRANGE_COMPILE="here", DOWNRANGE_CACHE=str(tmp_path_factory.mktemp("cache")))
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(("level", "width"), [("v3", 4), ("v4", 4)])
def test_with_gathers_everything_is_packed(seen, level, width, loop):
    """A whole step: what stays scalar is the loop's own constants. 256 bits at least; LLVM takes 512 where it likes."""
    c = seen[level][loop]
    assert c["widest"] >= width
    assert c["gathers"] >= (150 if loop == "lanes_plain" else 20)
    assert c["packed"] > (1500 if loop == "lanes_plain" else 400)
    assert c["scalar"] < 0.02 * c["packed"], c


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("level", ["v2", "aarch64"])
def test_without_gathers_what_leads_to_no_look_up_is_packed(seen, level, loop):
    """LLVM keeps an address and all that it is computed from scalar where there are no gathers, and in a step nearly all is."""
    c = seen[level][loop]
    assert c["gathers"] == 0 and c["widest"] == 2
    assert c["packed"] > (300 if loop == "lanes_plain" else 120), c
    assert c["scalar"] < 10 * c["packed"], c


def test_avx2_untold_is_left_scalar(seen):
    """Why `features_of_lanes` tells it: where this fails, LLVM has learnt, and the telling can go."""
    c = seen["v3 untold"]["lanes_canopy"]
    assert c["gathers"] == 0 and c["scalar"] > 2 * c["packed"], c


@pytest.mark.parametrize("loop", LOOPS)
def test_this_processor_gets_what_its_level_gets(seen, loop):
    features, c = seen["features"], seen["here"][loop]
    if "+fast-gather" in features or "+avx512f" in features:
        assert c["gathers"] >= (150 if loop == "lanes_plain" else 20), c
        assert c["scalar"] < 0.02 * c["packed"], c
    else:
        assert c["packed"] > (300 if loop == "lanes_plain" else 120), c


@pytest.mark.skipif(os.name == "nt", reason="asks after processes")
def test_a_compilation_that_was_killed_is_taken_up_again(tmp_path):
    from downrange.flight.kernel.warm import _abandoned

    lock = tmp_path / "compiling"
    assert not _abandoned(lock)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock.write_text(str(dead.pid))
    assert _abandoned(lock)
    lock.write_text(str(os.getpid()))
    assert not _abandoned(lock)
    os.utime(lock, (0, 0))
    assert _abandoned(lock)
