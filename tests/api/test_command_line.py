"""`ribambelle …`, as a person types it: migrate, create-admin, a change of keys."""

import os
import re
import subprocess
import sys
from pathlib import Path

from api.access.codes import code_at
from settings import Settings
from storage.clock import now
from storage.sealed import Keys
from tests.builders import SCHOOLS
from tests.families import a_filled_draft
from tests.site import running_site

ROOT = Path(__file__).resolve().parents[2]
SET_UP_PAGE = "/connexion/second-facteur"


def ribambelle(home: Path, *words: str, keys: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env={  # handed on
            **os.environ,  # noqa: TID251
            "RIBAMBELLE_HOME": str(home),
            "RIBAMBELLE_KEYS": keys,
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_first_admin_is_made_by_hand_and_relies_on_a_telephone(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    assert ribambelle(home, "migrate").returncode == 0
    assert ribambelle(home, "migrate").returncode == 0
    made = ribambelle(home, "create-admin", "--email", "Ana@V.example", "--name", "Ana Lopes")
    found = re.search(r"/activation/([0-9a-f]{64})", made.stdout)
    assert found, made.stdout + made.stderr
    settings = Settings(home=home)
    async with running_site(settings, settings.sql_url) as site:
        site.clock.moment = now()  # as the command does
        account = None
        async with site.writing() as store:
            account = await store.accounts.by_email("ana@v.example")
        assert account is not None
        assert (account.role, account.name) == ("admin", "Ana Lopes")
        browser, link = site.browser(), found[0]
        await browser.opens(link)
        await browser.send_form(link, password="le marronnier penche à droite")
        page = await browser.opens(SET_UP_PAGE)
        assert "Relier votre téléphone" in page.text
        async with site.writing() as store:
            factor = await store.second_factors.of(account.id)
        assert factor is not None
        await browser.send_form(SET_UP_PAGE, code=code_at(factor.pending, now()))
        assert (await browser.get("/admin/supervision")).status_code == 200
        reset = ribambelle(home, "reset-second-factor", "--email", "Ana@V.example")
        assert "détaché" in reset.stdout
        assert (await browser.get("/admin/supervision")).status_code == 303
        assert ribambelle(home, "reset-second-factor", "--email", "ana@v.example").returncode == 1


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    ribambelle(tmp_path, "migrate")
    made = ribambelle(tmp_path, "create-admin", "--email", "ana", "--name", "Ana")
    assert made.returncode == 2
    assert "adresse mail" in made.stderr


async def test_a_list_of_families_is_looked_at_then_taken_once(tmp_path: Path) -> None:
    home, families = tmp_path / "home", tmp_path / "familles.csv"
    assert ribambelle(home, "migrate").returncode == 0
    families.write_bytes(
        "Nom du responsable 1;Prénom du responsable 1;Mail du responsable 1;Nom de l’enfant;"
        "Prénom de l’enfant;Date de naissance\n"
        "Petit;Anne;anne@exemple.fr;Petit;=1+1;12/03/2021\n"
        "Petit;Anne;anne@exemple.fr;Petit;Léna;12/03/2021\n".encode("cp1252")
    )
    looked = ribambelle(home, "import", str(families), "--report", str(tmp_path / "r.csv"))
    assert looked.returncode == 0, looked.stderr
    told = looked.stdout.replace("\u00a0", " ")
    assert "1 ligne à ajouter ; 1 ligne refusée.\nC’était un essai" in told
    assert '"2";"Refusé";"La case « Prénom' in (tmp_path / "r.csv").read_text("utf-8-sig")
    done = [ribambelle(home, "import", str(families), "--apply").stdout for _ in range(2)]
    assert "1 ligne ajoutée ; 1 ligne refusée." in done[0].replace("\u00a0", " ")
    assert "1 ligne déjà connue ; 1 ligne refusée." in done[1].replace("\u00a0", " ")
    families.write_bytes(b"\x00")
    refused = ribambelle(home, "import", str(families))
    assert (refused.returncode, "Ligne 1" in refused.stdout) == (1, True)


async def test_a_new_town_has_its_usual_procedures_made_by_hand(tmp_path: Path) -> None:
    assert ribambelle(tmp_path, "migrate").returncode == 0
    unknown = ribambelle(tmp_path, "procedures", "--department", "scolarite")
    assert (unknown.returncode, "Aucun service" in unknown.stdout) == (1, True)
    settings = Settings(home=tmp_path)
    async with running_site(settings, settings.sql_url):  # with the departments of a town
        made = ribambelle(tmp_path, "procedures", "--department", SCHOOLS.code)
    assert "Actualisation" in made.stdout
    assert "créée, fermée." in made.stdout
    again = ribambelle(tmp_path, "procedures", "--department", SCHOOLS.code)
    assert "rien n’a été changé" in again.stdout


async def test_keys_are_changed_by_hand_and_the_old_one_is_taken_away(tmp_path: Path) -> None:
    old, new = (ribambelle(tmp_path, "new-key").stdout.strip() for _ in range(2))
    assert old != new
    ribambelle(tmp_path, "migrate", keys=old)
    settings = Settings(home=tmp_path, keys=old)
    async with running_site(settings, settings.sql_url) as site:
        dossier = await a_filled_draft(site)
        async with site.writing() as store:
            draft = await store.dossiers.find(dossier.id)
            await store.dossiers.save_answers(draft, "situation", {"separated": "yes"}, now())
    both = f"{new},{old}"
    before = ribambelle(tmp_path, "check", "--keys", keys=both)
    assert (before.returncode, Keys([old]).newest in before.stdout) == (1, True)
    assert "1\u00a0texte est encore sous l’ancienne clé" in before.stdout
    changed = ribambelle(tmp_path, "rotate-keys", keys=both)
    assert changed.returncode == 0, changed.stdout + changed.stderr
    assert changed.stdout.startswith("1\u00a0texte scellé de nouveau")
    assert ribambelle(tmp_path, "check", "--keys", keys=new).returncode == 0
    missing = ribambelle(tmp_path, "check", "--keys", keys=old)
    assert missing.returncode == 1
    assert f"sous la clé {Keys([new]).newest}, qui manque" in missing.stdout
    assert ribambelle(tmp_path, "rotate-keys", keys=old).returncode == 1
    for said in (before, changed, missing):
        assert old not in said.stdout + said.stderr
        assert new not in said.stdout + said.stderr
