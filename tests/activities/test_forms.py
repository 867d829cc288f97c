"""Forms inside PDFs: required fields that are empty are named, whatever the form tries."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.inspection.inspector import Inspector
from domain.documents import Limits, judge
from domain.remarks import sentence
from tests import samples
from tests.desk import Desk

TEXT, BOX, CHOICE, SIGNATURE = b"/FT/Tx", b"/FT/Btn", b"/FT/Ch", b"/FT/Sig"
REQUIRED = b"/Ff 2"
RADIO, PUSH = b"/Ff 32770", b"/Ff 65538"


def field(name: str, kind: bytes = TEXT, *rest: bytes, flags: bytes = REQUIRED) -> bytes:
    title = b"/T(" + name.encode("latin-1") + b")" if name else b""
    return b"<<" + title + kind + flags + b"".join(rest) + b">>"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Inspector() as inspector:
        yield Desk(inspector, tmp_path)


async def empty(desk: Desk, content: bytes) -> list[str]:
    """The names of what is still to be filled in."""
    facts, _ = await desk.look(content)
    assert (facts.failure, facts.pages) == (None, 1)
    assert facts.empty_count >= len(facts.empty_fields)
    return list(facts.empty_fields)


async def test_an_empty_required_field_is_named_and_never_refused(desk: Desk) -> None:
    content = samples.pdf_form(field("Nom du médecin"), field("", SIGNATURE, b"/T(Signature)"))
    facts, _ = await desk.look(content)
    verdict = judge(facts, Limits())
    assert verdict.grade == "doubtful"
    assert "Champs à remplir : Nom du médecin, Signature." in [
        sentence(one).partition(" Remplissez")[0] for one in verdict.remarks
    ]


async def test_a_form_that_is_filled_in_is_good(desk: Desk) -> None:
    content = samples.pdf_form(
        field("Nom", TEXT, b"/V(Dr Petit)"),
        field("Certifié", BOX, b"/V/Oui"),
        field("Régime", CHOICE, b"/V[(sans porc)]"),
        field("Signature", SIGNATURE, b"/V<</Type/Sig>>"),
        field("Bouton", BOX, flags=PUSH),
        field("Facultatif", TEXT, flags=b"/Ff 0"),
        field("Sans drapeau", TEXT, flags=b""),
    )
    facts, _ = await desk.look(content)
    assert (facts.empty_fields, facts.empty_count) == ((), 0)
    assert judge(facts, Limits()).grade == "good"


FILLED: tuple[tuple[bytes, bytes], ...] = (
    (TEXT, b"/V<FEFF00E9>"),
    (BOX, b"/V/1"),
    (BOX, b"/AS/Oui"),
    (CHOICE, b"/V(ms)"),
)
NOT_FILLED: tuple[tuple[bytes, bytes], ...] = (
    (TEXT, b"/V()"),
    (TEXT, b"/V(   )"),
    (TEXT, b"/V null"),
    (TEXT, b"/V 77 0 R"),
    (BOX, b"/V/Off"),
    (BOX, b"/AS/Off"),
    (CHOICE, b"/V[]"),
    (CHOICE, b"/V[()]"),
    (SIGNATURE, b""),
)


async def test_what_counts_as_filled_in(desk: Desk) -> None:
    for some, expected in ((FILLED, []), (NOT_FILLED, ["champ"])):
        for kind, value in some:
            found = await empty(desk, samples.pdf_form(field("champ", kind, value)))
            assert found == expected, value


async def test_names_types_flags_and_values_come_from_the_parents(desk: Desk) -> None:
    content = samples.pdf_form(
        b"5 0 R",
        also=[
            b"<</T(enfant)/FT/Tx/Ff 2/Kids[6 0 R 7 0 R 8 0 R]>>",
            b"<</T(nom)/Parent 5 0 R/V(Martin)>>",
            b"<</T(medecin)/Parent 5 0 R/Kids[9 0 R]>>",
            b"<</T(libre)/Parent 5 0 R/Ff 0>>",
            b"<</T(telephone)/Parent 7 0 R>>",
        ],
    )
    assert await empty(desk, content) == ["enfant.medecin.telephone"]


async def test_the_name_that_people_see_is_the_one_that_is_said(desk: Desk) -> None:
    content = samples.pdf_form(field("txt_17", TEXT, b"/TU<FEFF004E006F006D00200064007500200050>"))
    assert await empty(desk, content) == ["Nom du P"]


async def test_radio_buttons_are_one_field_in_several_places(desk: Desk) -> None:
    places = [b"<</Subtype/Widget/AS/Off/Parent 5 0 R>>", b"<</Subtype/Widget/AS/%b/Parent 5 0 R>>"]
    for state, expected in ((b"Off", ["cantine"]), (b"oui", [])):
        radio = b"<</T(cantine)/FT/Btn" + RADIO + b"/Kids[6 0 R 7 0 R]>>"
        content = samples.pdf_form(b"5 0 R", also=[radio, places[0], places[1] % state])
        assert await empty(desk, content) == expected


async def test_a_form_for_adobe_reader_alone_is_told_apart(desk: Desk) -> None:
    said = await desk.says(samples.pdf_form(beside=b"/XFA(<xdp/>)"))
    assert "Ce formulaire (XFA) ne s’affiche pas partout. Imprimez-le en PDF" in said
    both = samples.pdf_form(field("Nom"), beside=b"/XFA(<xdp/>)")
    assert await empty(desk, both) == ["Nom"]
    assert "ne s’affiche pas partout" not in await desk.says(both)


async def test_a_pdf_without_form_and_one_with_an_odd_form_say_nothing(desk: Desk) -> None:
    for content in (
        samples.pdf(),
        samples.pdf_form(),
        samples.pdf_form(b"null", b"12", b"(texte)", b"88 0 R", b"[]", b"<<>>"),
        samples.pdf_form(b"<</T 12/FT 3/Ff(deux)/Kids(rien)/V 4>>"),
    ):
        facts, _ = await desk.look(content)
        assert (facts.failure, facts.empty_fields, facts.is_xfa_only) == (None, (), False)


async def test_a_form_that_is_its_own_parent_ends(desk: Desk) -> None:
    content = samples.pdf_form(
        b"5 0 R",
        also=[b"<</T(a)/FT/Tx/Ff 2/Kids[6 0 R 5 0 R]>>", b"<</T(b)/Kids[5 0 R 6 0 R 7 0 R]>>",
              b"<</T(c)>>"],
    )  # fmt: skip
    assert await empty(desk, content) == ["a.b.c"]


async def test_ten_thousand_fields_huge_names_and_deep_trees_are_read_within_bounds(
    desk: Desk,
) -> None:
    many = samples.pdf_form(*(field(f"champ {n}") for n in range(10_000)))
    huge = samples.pdf_form(field("N" * 500_000))
    deep = samples.pdf_form(
        b"5 0 R",
        also=[b"<</T(n)/FT/Tx/Ff 2/Kids[%d 0 R]>>" % n for n in range(6, 4_000)],
    )
    twice = samples.pdf_form(
        b"5 0 R", also=[b"<</T(n)/FT/Tx/Ff 2/Kids[%d 0 R]>>" % 5 for _ in range(3)]
    )
    for content in (many, huge, deep, twice):
        facts, _ = await desk.look(content)
        assert facts.failure is None
        assert len(facts.empty_fields) <= 20
        assert all(len(name) <= 200 for name in facts.empty_fields)
        words = [sentence(one) for one in judge(facts, Limits()).remarks]
        assert all(len(one) < 400 for one in words)
    facts, _ = await desk.look(many)
    assert facts.empty_count > len(facts.empty_fields)
