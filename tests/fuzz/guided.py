"""Fuzzing that is led by coverage: `PYTHONPATH=tests python -m fuzz.guided NAME SECONDS [FOLDER]`, of a sample of `fuzz.samples`.

libFuzzer keeps a mutant that runs lines which none ran before, and goes on from it; the words of the sample are its dictionary. Prints how
many cases it tried; ends with an error at the first that ends otherwise than as a value or an `InputError`, and leaves it in FOLDER.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

_LONGEST = 20_000  # bytes of a case
_SLOW = 20  # s for one case, on the slowest machine
_MEMORY = 1500  # MB, with all that is loaded for it: the fuzzer stops above


def words(data: bytes) -> bytes:
    """The sample's tags, names and numbers, as libFuzzer's dictionary has them."""
    found = sorted(set(re.findall(rb"</?[A-Za-z]\w*>?|(?<=>)[\w.+-]{1,24}(?=<)|\w{3,24}=", data)))
    return b"".join(b'"' + w.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"\n' for w in found)


def main() -> None:
    """Fuzz one reader for some seconds."""
    import atheris

    name, seconds = sys.argv[1], int(sys.argv[2])
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())
    with atheris.instrument_imports(include=["downrange.formats", "downrange.project.foreign"]):
        import downrange.formats.designs  # noqa: F401
        import downrange.project.foreign  # noqa: F401
        from fuzz.samples import samples
        from fuzz.test_readers import attempt

        sample = samples()[name]
    folder.mkdir(parents=True, exist_ok=True)
    for other, data in sample.beside.items():
        (folder / other).write_bytes(data)
    corpus, dictionary = folder / "corpus", folder / "words"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "sample").write_bytes(sample.data)
    dictionary.write_bytes(words(sample.data))

    def one(data: bytes) -> None:
        end = attempt(sample, data, folder)
        if end not in ("read", "refused"):
            raise AssertionError(end)

    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", f"-max_len={_LONGEST}", f"-timeout={_SLOW}", f"-rss_limit_mb={_MEMORY}", "-print_final_stats=1",
         f"-dict={dictionary}", f"-artifact_prefix={folder}/", str(corpus)],
        one,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
