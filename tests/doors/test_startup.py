"""What a command loads: what takes long to import comes only where something is flown, drawn or written."""

import subprocess
import sys
from pathlib import Path

import pytest

_CODE = """
import json, sys
from downrange.cli.main import run
sys.argv = ["downrange", *sys.argv[1:]]
try:
    run()
except SystemExit:
    pass
print(json.dumps(sorted(m.partition(".")[0] for m in sys.modules if m.count(".") < 1)), file=sys.stderr)
"""
_LAUNCH = Path(__file__).parents[2] / "examples/first_rocket/launch.yaml"
_DRAWS = {"matplotlib", "pyarrow", "shapely", "rasterio", "netCDF4", "dask", "distributed"}


@pytest.mark.parametrize(
    ("words", "never"),
    [
        (("--help",), _DRAWS | {"numpy", "numba", "scipy", "pydantic", "ruamel", "rich"}),
        (("motor", "find", "K550"), _DRAWS | {"numba", "scipy", "pydantic", "ruamel"}),
        (("motor", "find", "K550", "--json"), _DRAWS | {"numba", "scipy", "pydantic", "ruamel", "rich"}),
        (("schema", "rocket"), _DRAWS | {"numba"}),
        (("fly", str(_LAUNCH), "--json"), _DRAWS | {"numba", "scipy", "rich"}),
        (("check", str(_LAUNCH)), _DRAWS | {"numba", "scipy"}),
    ],
    ids=lambda value: " ".join(value[:2])[:12] if isinstance(value, tuple) else "",
)
def test_commands_load_what_they_need(words, never, tmp_path):
    """Importing numba takes 0.3 s, matplotlib 0.4, pydantic 0.1: nobody waits for what he does not use."""
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *words], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False
    )
    loaded = set(done.stderr.strip().rsplit("\n", 1)[-1].strip('[]"').split('", "'))
    assert "downrange" in loaded and not loaded & never
