"""Everything the desk shows of one dossier, loaded with a fixed number of questions to storage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from api.answers_view import Group, Groups, groups
from api.pieces import Piece, checks_of, lent_words, pieces_of
from api.reserved import closed_groups, pieces_for, who_can_read
from api.staff.away import Away, away_of
from api.staff.before_after import before_after
from api.staff.decision_view import decision_panel
from api.staff.held_view import Held, held_cards, load_held, signed_card
from api.staff.known_twice import known_twice
from api.staff.labels import for_agents, short_title
from api.staff.look import Look
from api.staff.proofs import changes, declared, proven_by
from api.staff.review import MARKABLE, chosen, verdict_of, worth_a_look
from api.staff.rows import child_of, column_rows, due_words, shown_state
from api.staff.sheets import SCANS, is_album, sheets_of
from api.staff.trail import Trail
from domain.deadlines import last_day, paris_day
from domain.french import ago, day, moment
from domain.kinds.catalogue import RULES
from domain.paper import NO_ADDRESS
from domain.questions import Answers
from domain.rights import FieldGroup, departments_of
from domain.states import DECIDED, State
from storage.accounts import Account
from storage.documents import STATEMENT, Mark
from storage.dossiers import AT_DESK, Dossier
from storage.doubles import Double
from storage.holds import Signature
from storage.queue_lines import Line
from storage.queues import Place
from storage.store import Store

_RESERVED = "Pièce réservée : un collègue qui a cet accès la regarde et donne son avis."
_CLOSED_WORDS = {
    State.WITHDRAWN: "La famille a retiré sa demande.",
    State.CLOSED_WITHOUT_ACTION: "Sans réponse de la famille, le dossier est classé sans suite.",
}


@dataclass(frozen=True)
class Desk:
    """One dossier on the desk of one agent, opened from one list.

    `departments` are the agent's: None for one who sees them all. `read` are the reserved groups
    that the agent reads on this dossier, and `who_can` says who to ask for the others; `kept` holds
    the marks of pieces that are closed to the agent: letters tell them, no page does. `groups` are
    compared with the first sending, `since_opening` with what the dossier started with, if it did.
    """

    dossier: Dossier
    trail: Trail
    place: Place
    pieces: Sequence[Piece]
    answers: Answers
    groups: Sequence[Group]
    since_opening: Sequence[Group] | None
    agent_id: str
    away: Away
    departments: Sequence[str] | None
    read: Groups
    who_can: str
    kept: Mapping[str, Mark]
    doubles: Sequence[Double]
    held: Held | None
    signature: Signature | None
    now: datetime

    @property
    def facts(self) -> dict[str, object]:
        """What somebody who comes too late must know (`TransitionNotAllowed`)."""
        return {
            "dossier_id": self.dossier.id,
            "number": self.dossier.number,
            "state": self.dossier.state,
            "decided_by": self.place.current.decider,
            "decided_at": self.dossier.decided_at,
            "since": self.dossier.state_since,
        }


async def load_desk(
    store: Store, dossier: Dossier, trail: Trail, agent: Account, read: Groups, now: datetime
) -> Desk:
    """Nine questions to storage, however long the queue and however many the documents.

    One more for an agent to whom something is closed: who else can look. One more for a dossier
    that a colleague follows: whether they are away. One more for one that both guardians sign: who
    did. Some more where something holds the decision: who may still speak.
    """
    departments = departments_of(agent.duties)
    told = await store.dossiers.answers_told(dossier.id)
    answers, sent = told.now, told.sent
    whole = worth_a_look(await pieces_of(store, dossier, answers, None))
    shown = pieces_for(whole, read)
    reserved = {one.code for one in shown if one.is_reserved}
    closed = closed_groups(RULES[dossier.kind], read)
    place = await store.queues.place(trail.selection(departments, now), dossier)
    grouped = partial(
        groups,
        RULES[dossier.kind],
        answers,
        await store.town.lists(),
        today=paris_day(now),
        read=read,
    )
    return Desk(
        dossier=dossier,
        trail=trail,
        place=place,
        pieces=shown,
        answers=answers,
        groups=grouped(compared_with=sent[0][1] if len(sent) > 1 else None),
        # The first pages of a new child's registration are known, the others begin empty.
        since_opening=None
        if told.before is None or dossier.kind == "registration"
        else grouped(compared_with=told.before),
        agent_id=agent.id,
        away=await away_of(store, [place.current], agent.id, now),
        departments=departments,
        read=read,
        who_can=await who_can_read(store, dossier, closed) if closed else "",
        kept={one.code: one.mark for one in whole if one.mark and one.code in reserved},
        doubles=await store.doubles.of_account(dossier.account_id),
        held=await load_held(store, dossier, now) if place.current.held else None,
        signature=await store.holds.signature(dossier.id) if dossier.terms.cosign_within else None,
        now=now,
    )


def desk_page(desk: Desk, look: Look) -> dict[str, Any]:
    """What the template `staff/desk.html` needs."""
    line, trail = desk.place.current, desk.trail
    piece = chosen(desk.pieces, look.piece)
    return {
        "dossier": desk.dossier,
        "child": child_of(line),
        "state": shown_state(line),
        "trail": trail,
        "follow": _follow(desk),
        "facts": _facts(desk),
        "family": f"{line.owner_name or 'Sans nom'}, {line.owner_email or NO_ADDRESS.lower()}",
        "known_twice": known_twice(desk.doubles, desk.dossier.account_id),
        "family_href": trail.family_href(line.owner_id, dossier=desk.dossier.id),
        "place": desk.place,
        "steps": _steps(desk),
        "column": column_rows(desk.place.lines, desk.dossier.id, trail, desk.now),
        "tabs": _tabs(desk, piece),
        "piece": piece,
        "who_can": desk.who_can,
        "sheets": sheets_of(desk.dossier.id, piece, trail, look.zoom)
        if piece and not piece.is_reserved
        else [],
        "album": f"/agent/dossiers/{desk.dossier.id}/pieces/{piece.code}/pdf"
        if piece and not piece.is_reserved and is_album(piece)
        else "",
        "review": _review(desk, piece) if piece else None,
        "changes": changes(desk.groups),
        "compared": None if desk.since_opening is None else before_after(desk.since_opening),
        "others": [
            {"title": for_agents(group.title), "rows": [declared(row) for row in group.rows]}
            for group in desk.groups
        ],
        "panel": decision_panel(
            desk.dossier,
            line,
            desk.pieces,
            trail,
            replace(look, piece=piece.code if piece else ""),
            desk.now,
        ),
        "held": _held(desk, look),
        "reads_rulings": FieldGroup.CUSTODY in desk.read,
        "errors": dict(look.errors),
    }


def _held(desk: Desk, look: Look) -> Sequence[dict[str, Any]]:
    if desk.dossier.state.is_closed:
        return ()
    root = f"/agent/dossiers/{desk.dossier.id}"
    waits = held_cards(desk.held, root, desk.trail.fields, look.values) if desk.held else ()
    return [*waits, *([signed_card(desk.signature, desk.answers)] if desk.signature else [])]


def _steps(desk: Desk) -> dict[str, Any]:
    previous, following = desk.place.previous, desk.place.next
    return {
        "previous": desk.trail.desk_href(previous.id) if previous else "",
        "next": desk.trail.desk_href(following.id) if following else "",
        "position": desk.place.position,
        "total": desk.place.total if desk.place.position else 0,
    }


def _tabs(desk: Desk, current: Piece | None) -> Sequence[dict[str, Any]]:
    return [
        {
            "name": short_title(piece.code, piece.title),
            "href": desk.trail.desk_href(desk.dossier.id, piece=piece.code),
            "verdict": verdict_of(piece),
            "current": piece is current,
        }
        for piece in desk.pieces
    ]


def _review(desk: Desk, piece: Piece) -> dict[str, Any]:
    mark = piece.mark
    words = {"good": "conform", "replace": "to_replace"}
    return {
        "name": for_agents(piece.title),
        "declared": [] if piece.is_reserved else proven_by(piece.code, desk.groups),
        "mark": words.get(mark.mark, "") if mark else "",
        "checks": [] if piece.is_reserved else _checks(piece),
        "action": f"/agent/dossiers/{desk.dossier.id}/avis",
        "fields": {**desk.trail.fields, "piece": piece.code},
        "locked": _locked(desk.dossier) or (_RESERVED if piece.is_reserved else ""),
    }


def _checks(piece: Piece) -> Sequence[dict[str, str]]:
    several = len(piece.documents) > 1
    lines: list[dict[str, str]] = [{"level": "note", "text": lent_words(one)} for one in piece.lent]
    lines += [
        {
            "level": check.level,
            "text": f"Fichier {number} : {check.text}" if several else check.text,
        }
        for number, document in enumerate(piece.documents, 1)
        for check in checks_of(document)
    ]
    if piece.is_checking:
        lines.append({"level": "checking", "text": "Vérification en cours. Rechargez la page."})
    else:
        scans = dict.fromkeys(one.scan for one in piece.given if one.form != STATEMENT)
        lines += [{"level": "note", "text": SCANS[scan]} for scan in scans]
    return lines


def _locked(dossier: Dossier) -> str:
    if dossier.state in MARKABLE:
        return ""
    if dossier.state is State.AWAITING_FAMILY:
        return "Le dossier attend la famille : l’avis ne change pas."
    if dossier.state is State.CHECKING:
        return "Les contrôles sont en cours : l’avis se donne ensuite."
    return "Le dossier est clos : l’avis ne change plus."


def _follow(desk: Desk) -> dict[str, Any]:
    words = desk.away.following(desk.place.current)
    return {
        "words": words,
        "action": ""
        if words or desk.dossier.state.is_closed
        else f"/agent/dossiers/{desk.dossier.id}/suivre",
    }


def _facts(desk: Desk) -> Sequence[str]:
    """What is asked for and the dates, under the title, as sentences."""
    dossier, line, now = desk.dossier, desk.place.current, desk.now
    sentences = [
        f"{line.procedure}.",
        f"Reçu {ago(now, line.submitted_at)}, le {day(line.submitted_at)}.",
    ]
    if dossier.origin == AT_DESK:
        sentences.append("Saisi par l’accueil.")
    if dossier.state in DECIDED:
        sentences.append(_decision(dossier, line))
    elif dossier.state in _CLOSED_WORDS:
        sentences.append(f"{_CLOSED_WORDS[dossier.state]} Depuis le {day(dossier.state_since)}.")
    elif dossier.due_at is not None:
        words, _ = due_words(dossier.due_at, now)
        last = day(last_day(dossier.due_at))
        if dossier.state is State.AWAITING_FAMILY:
            sentences.append(f"La famille peut répondre jusqu’au {last}.")
        else:
            sentences.append(
                f"Jour limite de la réponse : {last}"
                + (f" ({words})." if not words[0].isdigit() else ".")
            )
    return sentences


def _decision(dossier: Dossier, line: Line) -> str:
    verb = "Validé" if dossier.state is State.APPROVED else "Refusé"
    by = f" par {line.decider}" if line.decider else ""
    if dossier.decision_basis == "silence":
        by = " par le silence de la mairie"
    elif dossier.decision_basis == "rule":
        by = " automatiquement : le dossier était complet"
    return f"{verb}{by} le {moment(dossier.decided_at)}." if dossier.decided_at else f"{verb}{by}."
