"""What people get wrong, and what they would break a report with: the same clear words at both doors, and no half-written file."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import downrange as dr
from downrange.errors import InputError
from downrange.report.documents import Document, Heading, Paragraph, Picture, Table, texts, write_document

ROOT = Path(__file__).resolve().parents[2]
KIND = 'name: Ours\nabout: For tests.\ntitle: "{{rocket}}"\nblocks:\n  - heading: Words\n  - include: words.md\n'
CODE = '<script>alert(1)</script><img src=x onerror=alert(2)> #eval("40+2") #read("/etc/passwd") $x^2$ </w:t><w:p/> &lt;b&gt; ]]> `c` {{rocket}} \\u{41}'


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "examples" / "tarc", tmp_path / "tarc")
    (tmp_path / "tarc" / "reports" / "own").mkdir(parents=True)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "kind.yaml").write_text(KIND)
    return tmp_path / "tarc"


def png(width=40, height=20):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#88aacc").save(out, "PNG")
    return out.getvalue()


def words(project, text):
    (project / "reports" / "own" / "words.md").write_text(text)


def big_picture(project):
    path = project / "reports" / "own" / "big.png"
    path.write_bytes(png())
    with path.open("r+b") as f:
        f.truncate(100_000_000)
    words(project, "![the pad](big.png)\n")


def pipe(project):
    os.mkfifo(project / "reports" / "own" / "pad.png")
    words(project, "![the pad](pad.png)\n")


def kind(change):
    return lambda project: (project.parent / "own" / "kind.yaml").write_text(change)


def no_kind(project):
    shutil.rmtree(project.parent / "own")


def empty_kind(project):
    (project.parent / "own" / "kind.yaml").unlink()


WRONG = {
    "yaml": (kind(KIND + "  - heading: [unclosed\n"), r"kind\.yaml"),
    "a tab": (kind("name: a\n\tabout: b\n"), r"kind\.yaml"),
    "bytes": (lambda p: (p.parent / "own" / "kind.yaml").write_bytes(bytes(range(256)) * 40), r"kind\.yaml"),
    "nothing": (kind(""), r"kind\.yaml"),
    "a list": (kind("- a\n- b\n"), r"kind\.yaml"),
    "no folder": (no_kind, "no kind of document"),
    "empty folder": (empty_kind, r"no kind\.yaml in this folder"),
    "figure": (kind(KIND + "  - figure: flihgt\n"), "did you mean 'flight'"),
    "include": (kind(KIND.replace("words.md", "../../rocket.yaml")), "no name of a Markdown file"),
    "language": (kind("language: pl\n" + KIND), "words of 'pl' are not known.*Give words: figure, table"),
    "language of two": (kind("language: de-AT\n" + KIND), "language"),
    "picture": (lambda p: words(p, "a\n\n![the pad](pda.png)\n"), "no such file 'pda.png'"),
    "picture outside": (lambda p: words(p, "![the pad](../../../../etc/passwd)\n"), "leaves the project folder"),
    "picture of the web": (lambda p: words(p, "![the pad](https://example.org/pad.png)\n"), "no such file|leaves the project"),
    "picture without words": (lambda p: words(p, "![](pad.png)\n"), "no text that says what it shows"),
    "picture of 100 MB": (big_picture, "100 MB, more than 20"),
    "pipe": (pipe, "no such file 'pad.png'"),
    "number": (lambda p: words(p, "It rose to {{apoge}}.\n"), "apogee"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_at_both_doors(case, project, tmp_path, call):
    prepare, match = WRONG[case]
    prepare(project)
    out = tmp_path / "out.html"
    code, _, err = call("report", str(project), "--kind", str(tmp_path / "own"), "-n", "0", "-o", str(out))
    assert code == 2 and re.search(match, " ".join(err.split())), err
    with pytest.raises(InputError, match=match):
        dr.document(project / "launch.yaml", tmp_path / "own", flights=0)
    assert not out.exists() and list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize(
    ("asks", "file", "text", "match"),
    [
        ("review", "review.yaml", "signed:\n  - {by: A. Mentor, date: 2026-05-03, design: abc}\n", "as at the foot of each document; seen 'abc'"),
        ("review", "review.yaml", "comments: [{by: A. Mentor, says: x, stat: open}]\n", "unknown key 'stat' - did you mean 'state'"),
        ("comparison", "flight.csv", "what,ever\na,b\n", "flight.csv"),
        ("register", "predictions.jsonl", '{"format": 1, "no": "register"}\n', "predictions.jsonl"),
    ],
)  # fmt: skip
def test_a_file_that_was_given_and_is_wrong_is_not_merely_not_stated(asks, file, text, match, project, tmp_path, call):
    kind(KIND + f"  - table: {asks}\n")(project)
    (project / file).write_text(text)
    logs = [project / file] if asks == "comparison" else []
    with pytest.raises(InputError, match=match):
        dr.document(project / "launch.yaml", tmp_path / "own", flights=0, logs=logs)
    flags = [w for path in logs for w in ("--log", str(path))]
    code, _, err = call(
        "report", str(project), "--kind", str(tmp_path / "own"), "-n", "0", "-o", str(tmp_path / "o.html"), *flags
    )
    assert code == 2 and re.search(match, " ".join(err.split())) and not (tmp_path / "o.html").exists()


@pytest.mark.parametrize(
    "name", ["../tarc/../own", "../../../../../etc", "own/kind.yaml", "..", "/", "\x00", "l1\n", "k" * 5000]
)
def test_the_name_of_a_kind_is_a_kind_or_a_folder_with_one(name, project, call, monkeypatch):
    monkeypatch.chdir(project)
    if name == "../tarc/../own":  # a path as good as any
        assert dr.document(project, name, flights=0).issue.kind == "own"
        return
    with pytest.raises(InputError) as caught:
        dr.document(project, name, flights=0)
    assert len(str(caught.value)) < 900
    if "\x00" not in name:  # which no command line can hold
        assert call("report", str(project), "--kind", name, "-n", "0", "-o", "o.html")[0] == 2
    assert not Path("o.html").exists()


def test_code_in_names_and_words_is_only_words(project, tmp_path):
    rocket = (project / "rocket.yaml").read_text()
    quoted = CODE.replace("\\", "\\\\").replace('"', '\\"')
    assert rocket.count("name: egg in its foam") == 1
    (project / "rocket.yaml").write_text(rocket.replace("name: egg in its foam", f'name: "{quoted}"'))
    (project / "review.yaml").write_text(
        f'comments:\n  - {{by: "{quoted}", date: 2026-05-01, part: "{quoted}", says: "{quoted}"}}\n'
    )
    words(
        project,
        f"# {CODE}\n\n{CODE}\n\n| a | b |\n|---|---|\n| {CODE} | x |\n\n[here](javascript:alert(3)) [there](https://example.org)\n\n> {CODE}\n",
    )
    (tmp_path / "own" / "kind.yaml").write_text(KIND + "  - table: parts\n  - table: review\n")
    made = dr.document(project / "launch.yaml", tmp_path / "own", flights=0)
    said = texts(made.document.blocks)
    assert said.count("#eval") >= 7 and "TARC" not in CODE
    page, paper, paste = made.write_all((tmp_path / "o.html", tmp_path / "o.docx", tmp_path / "o"))
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text and "<img src=x" not in text and '="javascript:' not in text
    assert text.count("&lt;script&gt;alert(1)") >= 7 and "root:" not in text
    with zipfile.ZipFile(paper) as packed:
        xml = packed.read("word/document.xml").decode()
    assert "&lt;script&gt;" in xml and "&lt;/w:t&gt;&lt;w:p/&gt;" in xml
    markdown = (paste / "document.md").read_text(encoding="utf-8")
    assert (
        not re.search(r"(?<!\\)<script", markdown)
        and "](javascript" not in markdown
        and "https://example.org" in markdown
    )
    from pypdf import PdfReader

    pdf = "".join(p.extract_text() for p in PdfReader(made.write(tmp_path / "o.pdf")).pages)
    assert '#eval("40+2")' in " ".join(pdf.split()) and "root:" not in pdf


def test_characters_that_no_page_shows_are_written_out(tmp_path):
    bad = "a\x00b\x08c\x1b[31m\u202ed\ud800e\uffff\ufdd0 f"
    blocks = (
        Heading(bad),
        Paragraph(bad),
        Table((bad, "b"), ((bad, "x" * 30_000),), bad),
        Picture(png(), bad, bad, bad),
    )
    for suffix in (".pdf", ".docx", ".html", ""):
        write_document(Document(bad, blocks, bad, ((bad, bad),), footer=bad), tmp_path / f"o{suffix}")
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "\\x00" in page and "\\u202e" in page and "\x1b" not in page
    import docx

    assert any("\\x08" in p.text for p in docx.Document(str(tmp_path / "o.docx")).paragraphs)


def test_deep_and_long_markdown_ends(project, tmp_path):
    for text in (
        ">" * 5000 + " deep",
        "- " * 3000 + "deep",
        "[" * 20_000,
        "*" * 20_000 + "a",
        "|a" * 400 + "|\n" + "|-" * 400 + "|\n" + "|1" * 400 + "|\n",
    ):
        words(project, text)
        began = time.process_time()
        dr.document(project / "launch.yaml", tmp_path / "own", flights=0).write(tmp_path / "o.html")
        assert time.process_time() - began < 60  # a hang, and no measure of speed


def test_no_fonts_of_the_machine_and_none_of_the_figures(tmp_path, monkeypatch):
    import matplotlib
    from pypdf import PdfReader

    monkeypatch.setattr(matplotlib, "get_data_path", lambda: str(tmp_path / "nothing"))
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "nothing"))
    path = write_document(Document("Letters", (Paragraph("It rose to 300 m, 中文 and Ж."),)), tmp_path / "o.pdf")
    assert "It rose to 300 m" in " ".join(PdfReader(path).pages[0].extract_text().split())


def test_a_kind_in_another_language_brings_its_words(project, tmp_path):
    own = "words: {figure: Rysunek, table: Tabela, contents: Treść, references: Źródła, page: strona, of: z, was: było, not stated: nie podano}\n"
    (tmp_path / "own" / "kind.yaml").write_text("language: pl\n" + own + KIND)
    made = dr.document(project / "launch.yaml", tmp_path / "own", flights=0)
    assert made.document.language == "pl" and "Nie podano." in texts(made.document.blocks)
    assert 'lang="pl"' in made.write(tmp_path / "o.html").read_text(encoding="utf-8")


def test_none_of_several_files_is_written_before_all_are_made(project, tmp_path, call):
    import docx

    template = docx.Document()
    template.add_paragraph("{{apogee}} and {{nothing such}}")
    template.save(tmp_path / "team.docx")
    asked = ("report", str(project), "--kind", str(tmp_path / "own"), "-n", "0")
    (tmp_path / "o.html").write_text("the last issue")
    code, _, err = call(
        *asked,
        "-o",
        str(tmp_path / "o.html"),
        "-o",
        str(tmp_path / "o.docx"),
        "--template",
        str(tmp_path / "team.docx"),
    )
    assert code == 2 and "nothing such" in err and (tmp_path / "o.html").read_text() == "the last issue"
    template.paragraphs[0].text = "{{rocket}} rises to {{apogee}}"  # whether or not the document says so
    template.save(tmp_path / "team.docx")
    code, _, _ = call(
        *asked,
        "-o",
        str(tmp_path / "o.html"),
        "-o",
        str(tmp_path / "o.docx"),
        "--template",
        str(tmp_path / "team.docx"),
    )
    filled = docx.Document(str(tmp_path / "o.docx")).paragraphs[0].text
    apogee = json.loads(call("fly", str(project), "--json")[1])["apogee_agl_m"]
    shown, unit = filled.removeprefix("Egg lofter rises to ").replace(",", "").split(" ")
    assert float(shown) * {"m": 1.0, "ft": 0.3048}[unit] == pytest.approx(apogee, rel=1e-3)
    assert code == 0 and (tmp_path / "o.html").read_text() != "the last issue"
    code, _, err = call(*asked, "-o", str(tmp_path / "p.html"), "--template", str(tmp_path / "team.docx"))
    assert code == 2 and "ends in .docx" in err and not (tmp_path / "p.html").exists()
    (tmp_path / "team.docx").write_bytes(b"PK\x03\x04 and no more")
    code, _, err = call(*asked, "-o", str(tmp_path / "p.docx"), "--template", str(tmp_path / "team.docx"))
    assert code == 2 and "no Word file" in err and "flying" not in err


KILLED = """
import os, sys, time
from downrange.report.documents import Document, Paragraph, write_document
os.replace = lambda *_: (print("now", flush=True), time.sleep(60))
write_document(Document("New", (Paragraph("new"),)), sys.argv[1])
"""


@pytest.mark.parametrize("name", ["o.html", "o"])
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_killed_in_the_middle_the_last_issue_stands(name, tmp_path):
    path = write_document(Document("Old", (Paragraph("old"),)), tmp_path / name)
    files = {p: p.read_bytes() for p in ([path] if path.is_file() else path.iterdir())}
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"now\n"
        run.kill()
    assert {p: p.read_bytes() for p in ([path] if path.is_file() else path.iterdir())} == files
    write_document(Document("New", (Paragraph("new"),)), path)
    assert {p: p.read_bytes() for p in ([path] if path.is_file() else path.iterdir())} != files


@pytest.mark.parametrize("wrong", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_stopped_or_without_room_nothing_is_left_behind(wrong, tmp_path, monkeypatch):
    path = write_document(Document("Old", (Paragraph("old"),)), tmp_path / "o.html")
    before = path.read_bytes()

    def fails(*_):
        raise wrong

    monkeypatch.setattr(os, "replace", fails)
    for target in (path, tmp_path / "folder"):
        with pytest.raises((KeyboardInterrupt, OSError)):
            write_document(Document("New", (Paragraph("new"),)), target)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["o.html"]
