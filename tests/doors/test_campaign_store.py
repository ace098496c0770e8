"""A campaign's folder: damaged, copied, foreign and moved files; changed inputs; two writers; manifests of nonsense."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from test_campaign_doors import GENESIS
from test_cli import edit

from campaigns import genesis, genesis_plan
from downrange.dispersion import run, shard_sizes
from downrange.errors import InputError
from downrange.project.campaigns import CampaignStore, read_campaign
from downrange.project.locks import locked
from downrange.project.manifest import MANIFEST, read_manifest


def flown(folder: Path, flights: int, seed: int = 1) -> Path:
    plan = genesis_plan("random", seed)
    store = CampaignStore.open(folder, genesis(), plan, flights)
    for shard, columns in run(plan, store.missing(flights)):
        store.write(shard, columns)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return flown(tmp_path_factory.mktemp("small"), 128)


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> Path:
    """Three shards: two of equal shape, and a short one."""
    return flown(tmp_path_factory.mktemp("three"), 2 * 8192 + 64)


@pytest.fixture
def copy(small, tmp_path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "copy"))


def shard(folder: Path, k: int = 0) -> Path:
    return folder / f"shard-{k:05d}.parquet"


def record(folder: Path, k: int = 0) -> Path:
    return folder / f"shard-{k:05d}.parquet.sha256"


def refused(folder: Path, match: str) -> None:
    with pytest.raises(InputError, match=match) as error:
        read_campaign(folder)
    assert "flies it again" in str(error.value) or "campaign" in str(error.value)


# What is read is what was written


def test_every_bit_is_watched(copy):
    """400 single bits turned over in a shard, 40 in its record: not one is read as good."""
    rng = random.Random(7)
    for path, times in ((shard(copy), 400), (record(copy), 40)):
        good = path.read_bytes()
        for _ in range(times):
            bad = bytearray(good)
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
            path.write_bytes(bytes(bad))
            with pytest.raises(InputError, match="not what was flown"):
                read_campaign(copy)
        path.write_bytes(good)
    assert read_campaign(copy).flights == 128


@pytest.mark.parametrize("left", [0, 4, 1000, -1])
def test_cut_short(copy, left):
    path = shard(copy)
    path.write_bytes(path.read_bytes()[:left])
    refused(copy, "cut short, damaged")


def test_damage_after_opening_is_seen_by_the_pages_own_checksums(copy):
    """A bit that turns over while the campaign is open, in the middle of a column of numbers."""
    import pyarrow.parquet as pq

    c = read_campaign(copy)
    names = list(c.columns)
    chunk = pq.ParquetFile(shard(copy)).metadata.row_group(0).column(names.index("landing_east_m"))
    assert chunk.path_in_schema == "landing_east_m"
    data = bytearray(shard(copy).read_bytes())
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data[start + chunk.total_compressed_size - 20] ^= 4
    shard(copy).write_bytes(bytes(data))
    with pytest.raises(InputError, match="cannot be read"):
        _ = c["landing_east_m"]


def test_a_copied_shard_is_known_by_its_number(three, tmp_path):
    """Shard 1 over shard 0, of the same shape, alone and with its record, and under a number that is not there."""
    folder = Path(shutil.copytree(three, tmp_path / "c"))
    shutil.copy(shard(folder, 1), shard(folder, 0))
    refused(folder, "its bytes are not those")
    shutil.copy(record(folder, 1), record(folder, 0))
    refused(folder, "its record .* not its own")
    record(folder, 0).write_text(record(folder, 1).read_text().replace("00001", "00000"))
    refused(folder, "it is shard 1 under another name")
    shutil.copy(shard(three, 0), shard(folder, 0))
    shutil.copy(record(three, 0), record(folder, 0))
    assert read_campaign(folder).flights == 2 * 8192 + 64
    shutil.copy(shard(folder, 0), folder / "shard-00009.parquet")
    refused(folder, "its record .* missing")


def test_a_shard_of_another_campaign_is_refused(copy, tmp_path):
    """The same rocket, number and shape, of another seed."""
    other = flown(tmp_path / "other", 128, seed=2)
    shutil.copy(shard(other), shard(copy))
    shutil.copy(record(other), record(copy))
    refused(copy, "it is of another campaign")


def test_resuming_says_what_was_wrong_and_flies_it_again(call, three, tmp_path):  # noqa: F811
    folder = Path(shutil.copytree(three, tmp_path / "c"))
    shutil.copy(shard(folder, 1), shard(folder, 0))
    short = shard(folder, 2).read_bytes()
    shard(folder, 2).write_bytes(short[:-1])
    code, text, err = call("disperse", GENESIS, "-n", 2 * 8192 + 64, "--out", folder, "--no-report", "--json")
    assert code == 0, err
    assert "shard-00000.parquet is flown again: its bytes" in err and "shard-00002.parquet is flown again" in err
    assert "shard-00001" not in err and "flew 8,256 flights" in err
    assert json.loads(text)["flights"] == 2 * 8192 + 64
    for k in range(3):
        assert shard(folder, k).read_bytes() == shard(three, k).read_bytes()


def test_fewer_flights_than_are_there_are_the_first(call, three, tmp_path):  # noqa: F811
    """A shorter run of the same campaign does not count what a longer one left."""
    folder = Path(shutil.copytree(three, tmp_path / "c"))
    code, text, _ = call("disperse", GENESIS, "-n", 8192, "--out", folder, "--no-report", "--json")
    assert code == 0 and json.loads(text)["flights"] == 8192


def test_columns_are_read_one_by_one(three):
    """The same numbers as the whole table has, names as numbers into the manifest's; few columns are held at a time."""
    import pyarrow.parquet as pq

    c = read_campaign(three)
    tables = [pq.read_table(shard(three, k)) for k in range(3)]
    assert list(c.columns) == tables[0].column_names
    for name in c.columns:
        there = np.concatenate([t.column(name).to_numpy() for t in tables])
        if name in ("mode", "body", "result"):
            words = [m.mode.name for m in c.modes] if name == "mode" else list(c.bodies)
            assert name == "result" or [words[k] for k in c[name]] == list(there)
        else:
            assert np.array_equal(c[name], there, equal_nan=there.dtype.kind == "f")
        assert len(c.columns._held) <= 8
    with pytest.raises(InputError, match="has no column 'nonsense'"):
        _ = c["nonsense"]
    with pytest.raises(ValueError, match="read-only"):
        c["landing_east_m"][0] = 1.0


def test_a_campaign_in_memory_and_on_disk_answer_alike(three):
    from downrange.dispersion import fly_campaign
    from downrange.report.campaign import campaign_summary

    plan = genesis_plan()
    on_disk, here = campaign_summary(read_campaign(three)), campaign_summary(fly_campaign(plan, 2 * 8192 + 64))
    assert on_disk["statistics"] == here["statistics"] and on_disk["modes"] == here["modes"]


# The manifest


def test_manifests_of_nonsense(copy):
    """Bytes turned over, lines dropped, numbers and words exchanged, deep nesting: one error, or the same campaign."""
    path = copy / MANIFEST
    good, rng = path.read_bytes(), random.Random(3)
    before = read_manifest(path)
    words = [
        b"NaN",
        b"-1e999",
        b"1" * 5000,
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"[" * 3000,
        b"\xff\xfe",
        b'"\\ud800"',
        b"true",
    ]
    refusals = 0
    for k in range(600):
        bad = bytearray(good)
        at = rng.randrange(len(bad))
        if k % 3 == 0:
            bad[at] ^= 1 << rng.randrange(8)
        elif k % 3 == 1:
            del bad[at : at + rng.randrange(1, 400)]
        else:
            found = list(re.finditer(rb'-?\d+(\.\d+)?(e-?\d+)?|"[^"]*"|\[|\{', good))
            one = rng.choice(found)
            bad[one.start() : one.end()] = rng.choice(words)
        path.write_bytes(bytes(bad))
        try:
            assert read_manifest(path) == before
        except InputError as error:
            refusals += 1
            assert str(path) in str(error) and len(str(error)) < 400 + len(str(path))
    assert refusals > 500


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", "[" * 100_000, '{"format": 1}', '{"format": 2, "check": 3}', "1" * 6000]
)
def test_what_is_no_manifest(call, copy, text):  # noqa: F811
    (copy / MANIFEST).write_text(text)
    code, _, err = call("safety", GENESIS, "--campaign", copy)
    assert code == 2 and ("manifest" in err or "format 1" in err) and len(err) < 600


def test_a_changed_probability_is_not_believed(copy):
    path = copy / MANIFEST
    path.write_text(path.read_text().replace('"prior": 0.03', '"prior": 0.003'))
    with pytest.raises(InputError, match="changed after it was written"):
        read_campaign(copy)


def test_a_seed_of_too_many_bits(call, tmp_path):  # noqa: F811
    code, _, err = call("disperse", GENESIS, "-n", 64, "--seed", 2**63, "--out", tmp_path / "c")
    assert code == 2 and "63 bits" in err


# What it depends on


def ensemble(folder: Path) -> None:
    (folder / "winds").mkdir()
    for k in range(3):
        (folder / "winds" / f"member{k}.csv").write_text(
            f"height_agl_m,wind_speed_m_s,wind_from_deg\n10,{2 + k},270\n1000,{4 + k},270\n3000,{5 + k},270\n"
        )
    launch = folder / "launch.yaml"
    launch.write_text(re.sub(r"weather:\n(  .*\n)+", "weather:\n  ensemble: winds\n", launch.read_text()))


def site_below(folder: Path) -> None:
    """The site in a folder of its own, with its terrain, its population and a shape beside it."""
    (folder / "sites").mkdir()
    tile = np.full((1201, 1201), 160, ">i2")
    tile.tofile(folder / "sites" / "N39W009.hgt")
    (folder / "sites" / "people.csv").write_text("latitude_deg,longitude_deg,people\n39.43,-8.31,4\n")
    shutil.copy(GENESIS.parent / "site.yaml", folder / "site.yaml")
    (folder / "sites" / "site.yaml").write_text(
        "latitude: 39.4 deg\nlongitude: -8.3 deg\nelevation: 160 m\n"
        "ground:\n  terrain: {files: [N39W009.hgt], reach: 1 km}\n  population: people.csv\n"
    )
    edit(folder, "launch.yaml", "site: site.yaml", "site: sites/site.yaml")


def nothing(folder: Path) -> None:
    pass


def own_rules(folder: Path) -> None:
    shutil.copy(GENESIS.parents[2] / "src/downrange/safety/packs/site.yaml", folder / "mine.yaml")
    launch = folder / "launch.yaml"
    launch.write_text(launch.read_text() + "\nrules: [mine.yaml]\n")


def own_drag(folder: Path) -> None:
    (folder / "tables").mkdir()
    (folder / "tables" / "drag.csv").write_text("mach,cd_power_off\n0.1,0.5\n0.9,0.6\n")
    launch = folder / "launch.yaml"
    launch.write_text(launch.read_text() + "\naero: {drag: tables/drag.csv}\n")


def curve(folder: Path) -> Path:
    path = folder / "test.eng"
    path.write_text("TEST 18 70 5 0.0108 0.0241 Maker\n 0.05 3\n 0.2 14\n 0.4 5\n 1.6 4.6\n 1.85 0\n;\n")
    return path


@pytest.mark.parametrize(
    ("prepare", "file", "old", "new"),
    [
        (ensemble, "winds/member1.csv", "1000,5", "1000,6"), (site_below, "sites/N39W009.hgt", None, None), (site_below, "sites/people.csv", ",4", ",5"),
        (nothing, "test.eng", " 0.2 14", " 0.2 13"), (own_rules, "mine.yaml", "0.05", "0.04"), (own_drag, "tables/drag.csv", "0.6", "0.7"),
    ],
)  # fmt: skip
def test_every_file_that_is_reached_is_an_input(call, project, prepare, file, old, new):  # noqa: F811
    """A member of an ensemble, the terrain of a site in a folder below, a motor from the command line, and their like."""
    prepare(project)
    motor = ("--motor", curve(project)) if prepare is nothing else ()
    command = ("disperse", project / "launch.yaml", "-n", 64, "--out", project / "camp", "--no-report", *motor)
    code, _, err = call(*command)
    assert code == 0, err
    (project / "unrelated.csv").write_text("1,2\n")
    assert call(*command)[0] == 0
    path = project / file
    if old is None:
        data = bytearray(path.read_bytes())
        data[2_000_001] ^= 2
        path.write_bytes(bytes(data))
    else:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    code, _, err = call(*command)
    assert code == 2 and Path(file).name in err and "a file of hash" in err and "--fresh" in err


def test_members_that_come_and_go_are_seen(call, project):  # noqa: F811
    ensemble(project)
    command = ("disperse", project / "launch.yaml", "-n", 64, "--out", project / "camp", "--no-report")
    assert call(*command)[0] == 0
    shutil.copy(project / "winds" / "member0.csv", project / "winds" / "member9.csv")
    assert "member9.csv was not there" in call(*command)[2]


def test_the_club_record_is_an_input(call, project):  # noqa: F811
    launch = project / "launch.yaml"
    text = launch.read_text() + "\nmodes:\n  record: {flights: 40, failures: {no deployment: 1}}\n"
    command = ("disperse", launch, "-n", 64, "--out", project / "camp", "--no-report")
    launch.write_text(text)
    assert call(*command)[0] == 0
    launch.write_text(text.replace("no deployment: 1", "no deployment: 2"))
    assert "launch.modes.record.failures.no deployment was 1, is 2" in call(*command)[2]


def test_a_campaign_of_another_launch_does_not_speak_for_this_one(call, project, small):  # noqa: F811
    code, _, err = call("safety", project / "launch.yaml", "--campaign", small)
    assert code == 2 and "flown of other inputs" in err and len(err) < 1500
    assert "Estes" in call("safety", GENESIS, "--campaign", small, "--motor", "Estes C6")[2]
    assert call("safety", GENESIS, "--campaign", small, "--rules", "nar-hpr")[0] in (0, 1)


# Two writers


def test_two_writers_do_not_meet(call, tmp_path):  # noqa: F811
    folder = tmp_path / "c"
    with locked(folder):
        for more in ((), ("--fresh",), ("--shard", "1/2")):
            code, _, err = call("disperse", GENESIS, "-n", 64, "--out", folder, "--no-report", *more)
            assert code == 2 and f"process {os.getpid()} on " in err and "flying into this folder" in err
        assert not (folder / MANIFEST).exists()
    assert list(folder.iterdir()) == []


def test_parts_that_share_no_shard_may_fly_together(tmp_path):
    with locked(tmp_path, (0, 2)), locked(tmp_path, (1, 2)):
        for part in ((0, 1), (0, 2), (1, 2), (0, 3), (2, 4)):
            with pytest.raises(InputError, match="flying into this folder"), locked(tmp_path, part):
                pass
    with locked(tmp_path, (0, 4)), locked(tmp_path, (2, 4)), locked(tmp_path, (1, 2)):
        assert len(list(tmp_path.glob("*.lock"))) == 3
    assert list(tmp_path.iterdir()) == []
    for n, m in ((2, 3), (4, 6), (5, 5)):
        for i in range(n):
            for j in range(m):
                shared = set(range(i, 60, n)) & set(range(j, 60, m))
                with locked(tmp_path, (i, n)):
                    try:
                        with locked(tmp_path, (j, m)):
                            assert not shared
                    except InputError:
                        assert shared


def test_dead_writers_are_buried(tmp_path):
    """Gone on this machine: at once. On another: ten minutes after its last sign of life, and not before."""
    done = subprocess.Popen([sys.executable, "-c", "pass"])
    done.wait()
    with locked(tmp_path):
        said = json.loads((tmp_path / "writer-1-of-1.lock").read_text())
    lock = tmp_path / "writer-1-of-3.lock"
    lock.write_text(json.dumps(said | {"pid": done.pid}))
    with locked(tmp_path) as told:
        assert told == ("took over writer-1-of-3.lock, whose writer is gone",)
    for text in (json.dumps(said | {"machine": "elsewhere", "host": "elsewhere"}), "nonsense", '{"pid": []}'):
        for path in (lock, tmp_path / "writer-1-of-1.lock"):
            path.write_text(text)
            with pytest.raises(InputError, match="flying into this folder"), locked(tmp_path):
                pass
            os.utime(path, (time.time() - 700, time.time() - 700))
            with locked(tmp_path) as told:
                assert len(told) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failed_campaign_leaves_no_lock(call, project):  # noqa: F811
    launch = project / "launch.yaml"
    launch.write_text(launch.read_text() + "\nmodes: {probability: {no deployment: 99 %, fin loss: 99 %}}\n")
    assert call("disperse", launch, "-n", 64, "--out", project / "camp")[0] == 2
    assert list((project / "camp").iterdir()) == []
    assert len(shard_sizes(64)) == 1


@pytest.mark.parametrize(
    ("record", "seen"),
    [
        ("{flights: -3}", "seen -3"), ("{flights: 1000001}", "seen 1000001"), ("{flights: 9, failures: {fin loss: -1}}", "seen -1"),
        (f"{{flights: 9, failures: {{fin loss: {'1' * 400}}}}}", "a number of 400 characters"), ("{flights: 9, failures: {fin loss: 10}}", "10 failures in 9 flights"),
        ("{flights: 9, failures: {fin lost: 1}}", "did you mean 'fin loss'"),
    ],
)  # fmt: skip
def test_club_records_that_cannot_be(call, project, record, seen):  # noqa: F811
    launch = project / "launch.yaml"
    launch.write_text(launch.read_text() + f"\nmodes:\n  record: {record}\n")
    code, _, err = call("disperse", launch, "-n", 64, "--out", project / "camp")
    assert code == 2 and seen in err and len(err) < 500
