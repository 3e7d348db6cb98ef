"""A letter as PDF: its words are in it, and without the library the error says what to install."""

import sys
import zlib

import pytest

from ivig.errors import InputError
from ivig.faces.patient_file import read_patient
from ivig.knowledge import Knowledge
from ivig.letter import write_letter
from ivig.report import render_letter_pdf
from ivig.report.outline import Document, Line, Paragraph, Part, Table
from ivig.report.pdf import to_pdf


def document(*blocks: Paragraph | Table) -> Document:
    return Document(
        verdict="", tone="plain", title="Title", subject="", notice="", blocks=blocks, provenance="p"
    )  # fmt: skip


def test_without_the_library_the_error_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [key for key in sys.modules if key.split(".")[0] == "reportlab"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "reportlab", None)
    with pytest.raises(InputError, match=r"pip install 'ivig\[pdf\]'"):
        to_pdf(document())


def test_a_letter_is_a_pdf_and_the_same_bytes_twice(knowledge: Knowledge) -> None:
    pytest.importorskip("reportlab")
    patient = read_patient("examples/cidp-80kg.yaml")
    made = write_letter(patient, knowledge, place="uk", rules="uk")
    one, two = render_letter_pdf(made), render_letter_pdf(made)
    assert one == two
    assert one.startswith(b"%PDF-")
    assert one.rstrip().endswith(b"%%EOF")
    assert one.count(b"/Type /Page\n") >= 2


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b> </para>", "≥ 10⁹/L − µg", "漢字 \u202e x", "word" * 400]
)
def test_any_words_are_drawn(text: str) -> None:
    pytest.importorskip("reportlab")
    line = Line(parts=(Part(text),), label="A")
    table = Table(caption=text, head=("a", "b"), rows=((line, line),), align=("left", "left"))
    made = to_pdf(document(Paragraph(line=line), table))
    assert zlib.crc32(made) == zlib.crc32(to_pdf(document(Paragraph(line=line), table)))
