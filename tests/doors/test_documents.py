"""A document says the same on paper, on a page, in Word and in a folder, whatever somebody wrote into it."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from downrange.errors import InputError
from downrange.report.documents import (
    Code,
    Contents,
    Document,
    Equation,
    Heading,
    Listing,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    References,
    Run,
    Table,
    read_markdown,
    read_picture,
    texts,
    write_document,
)

HOSTILE = '<script>alert(1)</script> #eval("1+1") $x^2$ *b* _i_ @ref \\ `c` | {{x}} #{1} </style> %PDF'


def png(width=400, height=200):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#88aacc").save(out, "PNG")
    return out.getvalue()


def document(**how):
    blocks = (
        Contents(),
        Heading("How it flew"),
        Paragraph((Run("It rose to "), Run("1,234 m", bold=True, marked=True), Run(" of height."))),
        Heading(f"Names {HOSTILE}", 2),
        Table(
            ("quantity", "value", "what it is"),
            tuple((f"row {k}", f"{k * 1000:,} m", f"height above the pad {HOSTILE}" * (k % 3)) for k in range(45)),
            "Numbers of the flight",
            numbers=(1,),
            note="By hand.",
            name="../../numbers",
        ),
        Table(("a", "b"), (("=1+1", "z" * 400), (HOSTILE, "-3.5 m")), "Odd cells"),
        Table(tuple(f"head of column {k}" for k in range(15)), (tuple(f"{k * 1234567}" for k in range(15)),), "Wide"),
        Listing(("tick", "tock"), boxes=True),
        Listing(("first", HOSTILE), ordered=True),
        Equation("drift = wind × time"),
        Code("a = 1\n    b = 2"),
        Note("Stand back.", "Careful", warning=True),
        Picture(png(), f"a blue box {HOSTILE}", "A box", "box", 0.7),
        Picture(png(100, 900), "a tall box", "A tall box", "box"),
        PageBreak(),
        Heading("What it rests on " + "w" * 200),
        Paragraph("letters: Ж ≥ σ ° ± é, 中文"),
        References((f"Barrowman, J. {HOSTILE}", "y" * 300)),
    )
    given = {"footer": HOSTILE, **how}
    return Document(f"Flight {HOSTILE}", blocks, "of a test", (("rocket", HOSTILE), ("date", "2026-06-21")), **given)


def squeezed(text):
    """Letters without the white space and the breaks that a page puts between them."""
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    return {k: write_document(document(), folder / f"out{k}") for k in (".pdf", ".html", ".docx", "")}


def pdf_text(path):
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def docx_text(path):
    import docx

    d = docx.Document(str(path))
    out = []
    for element in d.element.body.iter():
        if element.tag.endswith("}t"):
            out.append(element.text or "")
        elif element.tag.endswith("}p"):
            out.append("\n")
    return "".join(out)


def test_every_word_is_found_again_in_pdf_and_word(made):
    for read in (pdf_text(made[".pdf"]), docx_text(made[".docx"])):
        found = squeezed(read)
        for line in texts(document().blocks).split("\n"):
            if line.startswith(("a blue box", "a tall box")) or "中" in line:
                continue  # what pictures show is said beside the text; no font inside has those letters
            for word in line.split():
                assert squeezed(word) in found, word


def test_every_word_is_found_again_on_the_page_and_in_the_folder(made):
    import html

    page = html.unescape(re.sub(r"<[^>]*>", "", made[".html"].read_text(encoding="utf-8")))
    folder = re.sub(r"\\(.)", r"\1", (made[""] / "document.md").read_text(encoding="utf-8"))
    for line in texts(document().blocks).split("\n"):
        if not line.startswith(("a blue box", "a tall box")):
            assert " ".join(line.split()) in " ".join(page.split())
        for word in line.split():
            assert word in folder or "\\" in word


def test_nothing_that_somebody_wrote_is_code(made):
    page = made[".html"].read_text(encoding="utf-8")
    assert "<script" not in page and "</style> %PDF" not in page and page.count("<style>") == 1
    assert "1+1" in pdf_text(made[".pdf"])  # typst did not work it out
    assert "\\<script\\>" in (made[""] / "document.md").read_text(encoding="utf-8")
    rows = list(csv.reader((made[""] / "odd_cells.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][0] == "'=1+1" and rows[2][1] == "-3.5 m"


def test_numbers_of_tables_stand_in_csv_under_their_heads(made):
    rows = list(csv.reader((made[""] / "numbers.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["quantity", "value", "what it is"] and rows[7][:2] == ["row 6", "6,000 m"] and len(rows) == 46


def test_a_folder_holds_its_files_and_nothing_else(made):
    assert sorted(p.name for p in made[""].iterdir()) == [
        "box.png", "box_2.png", "document.md", "numbers.csv", "odd_cells.csv", "wide.csv",
    ]  # fmt: skip
    assert list(made[""].parent.glob(".*")) == []


def glyphs(path):
    """Of each page: its size, and the boxes and letters of all that is on it."""
    import pypdfium2

    with pypdfium2.PdfDocument(str(path)) as pdf:
        for page in pdf:
            text = page.get_textpage()
            n = text.count_chars()
            yield page.get_size(), [text.get_charbox(k) for k in range(n)], text.get_text_range()
            text.close()
            page.close()


def test_nothing_runs_over_the_margins(made):
    for (width, height), boxes, _ in glyphs(made[".pdf"]):
        right, margin = max(b[2] for b in boxes), 22 / 25.4 * 72
        assert right <= width - margin + 1 and min(b[0] for b in boxes) >= margin - 1
        assert min(b[1] for b in boxes) > 0 and max(b[3] for b in boxes) < height


def test_no_heading_stands_alone_at_the_foot_of_a_page(tmp_path):
    for lines in range(30, 50, 3):
        blocks = (*(Paragraph(f"line {k}") for k in range(lines)), Heading("Alone"), Paragraph("after " * 60))
        path = write_document(Document("Foot", blocks), tmp_path / "foot.pdf")
        for _, _, text in glyphs(path):
            last = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("page")]
            assert last[-1] != "1 Alone"


def test_figures_and_tables_are_numbered_in_order_everywhere(made):
    for read in (pdf_text(made[".pdf"]), docx_text(made[".docx"]), made[".html"].read_text(encoding="utf-8")):
        places = [read.index(w) for w in ("Table 1.", "Table 2.", "Table 3.", "Figure 1.", "Figure 2.")]
        assert places == sorted(places)


def test_pictures_say_what_they_show(made):
    with zipfile.ZipFile(made[".docx"]) as packed:
        assert "a tall box" in packed.read("word/document.xml").decode()
    assert 'alt="a tall box"' in made[".html"].read_text(encoding="utf-8")
    with pytest.raises(InputError, match="without a text that says what it shows"):
        Picture(png(), " ")


def test_pages_have_numbers_and_pdf_an_outline(made):
    from pypdf import PdfReader

    reader = PdfReader(made[".pdf"])
    assert f"page 2 of {len(reader.pages)}" in " ".join(reader.pages[1].extract_text().split())
    assert any("How it flew" in str(o.get("/Title", "")) for o in reader.outline if isinstance(o, dict))


def test_a_poster_has_its_size_and_columns(tmp_path):
    from pypdf import PdfReader

    look = Look(48 * 25.4, 36 * 25.4, 25, 26, 4, counted=False)
    path = write_document(document(look=look), tmp_path / "poster.pdf")
    box = PdfReader(path).pages[0].mediabox
    assert (round(float(box.width) / 72, 2), round(float(box.height) / 72, 2)) == (48, 36)


def test_a_poster_s_letters_are_as_large_as_one_page_holds(tmp_path):
    look = Look(400, 300, 15, 14, 3, counted=False, fit=True)

    def letters(words):
        blocks = (Heading("Question"), Paragraph("word " * words), Picture(png(), "a blue box", "A box", "box"))
        pages = list(glyphs(write_document(Document("Poster", blocks, look=look), tmp_path / "poster.pdf")))
        heights = sorted(top - bottom for _, bottom, _, top in pages[0][1])
        return len(pages), heights[len(heights) // 2]

    few, many = letters(60), letters(900)
    assert few[0] == many[0] == 1 and few[1] > 1.4 * many[1]
    assert letters(9000)[0] > 1  # letters that nobody can read are no way out


def test_what_follows_a_picture_fills_the_page_before_it(tmp_path):
    before, after = (tuple(Paragraph(f"{word} {k}") for k in range(24)) for word in ("before", "after"))
    tall = Picture(png(400, 300), "a tall box", "A tall box", "box")
    path = write_document(Document("Full", (*before, tall, *after)), tmp_path / "full.pdf")
    first = next(iter(glyphs(path)))[2]
    assert "before 23" in first and "after 5" in first and "A tall box" not in first
    path = write_document(Document("End", (*before, tall, *after[:3])), tmp_path / "end.pdf")
    first, second = (text for _, _, text in glyphs(path))
    assert "after" not in first and second.index("A tall box") < second.index("after 0")  # it stays where it belongs
    path = write_document(Document("Head", (*before, Heading("Box"), tall, *after)), tmp_path / "head.pdf")
    first, second = (text for _, _, text in list(glyphs(path))[:2])
    assert "after" not in first and "Box" in second and second.index("Box") < second.index("A tall box")


def test_a_number_and_its_unit_stand_on_one_line(tmp_path):
    speeds = [f"{k * 1.25:,.2f} m/s" for k in range(1, 160)]
    path = write_document(Document("Speeds", (Paragraph(" or ".join(speeds) + " at 90 %"),)), tmp_path / "o.pdf")
    lines = [line for _, _, text in glyphs(path) for line in text.splitlines()]
    assert [s for s in speeds if not any(s in line for line in lines)] == []


def test_a_document_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "out.pdf"
    path.write_bytes(b"the last issue")
    import typst

    def fails(*_, **__):
        raise RuntimeError("no")

    monkeypatch.setattr(typst, "compile", fails)
    with pytest.raises(RuntimeError):
        write_document(document(), path)
    assert path.read_bytes() == b"the last issue" and [p.name for p in tmp_path.iterdir()] == ["out.pdf"]
    with pytest.raises(InputError, match=r"none of .pdf, .html and .docx"):
        write_document(document(), tmp_path / "out.txt")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "homework.txt").write_text("mine")
    with pytest.raises(InputError, match="no folder that a document was written to"):
        write_document(document(), tmp_path / "mine")
    assert (tmp_path / "mine" / "homework.txt").read_text() == "mine"


def test_a_team_s_word_template_is_filled(tmp_path):
    import docx

    template = docx.Document()
    template.add_heading("Our team", 1)
    p = template.add_paragraph("Apogee ")
    p.add_run("{{apo")  # Word breaks what is typed into pieces
    p.add_run("gee}} is ours")
    template.add_paragraph("{{document}}")
    template.add_paragraph("The end")
    template.save(tmp_path / "team.docx")
    path = write_document(
        document(), tmp_path / "o.docx", template=tmp_path / "team.docx", values={"apogee": f"1,234 m {HOSTILE}"}
    )
    read = docx_text(path)
    assert "Apogee 1,234 m <script>" in read
    assert read.index("Our team") < read.index("How it flew") < read.index("The end") and "{{document}}" not in read
    with pytest.raises(InputError, match="asks for 'apogee'"):
        write_document(document(), tmp_path / "o.docx", template=tmp_path / "team.docx")
    (tmp_path / "no.docx").write_bytes(b"PK not a document")
    with pytest.raises(InputError, match="no Word file"):
        write_document(document(), tmp_path / "p.docx", template=tmp_path / "no.docx")
    assert not (tmp_path / "p.docx").exists()


def test_markdown_of_people_becomes_blocks():
    text = (
        "# Wind\n\nIt **rose to {{apogee}}**, <b>not bold</b>.\n\n- one\n- [x] two\n\n1. first\n\n> said\n\n"
        "| a | b |\n|---|--:|\n| x | {{apogee}} |\n\n    code {{apogee}}\n\n![a cat](cat.png)\n"
    )
    blocks = read_markdown(
        text,
        values=lambda name: Run(f"<{name}>", marked=True),
        picture=lambda p, alt: Picture(png(), alt, name=p),
        below=1,
    )
    assert [type(b).__name__ for b in blocks] == [
        "Heading", "Paragraph", "Listing", "Listing", "Note", "Table", "Code", "Picture",
    ]  # fmt: skip
    assert blocks[0].level == 2
    assert Run("<apogee>", bold=True, marked=True) in blocks[1].text
    assert "<b>not bold</b>" in "".join(r.text for r in blocks[1].text)
    assert blocks[2].boxes and blocks[3].ordered
    assert blocks[5].numbers == (1,) and blocks[5].rows[0][1] == (Run("<apogee>", marked=True),)
    assert "{{apogee}}" in blocks[6].text
    assert blocks[7].alt == "a cat"


def test_a_wrong_number_in_markdown_is_named_with_its_line():
    def values(name):
        raise InputError("no number is called 'apoge'")

    with pytest.raises(InputError) as caught:
        read_markdown("a\n\nb {{apoge}}", values=values, file="text.md")
    assert (caught.value.file, caught.value.line, caught.value.key) == ("text.md", 3, "{{apoge}}")


def test_pictures_of_people_are_bounded(tmp_path):
    big = tmp_path / "big.png"
    big.write_bytes(png())
    with big.open("r+b") as f:
        f.truncate(100_000_000)
    with pytest.raises(InputError, match="100 MB, more than 20"):
        read_picture(big, "big")
    wide = tmp_path / "wide.png"
    Image.new("1", (9000, 7000)).save(wide)
    with pytest.raises(InputError, match="63 million pixels, more than 60"):
        read_picture(wide, "wide")
    Path(tmp_path / "no.png").write_bytes(b"<svg onload='x()'/>")
    with pytest.raises(InputError, match="neither a PNG nor a JPEG"):
        read_picture(tmp_path / "no.png", "no")
    Image.new("RGB", (5000, 100)).save(tmp_path / "long.jpg")
    assert Image.open(io.BytesIO(read_picture(tmp_path / "long.jpg", "long").data)).width == 2400
