"""Everything the portal keeps of one person, as one archive that they can read and take along.

Their own data only: what they typed of the other parent, and who among the staff did what, are
somebody else's (RGPD, article 15-4).
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.answers_view import groups
from api.health_sheets import health_facts
from api.parents.own_words import moment, said_and_given
from api.standing import reason_of
from api.timeline import lines
from api.zip_stream import Entry, text_entry
from domain import french
from domain.audit import WORDS, What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.rights import EVERY_GROUP
from domain.scopes import WORDS as SCOPES
from domain.scopes import Scope
from domain.states import State
from storage.accounts import Account
from storage.documents import FILE, REFUSED, Document
from storage.dossiers import Dossier
from storage.files import Files
from storage.letters import Letter
from storage.records import sort_key
from storage.store import Store

_OF_SOMEBODY_ELSE = "autre-parent"
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}
_STATES = {
    State.DRAFT: "brouillon",
    State.CHECKING: "contrôle en cours",
    State.UNDER_REVIEW: "à l’étude",
    State.AWAITING_FAMILY: "en attente d’un complément",
    State.APPROVED: "accepté",
    State.REFUSED: "refusé",
    State.WITHDRAWN: "retiré",
    State.CLOSED_WITHOUT_ACTION: "classé sans suite",
    State.ABANDONED: "brouillon fermé",
}
_READ_ME = """Vos données du Portail Famille de la mairie {of_town}
Préparées le {when} pour {email}.

donnees.json   tout ce que le portail garde de vous, à lire avec un éditeur de texte ou un autre
               logiciel (format JSON, dates avec leur fuseau horaire).
documents/     les fichiers que vous avez donnés, tels qu’ils sont gardés, rangés par dossier.
courriers/     les courriers que la mairie vous a écrits.

N’y sont pas : ce que vous avez écrit de l’autre parent, et le nom des agents. Ces données sont à
d’autres personnes (RGPD, article 15-4).
"""


@dataclass(frozen=True)
class OwnFile:
    """A document whose bytes are kept, and its name in the archive."""

    document: Document
    name: str


@dataclass(frozen=True)
class OwnData:
    """One person's data, read at one moment; the bytes of `files` come later, one by one."""

    facts: dict[str, Any]
    letters: Sequence[Letter]
    files: Sequence[OwnFile]
    read_me: str


async def gather(store: Store, account: Account, at: datetime) -> OwnData:
    """Read everything but the bytes of the documents."""
    own = store.personal_data
    letters = await own.letters_to(account.id)
    files: list[OwnFile] = []
    dossiers = [
        await _dossier(store, one, files, at)
        for one in reversed(await store.dossiers.of_account(account.id))
    ]
    household = await own.household(account.id)
    shares = await store.guardian_accesses.concerning(account.id, account.email, at)
    today = paris_day(at)
    children = [one.on(today) for one in await store.households.children_of(account.id)]
    health = await store.health_records.of_each([one.id for one in children])
    facts = {
        "compte": {
            "nom": account.name,
            "adresse_mail": account.email,
            "cree_le": moment(await own.account_since(account.id)),
            "mot_de_passe": "choisi" if account.password_hash else "aucun",
        },
        "foyer": vars(household) if household else None,
        "enfants": [
            {
                "prenom": one.first_name,
                "nom": one.last_name,
                "date_de_naissance": one.birth_date,
                "classe": one.grade,
                "ecole": one.other_school or one.school,
                "annees_scolaires_a_venir": [
                    {
                        "annee_scolaire": year.school_year,
                        "classe": year.grade,
                        "ecole": year.other_school or year.school,
                    }
                    for year in one.years
                ],
                "sante": health_facts(health.get(one.id), one.birth_date, today),
            }
            for one in children
        ],
        "enfants_suivis_avec_l_autre_parent": [
            {"prenom": one.dossier.child_first_name, "depuis": moment(one.access.accepted_at)}
            for one in shares
            if one.access.accepted_at
        ],
        "droit_a_l_image": [
            {
                "enfant": one.child,
                "usage": one.word.cell.label,
                "annee_scolaire": one.word.school_year,
                "accord": "donné" if one.word.is_given else "refusé ou retiré",
                "le": moment(one.word.at),
            }
            for one in await store.consents.of_account(account.id)
        ],
        **await said_and_given(store, account.id),
        "dossiers": dossiers,
        "courriers": [
            {"objet": one.subject, "a": one.to_address, "le": moment(one.created_at), "fichier": f}
            for one, f in zip(letters, _letter_names(letters), strict=True)
        ],
        "appareils_connectes": [
            {"appareil": device, "depuis": moment(since), "vu_le": moment(seen)}
            for device, since, seen in await own.came_in(account.id)
        ],
        "acces_d_applications": [
            {
                "nom": one.name,
                "permissions": [SCOPES[Scope(scope)] for scope in one.scopes],
                "cree_le": moment(one.created_at),
            }
            for one in await store.tokens.of_account(account.id)
        ],
        "journal": [
            {"le": moment(one.at), "quoi": WORDS[What(one.what)], "adresse_reseau": one.place}
            for one in await own.lines_of(account.id)
        ],
    }
    town = (await store.town.card()).name
    read_me = _READ_ME.format(of_town=french.of(town), when=french.moment(at), email=account.email)
    return OwnData(facts, letters, files, read_me)


async def entries(data: OwnData, files: Files) -> AsyncIterator[Entry]:
    """The files of the archive. What is not there any more is said so in `donnees.json`."""
    yield text_entry("LISEZMOI.txt", data.read_me)
    gone = []
    for one in data.files:
        try:
            content = await files.read_original(one.document.id)
        except NotFound:
            gone.append(one.name)
            continue
        yield Entry(one.name, content.chunks, is_compressed=True)
    for letter, name in zip(data.letters, _letter_names(data.letters), strict=True):
        yield text_entry(name, f"{letter.subject}\n\n{letter.text}")
    facts = {**data.facts, "fichiers_absents": gone} if gone else data.facts
    yield text_entry("donnees.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


async def _dossier(
    store: Store, dossier: Dossier, files: list[OwnFile], at: datetime
) -> dict[str, Any]:
    rules = RULES[dossier.kind]
    answers = await store.dossiers.answers(dossier.id)
    titles = rules.titles(answers)
    lists = await store.town.lists()
    pages = groups(rules, answers, lists, today=paris_day(at), read=EVERY_GROUP)
    events = lines(dossier, await store.events.of(dossier.id), "parent", answers=answers)
    return {
        "numero": dossier.number,
        "etat": _STATES[dossier.state],
        "commence_le": moment(dossier.opened_at),
        "envoye_le": moment(dossier.submitted_at),
        "decide_le": moment(dossier.decided_at),
        "motif_du_refus": reason_of(dossier),
        "reponses": [
            {"page": page.title, "reponses": {row.label: row.value for row in page.rows}}
            for page in pages
            if page.code != _OF_SOMEBODY_ELSE
        ],
        "documents": [
            _document(dossier, one, titles, files) for one in await store.documents.of(dossier.id)
        ],
        "demandes_de_la_mairie": [
            {
                "le": moment(one.asked_at),
                "message": one.words,
                "pieces": [titles.get(item["piece"], "") for item in one.items],
            }
            for one in await store.requests.of(dossier.id)
        ],
        "evenements": [{"le": moment(one.at), "quoi": one.text} for one in events],
    }


def _document(
    dossier: Dossier, document: Document, titles: Mapping[str, str], files: list[OwnFile]
) -> dict[str, Any]:
    title, name = titles.get(document.piece, document.piece), None
    if document.form == FILE and document.status != REFUSED:
        # Never the name that was given: it may be anything, on a machine that runs anything.
        ending = _ENDINGS.get(document.media_type, "bin")
        name = f"documents/{dossier.number}/{len(files) + 1:03}-{_slug(title)}.{ending}"
        files.append(OwnFile(document, name))
    return {
        "piece": title,
        "nom_donne": document.original_name,
        "donne_le": moment(document.given_at),
        "declaration": document.statement,
        "fichier": name,
    }


def _letter_names(letters: Sequence[Letter]) -> Sequence[str]:
    return [f"courriers/{n:03}-{paris_day(one.created_at)}.txt" for n, one in enumerate(letters, 1)]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", sort_key(title)).strip("-")
