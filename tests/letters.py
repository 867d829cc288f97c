"""Every letter about a dossier, in the situations in which it is written."""

from collections.abc import Mapping
from pathlib import Path

from activities import letter_words
from domain.deadlines import SilenceRule, Terms, ends
from domain.states import State
from storage.dossiers import Dossier
from storage.letters import Letter
from tests.office import NOW, Office

ACCEPTANCE, REJECTION, NO_RULE = (
    Terms(),
    Terms(silence_rule=SilenceRule.REJECTION, silence_basis="article L231-4 du code (essai)"),
    Terms(silence_rule=SilenceRule.NONE),
)
RULES = {"acceptance": ACCEPTANCE, "rejection": REJECTION, "none": NO_RULE}
NAMES = (
    "Inès",
    "",
    "Zoé & <b>“Tom”</b>",
    "{{ town }}",
    "Maximilienne-Alexandrine Élisabeth Wilhelmine Joséphine",
    "x" * 120,
)
STATES = {
    "abandon": State.ABANDONED,
    "acknowledgement": State.UNDER_REVIEW,
    "answer_received": State.UNDER_REVIEW,
    "approve": State.APPROVED,
    "approve_by_rule": State.APPROVED,
    "close_without_action": State.AWAITING_FAMILY,
    "complement_reminder": State.AWAITING_FAMILY,
    "complement_request": State.AWAITING_FAMILY,
    "deem_approved": State.APPROVED,
    "deem_refused": State.REFUSED,
    "draft_reminder": State.DRAFT,
    "draft_warning": State.DRAFT,
    "cosignature_waived": State.UNDER_REVIEW,
    "cosigned": State.UNDER_REVIEW,
    "objection_lifted": State.UNDER_REVIEW,
    "objection_raised": State.UNDER_REVIEW,
    "refuse": State.REFUSED,
    "request_cancelled": State.UNDER_REVIEW,
    "withdraw": State.WITHDRAWN,
}

LINKS: Mapping[str, Mapping[str, str]] = {
    "first_link": {},
    "sign_in_link": {},
    "address_change_old": {"new": "maximilienne-alexandrine.roux@exemple.fr"},
    "address_change_new": {},
    "attach_link": {},
    "invitation": {
        "name": "Maximilienne-Alexandrine Roux",
        "by": "Ana Lopes",
        "role": "agent",
    },
}
"""The letters outside a dossier with a link to come in, and what only their caller knows."""
ABOUT = {
    "a_dossier": "une démarche",
    "the_dossier": "la démarche",
    "of_child": "qui concerne Maximilienne-Alexandrine Élisabeth",
    "number": "2026-0001",
    "procedure": "Inscription scolaire",
    "department": "Service scolaire, 01 02",
}
_CAMPAIGN = {
    "title": "Actualisation 2026-2027",
    "until": "dimanche 31 janvier 2027",
    "words": "Pensez à l’attestation d’assurance.",
    "position": "not_begun",
    "on_paper": "",
    "department": "Service scolaire\n1 place du Marché, 01000 Valbourg\n01 02, ecoles@v.example",
}
PERSONAL: Mapping[str, Mapping[str, object]] = {
    "recovery_code_used": {"left_words": "Il vous en reste 9."},
    "activation": {},
    "campaign_invitation": _CAMPAIGN,
    "campaign_not_begun": _CAMPAIGN,
    "campaign_begun": _CAMPAIGN | {"position": "begun"},
    "campaign_missing": _CAMPAIGN | {"position": "missing"},
    "campaign_last": _CAMPAIGN,
    "password_changed": {},
    "address_taken": {},
    "address_changed": {"by_town": "yes"},
    "new_browser": {"device": "Samsung Internet sur Android", "place": "2001:db8:1:2::/64"},
    "second_factor_reset": {"by": "Ana Lopes"},
    "many_openings": {"name": "Maximilienne-Alexandrine Roux", "documents": "101"},
    "guardian_invitation": {
        "of_child": "de Maximilienne-Alexandrine Élisabeth",
        "until": "mercredi 23 décembre 2026",
    },
    "guardian_access_ended": {
        "of_child": "de Maximilienne-Alexandrine Élisabeth",
        "ends": "lundi 23 novembre 2026",
        "department": "Service scolaire, 01 02",
    },
    "guardian_access_back": {
        "of_child": "de Maximilienne-Alexandrine Élisabeth",
        "department": "Service scolaire, 01 02",
    },
    "images_taken_back": {
        "child": "Maximilienne-Alexandrine Élisabeth Canari",
        "of_child": "de Maximilienne-Alexandrine Élisabeth",
        "school": "École Jean-Moulin",
        "ended": "- Presse locale : photo ou vidéo de groupe",
    },
    "other_informed": ABOUT,
    "cosign_asked": {**ABOUT, "until": "mercredi 23 décembre 2026"},
    "cosign_reminder": {**ABOUT, "until": "mercredi 23 décembre 2026"},
    "cosign_overdue": ABOUT,
    "objection_called": ABOUT,
    "objection_settled": {**ABOUT, "words": "Vous êtes tombés d’accord au téléphone."},
    "silence_alert": {
        **ABOUT,
        "due": "mercredi 23 décembre 2026",
        "in_days": "dans 21 jours",
        "means_yes": "yes",
    },
    "retention_warning": {
        "goes_on": "mercredi 23 décembre 2026",
        "items": [
            {
                "what": "Le dossier d’un enfant inscrit (Anaïs), dossier n° 2026-0001",
                "how_long": "Tant que l’enfant est scolarisé dans la commune, puis un an.",
                "why": "La commune tient la liste des enfants.",
            }
        ],
        "keeps_account": True,
        "on_paper": False,
    },
    "erasure_asked": {"due": "mercredi 23 décembre 2026"},
    "erasure_done": {
        "asked": "lundi 2 novembre 2026",
        "kept": "- Dossier n° 2026-0001 : tant que l’enfant est scolarisé.\n- Le journal : un an.",
    },
}
"""The letters about somebody’s own access, and what only their caller knows."""
MISSING = ("child_identity", "proof_of_address")


def templates() -> set[str]:
    """The kinds of letters there are, by their files: none can be forgotten."""
    folder = Path(letter_words.__file__).parent / "templates" / "letters"
    return {path.stem for path in folder.glob("[a-z]*.txt")}


async def a_dossier(
    office: Office, kind: str, *, terms: Terms = ACCEPTANCE, name: str = "Léna", agent: bool = True
) -> Dossier:
    """A dossier as it stands when a letter of this kind is written about it."""
    dossier = await office.dossier(STATES[kind], terms=terms)
    async with office.open_store() as store:
        child = {"first_name": name, "last_name": "Canari-Martin"}
        await store.dossiers.save_answers(dossier, "enfant", child, NOW)
        changes: dict[str, object] = {"answered_at": NOW}
        if STATES[kind] in {State.APPROVED, State.REFUSED}:
            changes |= {
                "decided_at": NOW,
                "decided_by": office.sophie.id if agent else None,
                "reason_code": "not_resident",
                "reason_words": "Votre adresse est à Autreville.",
            }
        await store.dossiers.move(dossier.id, State, STATES[kind], NOW, **changes)
        return await store.dossiers.find(dossier.id)


async def the_letter(
    office: Office, dossier: Dossier, kind: str, missing: tuple[str, ...] = ()
) -> Letter:
    until = ends(NOW, dossier.terms.complement_delay) if missing else None
    return await office.letter_about(dossier, kind, missing=missing, until=until)
