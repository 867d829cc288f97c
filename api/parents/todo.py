"""What a family has to do, the nearest date first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from api.standing import child_of, waits_for_family
from domain import french
from domain.deadlines import end_of_day, last_day, paris_day
from domain.kinds.catalogue import RULES
from domain.states import State
from domain.wallet import latest
from storage.campaigns import OpenInvitation
from storage.dossiers import Dossier
from storage.texts import Text
from storage.wallet import Held

_FAR = datetime.max.replace(tzinfo=UTC)
DATED, _DRAFT, _WHENEVER = range(3)

Task = tuple[tuple[int, datetime], Mapping[str, Any]]
"""When a line has to be done, for their order; and the line, for the macro `todo_list`."""


def todo_of(
    dossiers: Sequence[Dossier],
    asked: Mapping[str, Sequence[str]],
    at: datetime,
    *,
    titles: Mapping[str, str] | None = None,
    invitation: OpenInvitation | None = None,
    held: Sequence[Held] = (),
    texts: Sequence[Text] = (),
    signatures: Sequence[Task] = (),
) -> Sequence[Mapping[str, Any]]:
    """One line per thing to do, for the macro `todo_list`.

    What has a date comes first, the nearest before the others; a draft's is months away. `asked`
    names the pieces asked, by dossier; `titles` name the dossiers that register no new child, by
    their procedure. `invitation` is a campaign in which nothing is begun; `held` the documents that
    the family keeps: those that hold no more are one line. `texts` are still to be accepted;
    `signatures` are asked of them as another guardian.
    """
    tasks = [_of_dossier(one, asked, titles or {}, at) for one in dossiers if waits_for_family(one)]
    if invitation is not None:
        tasks.append(_of_campaign(invitation))
    tasks += signatures
    tasks += _of_expired(held, paris_day(at))
    tasks += [((_WHENEVER, _FAR), _text(one)) for one in texts]
    return [line for _, line in sorted(tasks, key=lambda one: one[0])]


def _of_dossier(
    dossier: Dossier,
    asked: Mapping[str, Sequence[str]],
    titles: Mapping[str, str],
    at: datetime,
) -> Task:
    title = "" if dossier.kind == "registration" else titles.get(dossier.procedure_id, "")
    due = dossier.due_at or _FAR
    if dossier.state is State.DRAFT:
        return (_DRAFT, due), _draft(dossier, title, at)
    return (DATED, due), _asked(dossier, title, asked.get(dossier.id, ()))


def _draft(dossier: Dossier, title: str, at: datetime) -> Mapping[str, Any]:
    began, of_child = french.ago(at, dossier.opened_at), french.of(child_of(dossier))
    return {
        "title": f"Finir : {title}" if title else f"Finir le dossier {of_child}",
        "detail": f"Commencé {began}. Rien n’est encore envoyé.",
        "href": f"/dossiers/{dossier.id}",
        "action": "Continuer",
    }


def _asked(dossier: Dossier, title: str, pieces: Sequence[str]) -> Mapping[str, Any]:
    names = ", ".join(pieces)
    limit = f"Avant la fin du {french.day(last_day(dossier.due_at))}." if dossier.due_at else ""
    words = f"Il manque {french.plural(len(pieces), 'document')}" if pieces else "À compléter"
    of_child = french.of(child_of(dossier))
    return {
        "title": f"Compléter : {title}" if title else f"Compléter le dossier {of_child}",
        "badge": ("alert", "!", words),
        "detail": " ".join(part for part in (limit, f"{names}." if names else "") if part),
        "href": f"/dossiers/{dossier.id}",
        "action": "Compléter",
    }


def _of_campaign(invitation: OpenInvitation) -> Task:
    last = french.day(invitation.closes_on)
    line = {
        "title": invitation.title,
        "detail": f"Avant la fin du {last}. Tout est déjà rempli : vérifiez, puis envoyez.",
        "href": f"/actualisation/{invitation.slug}",
        "action": "Commencer",
        "begins": True,
        "more": ("Ce que la mairie fait de vos réponses", f"/actualisation/{invitation.slug}"),
    }
    return (DATED, end_of_day(invitation.closes_on)), line


def _text(text: Text) -> Mapping[str, Any]:
    return {
        "title": f"Lire et accepter : {text.title}",
        "detail": f"En vigueur depuis le {french.day(text.effective_from)}.",
        "href": f"/reglements/{text.id}",
        "action": "Lire",
    }


def _of_expired(held: Iterable[Held], today: date) -> Iterable[Task]:
    """What stands last for a piece and holds no more: one line for all of it."""
    names: list[str] = []
    by_id = {one.kept.document_id: one for one in held}
    for files in latest(one.kept for one in by_id.values()).values():
        if not all(one.holds_on(today) for one in files):
            told = by_id[files[0].document_id]
            title = RULES[told.kind].piece(told.document.piece).title
            names.append(f"{title} {french.of(told.child)}" if told.child else title)
    if not names:
        return []
    them = "les" if len(names) > 1 else "le"
    line = {
        "title": f"Remplacer {french.plural(len(names), 'document expiré', 'documents expirés')}",
        "detail": f"{', '.join(names)}. La mairie vous {them} demandera à la prochaine démarche.",
        "href": "/documents",
        "action": "Voir mes documents",
    }
    return [((_WHENEVER, _FAR), line)]
