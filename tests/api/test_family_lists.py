"""An admin gives a list of families: it is looked at, then taken, and the file is not kept."""

import pytest

from domain.family_sheet import MOST_BYTES
from tests.builders import Someone
from tests.site import Browser, Site

ADMIN = Someone("ana@v.example", "admin", "Ana Lopes", is_example=True)
HEADS = (
    "Nom du responsable 1;Prénom du responsable 1;Mail du responsable 1;Nom de l’enfant;"
    "Prénom de l’enfant;Date de naissance"
)
LIST = (
    f"{HEADS}\nPetit;Anne;anne@exemple.fr;Petit;Léna;12/03/2021\n"
    "Roux;Marc;marc@;Roux;Zoé;05/05/2020\n"
)


async def given(admin: Browser, content: bytes, name: str = "familles.csv") -> tuple[int, str, str]:
    """What the page answers to this file: status, where it leads, its text."""
    await admin.opens("/admin/familles")
    answer = await admin.post(
        "/admin/familles", data={"csrf": admin.csrf}, files={"file": (name, content, "text/csv")}
    )
    return answer.status_code, answer.headers.get("location", ""), answer.text


async def test_a_list_is_looked_at_then_taken_once_and_the_file_is_gone(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    status, place, _ = await given(admin, LIST.encode())
    assert status == 303
    await site.errands_done()
    page = await admin.opens(place)
    for words in ("1\u00a0ligne à ajouter", "1\u00a0ligne refusée", "marc@", "Importer la liste"):
        assert words in page.text, words
    async with site.writing() as store:
        assert await store.accounts.by_email("anne@exemple.fr") is None
        assert await store.family_files.content(place.rsplit("/", 1)[-1])
    for _ in range(2):
        assert (await admin.send_form(f"{place}/importer")).status_code == 303
        await site.errands_done()
    done = await admin.opens(place)
    assert "La liste est importée" in done.text
    assert "Nouveau : la famille, Anne Petit, responsable, Léna Petit, enfant" in done.text
    report = await admin.get(f"{place}/compte-rendu.csv")
    assert report.text.startswith('\ufeff"Ligne";"Résultat";"Explication"\r\n"2";"Ajouté"')
    async with site.writing() as store:
        anne = await store.accounts.by_email("anne@exemple.fr")
        assert anne is not None
        assert anne.seen_at is None
        assert await store.family_files.content(place.rsplit("/", 1)[-1]) == b""
    kept = (await site.everything_kept())["audit_log"]
    assert sum("families_imported" in line for line in kept) == 1
    await admin.send_form(f"{place}/oublier")
    assert (await admin.get(place)).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Le fichier est vide"),
        (b"PK\x03\x04", "classeur"),
        (f"{HEADS}\nx\x00".encode(), "Ligne 2 : Le fichier contient un caractère nul"),
        (b"Nom;Age\nx;3", "Il manque ces colonnes"),
        (f'{HEADS}\n"Petit;Anne'.encode(), "Ligne 2 : Un guillemet"),
    ],
    ids=range(5),
)
async def test_a_wrong_file_is_refused_with_its_line_and_not_kept(
    site: Site, content: bytes, said: str
) -> None:
    admin = await site.signed_in(ADMIN)
    status, _, text = await given(admin, content)
    assert status == 422
    assert said in text
    assert (await site.everything_kept())["family_files"] == []


async def test_a_huge_file_is_refused_before_it_is_read(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    status, _, _ = await given(admin, b"x" * (MOST_BYTES + 100_000))
    assert status == 413


async def test_a_list_is_kept_under_seal_and_for_a_day(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    _, place, _ = await given(admin, LIST.encode())
    await site.errands_done()
    kept = (await site.everything_kept())["family_files"]
    assert kept
    assert not any("Petit" in line or "anne@exemple.fr" in line for line in kept)
    async with site.writing() as store:
        file = await store.family_files.find(place.rsplit("/", 1)[-1])
        assert file is not None
        await store.family_files.forget_old(file.given_at.replace(year=file.given_at.year + 1))
    assert (await admin.get(place)).status_code == 404


async def test_a_report_runs_no_formula_and_the_template_is_taken(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    line = "=cmd|x;Anne;a@exemple.fr;+1;@SUM(A1);12/03/2021"
    _, place, _ = await given(admin, f"{HEADS}\n{line}".encode())
    await site.errands_done()
    report = (await admin.get(f"{place}/compte-rendu.csv")).text
    cells = [cell for row in report.splitlines() for cell in row.split(";")]
    assert not any(cell.lstrip('\ufeff"')[:1] in {"=", "+", "-", "@"} for cell in cells)
    template = await admin.get("/admin/familles/modele.csv")
    status, place, _ = await given(admin, template.content)
    assert status == 303
    await site.errands_done()
    assert "1\u00a0ligne à ajouter" in (await admin.opens(place)).text


async def test_a_list_without_the_forms_token_is_not_taken(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    files = {"file": ("f.csv", LIST.encode(), "text/csv")}
    assert (await admin.post("/admin/familles", files=files)).status_code == 403
    assert (await site.everything_kept())["family_files"] == []
