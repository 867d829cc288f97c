"""Is this paper good? Every fact, every limit and every sentence."""

import unicodedata
from dataclasses import replace

import pytest

from domain.documents import (
    MEGABYTE,
    Facts,
    Failure,
    Limits,
    MediaType,
    accepts,
    announcement,
    clean_name,
    crowds,
    judge,
    outgrows,
    sniff,
)
from domain.remarks import GRADES, Remark, sentence

LIMITS = Limits()
PDF = Facts(size_bytes=200_000, media_type=MediaType.PDF, pages=2)
PHOTO = Facts(size_bytes=2_000_000, media_type=MediaType.JPEG, pages=1, width=3024, height=4032)
PDF_START = b"%PDF-1.7\n"
JPEG_START = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG_START = b"\x89PNG\r\n\x1a\n\x00\x00"
HEIC_START = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"


def codes(facts: Facts) -> list[str]:
    return [remark.code for remark in judge(facts, LIMITS).remarks]


def test_a_readable_pdf_is_good_and_says_how_many_pages_it_has() -> None:
    verdict = judge(PDF, LIMITS)
    assert verdict.grade == "good"
    assert [sentence(remark) for remark in verdict.remarks] == ["Lisible, 2\u00a0pages."]


def test_a_single_page_is_written_in_the_singular() -> None:
    (remark,) = judge(replace(PDF, pages=1), LIMITS).remarks
    assert sentence(remark) == "Lisible, 1\u00a0page."


def test_a_readable_photo_is_good() -> None:
    verdict = judge(PHOTO, LIMITS)
    assert (verdict.grade, verdict.is_refused) == ("good", False)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(PDF, size_bytes=0), "empty"),
        (Facts(size_bytes=20, is_infected=True), "infected"),
        (Facts(size_bytes=20), "wrong_type"),
        (replace(PDF, size_bytes=6 * MEGABYTE + 1), "pdf_too_large"),
        (replace(PHOTO, size_bytes=15 * MEGABYTE + 1), "photo_too_large"),
        (replace(PDF, needs_password=True, pages=0), "password"),
        (replace(PDF, pages=0), "no_pages"),
        (replace(PHOTO, width=499), "too_small"),
        (replace(PHOTO, height=120), "too_small"),
    ],
)
def test_what_the_portal_cannot_take_is_refused_with_one_reason(facts: Facts, code: str) -> None:
    verdict = judge(facts, LIMITS)
    assert verdict.is_refused
    assert [remark.code for remark in verdict.remarks] == [code]


@pytest.mark.parametrize("failure", ["timeout", "memory", "crash"])
def test_a_pdf_that_exhausts_the_portal_is_refused_as_too_complex(failure: Failure) -> None:
    assert codes(replace(PDF, failure=failure)) == ["too_complex"]


def test_a_file_that_cannot_be_read_is_refused_in_the_words_of_its_kind() -> None:
    assert codes(replace(PDF, failure="unreadable")) == ["unreadable"]
    assert codes(replace(PHOTO, failure="unreadable")) == ["unreadable_photo"]
    assert codes(replace(PHOTO, failure="timeout")) == ["unreadable_photo"]
    assert codes(replace(PHOTO, failure="too_many_pixels")) == ["too_many_pixels"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(PHOTO, width=999), "small_photo"),
        (replace(PHOTO, is_blank=True), "blank"),
        (replace(PDF, is_blank=True), "blank"),
        (replace(PDF, has_active_content=True), "active_content"),
        (replace(PDF, is_drawn=False), "not_drawn"),
        (replace(PDF, is_xfa_only=True), "xfa_only"),
        (replace(PDF, empty_fields=("Signature",), empty_count=1), "empty_fields"),
    ],
)
def test_whatever_else_is_noticed_helps_and_never_refuses(facts: Facts, code: str) -> None:
    verdict = judge(facts, LIMITS)
    assert verdict.grade == "doubtful"
    assert verdict.remarks[0].code.startswith("readable")
    assert [remark.code for remark in verdict.remarks[1:]] == [code]


@pytest.mark.parametrize(
    ("names", "count", "said"),
    [
        (["Nom du médecin", "Signature"], 2, "Nom du médecin, Signature."),
        (["Nom", "Nom", "Date"], 2, "Nom, Date."),
        (list("ABCDEFG"), 7, "A, B, C, D, E et 2\u00a0autres."),
        (list("ABCDEF"), 10_000, "A, B, C, D, E et 9995\u00a0autres."),
        (["N" * 300], 1, f"{'N' * 29}…."),
        (["un\u202eturé\r\nX: y\x00", "{pages}"], 2, "unturé X: y, {pages}."),
    ],
)
def test_empty_fields_are_named_on_one_line_and_cut(
    names: list[str], count: int, said: str
) -> None:
    verdict = judge(replace(PDF, empty_fields=tuple(names), empty_count=count), LIMITS)
    assert verdict.grade == "doubtful"
    words = sentence(verdict.remarks[1])
    assert words == f"Champs à remplir : {said} Remplissez-les, puis renvoyez le PDF."


def test_a_file_at_its_limit_is_taken() -> None:
    assert judge(replace(PDF, size_bytes=6 * MEGABYTE), LIMITS).grade == "good"
    assert judge(replace(PHOTO, size_bytes=15 * MEGABYTE), LIMITS).grade == "good"
    assert judge(replace(PHOTO, width=1000, height=1000), LIMITS).grade == "good"
    assert judge(replace(PHOTO, width=500), LIMITS).grade == "doubtful"


def test_a_town_may_choose_other_limits() -> None:
    small = Limits(pdf_bytes=2 * MEGABYTE, photo_bytes=3 * MEGABYTE, files_per_piece=4)
    (remark,) = judge(replace(PDF, size_bytes=2 * MEGABYTE + 1), small).remarks
    assert "2\u00a0Mo" in sentence(remark)
    assert announcement(small) == (
        "PDF de 2\u00a0Mo au plus, ou photos JPEG, PNG ou HEIC de 3\u00a0Mo au plus chacune. "
        "4\u00a0fichiers au plus."
    )


def test_a_file_of_unknown_type_is_stopped_at_the_larger_limit() -> None:
    assert outgrows(15 * MEGABYTE, None, LIMITS) is None
    assert outgrows(15 * MEGABYTE + 1, None, LIMITS) == Remark("photo_too_large", {"megabytes": 15})


def test_the_eleventh_file_of_a_piece_is_refused() -> None:
    assert crowds(9, LIMITS) is None
    assert crowds(10, LIMITS) == Remark("too_many_files", {"files": 10})


@pytest.mark.parametrize("code", sorted(GRADES))
def test_every_remark_is_a_short_french_sentence_that_says_what_to_do(code: str) -> None:
    numbers = {"pages": 2, "megabytes": 6, "files": 10, "megapixels": 50}
    said = sentence(Remark(code, {**numbers, "names": "Nom du médecin, Signature"}))
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
    assert "'" not in said
    assert len(said) <= 170
    if GRADES[code] != "good":
        assert any(word in said for word in ("ez ", "ez-", "ez le"))


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (PDF_START, MediaType.PDF),
        (JPEG_START, MediaType.JPEG),
        (PNG_START, MediaType.PNG),
        (HEIC_START, MediaType.HEIC),
        (b"\n" + PDF_START, None),
        (b"<!doctype html>", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_how_it_starts(start: bytes, media_type: MediaType | None) -> None:
    assert sniff(start) is media_type


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (PDF_START, "facture.pdf"),
        (PDF_START, "FACTURE.PDF"),
        (PDF_START, "facture"),
        (JPEG_START, "IMG_0001.JPG"),
        (JPEG_START, "IMG_0001.heic"),
        (PNG_START, "capture.png"),
        (HEIC_START, "IMG_0002.HEIC"),
        (HEIC_START, "image"),
    ],
)
def test_what_families_send_goes_on_to_the_inspection(start: bytes, name: str) -> None:
    assert accepts(start, name) is None


@pytest.mark.parametrize(
    ("start", "name", "code"),
    [
        (b"", "facture.pdf", "empty"),
        (b"<!doctype html>", "facture.pdf", "disguised"),
        (b"MZ\x90", "photo.jpg", "disguised"),
        (JPEG_START, "facture.pdf", "disguised"),
        (PDF_START, "photo.png", "disguised"),
        (PDF_START, "facture.pdf.exe", "wrong_type"),
        (b"PK\x03\x04", "lettre.docx", "wrong_type"),
        (b"bonjour", "notes", "wrong_type"),
        (b"GIF89a", "animation.gif", "wrong_type"),
    ],
)
def test_what_is_none_of_ours_is_refused_at_once(start: bytes, name: str, code: str) -> None:
    remark = accepts(start, name)
    assert remark is not None
    assert remark.code == code
    assert GRADES[remark.code] == "refused"


@pytest.mark.parametrize(
    ("original", "shown"),
    [
        ("Justificatif de domicile.pdf", "Justificatif de domicile.pdf"),
        ("Pie\u0300ce d\u2019identite\u0301.pdf", "Pièce d’identité.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Camille\\scan.pdf", "scan.pdf"),
        ("facture\r\nSet-Cookie: x.pdf", "facture Set-Cookie: x.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u200bb\ufeffc.pdf", "abc.pdf"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("tab\there\0.pdf", "tab here .pdf"),
        ("\ud800.pdf", "pdf"),
        ("..", "document"),
        ("", "document"),
        ("   ", "document"),
        ("dossier/", "document"),
    ],
)
def test_a_name_is_shown_on_one_line_without_path_or_tricks(original: str, shown: str) -> None:
    assert clean_name(original) == shown


@pytest.mark.parametrize("original", ["x" * 4096 + ".pdf", "é" * 4096, "." + "y" * 4096, "a." * 99])
def test_a_long_name_is_cut_to_120_characters(original: str) -> None:
    name = clean_name(original)
    assert 0 < len(name) <= 120
    assert name.endswith(".pdf") is original.endswith(".pdf")
    assert not any(unicodedata.category(character).startswith("C") for character in name)


def test_a_name_once_cleaned_stays_as_it_is() -> None:
    for original in ("../a b.pdf", "x" * 4096 + ".pdf", "\u202eabc", ". .a"):
        assert clean_name(clean_name(original)) == clean_name(original)
