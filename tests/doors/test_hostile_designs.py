"""Designs from strangers: each is read, or refused in a line, within 5 s of processor and 500 MB, whatever is in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import gzip, json, resource, sys, time
from pathlib import Path
from downrange.errors import DownrangeError
from downrange.project import open_project
from foreign_designs import FINS, MASS, MOUNT, cdx1, gzipped, ork, rkt, zipped

LUG = "<launchlug><name>L</name><instancecount>{0}</instancecount><instanceseparation>0</instanceseparation><radius>0.003</radius><length>0.03</length><thickness>0.0005</thickness></launchlug>"
POINTS = "".join(f"<point x='{i * 1e-6}' y='{0.05 if i % 2 else 0.049}'/>" for i in range(20000))
FIN = "<freeformfinset><name>F</name><fincount>3</fincount><thickness>0.003</thickness><finpoints><point x='0' y='0'/>{0}<point x='0.1' y='0'/></finpoints></freeformfinset>"
ROCK = "<MassObject><Name>a</Name><KnownMass>5</KnownMass><Xb>1</Xb></MassObject>"
SIM = "<simulation><name>S</name><conditions><configid>one</configid></conditions></simulation>"
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(b"<!ENTITY b%d '%s'>" % (i, b"&a;" * 10) for i in range(10)) + b"]><openrocket>&b9;</openrocket>"
CASES = {
    "entities": ("d.ork", LAUGHS), "an outside entity": ("d.ork", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><openrocket>&a;</openrocket>"),
    "gigabyte in gzip": ("d.ork", gzip.compress(b" " * 30_000_000) * 40), "gigabyte in zip": ("d.ork", zipped(b" " * 120_000_000)),
    "climbing path": ("d.ork", zipped(ork(), "../../../rocket.ork")), "a script": ("d.ork", b"#!/bin/sh\\nrm -rf /\\n"),
    "script in a name": ("d.ork", ork().replace(b"Test rocket", b"&lt;script&gt;alert(1)&lt;/script&gt;")),
    "nested": ("d.ork", b"<openrocket>" + b"<subcomponents>" * 10_000), "RockSim nested": ("d.rkt", rkt(attached="<SubAssembly><AttachedParts>" * 900)),
    "masses": ("d.ork", ork(inside=MOUNT + MASS * 20_000)), "fins": ("d.ork", ork(inside=MOUNT + FINS * 3000)), "RockSim masses": ("d.rkt", rkt(attached=ROCK * 20_000)),
    "points": ("d.ork", ork(inside=MOUNT + FIN.format(POINTS))), "copies": ("d.ork", ork(inside=MOUNT + LUG.format(10**8))),
    "fins of a set": ("d.ork", ork(inside=MOUNT + FINS.replace("<fincount>4", "<fincount>100000000"))), "attributes": ("d.ork", ork().replace(b"<nosecone>", b"<nosecone " + b" ".join(b"a%d='1'" % i for i in range(200_000)) + b">")),
    "a long name": ("d.ork", ork().replace(b"<name>Nose<", b"<name>" + b"x" * 30_000_000 + b"<")), "simulations": ("d.ork", ork(simulations=SIM * 20_000)),
    "rows": ("d.ork", ork().replace(b"<datapoint>0.0,", b"<datapoint>0.0,0.0,0.15,0.33,0.44</datapoint>" * 300_000 + b"<datapoint>0.0,", 1)),
    "RASAero simulations": ("d.CDX1", cdx1(simulation="<Simulation><SustainerEngine>H128W  (AT)</SustainerEngine><SustainerLaunchWt>3</SustainerLaunchWt></Simulation>" * 20_000)),
    "NaN": ("d.rkt", rkt().replace(b"<OD>50<", b"<OD>NaN<")), "negative": ("d.CDX1", cdx1().replace(b"<Diameter>2<", b"<Diameter>-2<")),
    "half a file": ("d.ork", ork()[:2000]), "half a zip": ("d.ork", zipped(ork())[:800]), "wrong container": ("d.ork", b"PK" + gzipped(ork())),
    "wrong encoding": ("d.ork", ork().decode().encode("utf-16")[7:]), "another program's": ("d.ork", rkt()),
}
folder, out = Path(sys.argv[1]), {}
open_project_once = (folder / "warm.ork").write_bytes(ork())
open_project(folder / "warm.ork")
for name, (file, data) in CASES.items():
    path = folder / file
    path.write_bytes(data)
    before = time.process_time()
    try:
        open_project(path)
        end = "read"
    except DownrangeError as error:
        end = str(error).replace(str(folder), "")
    out[name] = [end, time.process_time() - before]
status = Path("/proc/self/status")
if status.is_file():  # Linux hands the peak of whoever started it on in ru_maxrss
    memory = int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))) / 2**10
else:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([out, memory]))
"""
READ = {"script in a name", "attributes", "a long name", "simulations", "rows", "RASAero simulations"}


@pytest.mark.skipif(sys.platform == "win32", reason="no count of the memory used")
def test_each_ends_soon_and_small(tmp_path):
    tests = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=600, env=environment
    )
    assert done.returncode == 0, done.stderr[-3000:]
    out, memory = json.loads(done.stdout)
    assert memory < 500, f"{memory:.0f} MB"
    for name, (end, seconds) in out.items():
        assert seconds < 5.0, (name, seconds)
        assert (end == "read") == (name in READ), (name, end)
        assert len(end) < 400 and "Traceback" not in end and end.isprintable(), (name, end)
