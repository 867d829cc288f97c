"""What happens to the dossiers of the example town: every state, reached as people reach it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from deploy.example import families as f
from deploy.example.papers import LOST, SWORN, Paper, energy_bill, identity_card, ruling
from deploy.example.teller import Story, Teller
from deploy.example.valbourg import KARIM, OUTSIDE_REGISTRATION, REGISTRATION, SOPHIE, Person
from domain.deadlines import Delay
from domain.questions import Values
from domain.states import Action, State


async def _stays_a_draft(_tell: Teller) -> None:
    """Nobody sends it."""


async def _is_sent(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.UNDER_REVIEW)


async def _is_sent_incomplete(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.AWAITING_FAMILY)


async def _is_sent_and_stuck(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.CHECKING)


async def _is_approved(tell: Teller) -> None:
    await _is_sent(tell)
    await tell.agent_finds_good(SOPHIE)
    await tell.agent(SOPHIE, Action.APPROVE)
    await tell.reaches(State.APPROVED)


async def _is_refused(tell: Teller) -> None:
    await _is_sent(tell)
    await tell.agent_finds_good(KARIM)
    await tell.agent(
        KARIM,
        Action.REFUSE,
        reason_code="capacity",
        words=(
            "Les deux classes de CE1 de l’école élémentaire Jean-Moulin accueillent déjà 27 et "
            "28 élèves. L’école de votre commune a des places en CE1."
        ),
    )
    await tell.reaches(State.REFUSED)


async def _is_asked(tell: Teller) -> None:
    await _is_sent(tell)
    await tell.agent_finds_good(SOPHIE, "child_identity", "guardian_identity")
    await tell.agent(
        SOPHIE,
        Action.ASK_TO_COMPLETE,
        items=[
            {
                "piece": "proof_of_address",
                "reason": "outdated",
                "words": "La facture est à votre ancienne adresse.",
            }
        ],
        words="Une photo de la facture suffit.",
    )
    await tell.reaches(State.AWAITING_FAMILY)


async def _is_asked_and_answers(tell: Teller) -> None:
    await _is_asked(tell)
    you = tell.story.answers["vous"]
    home = tell.story.answers["adresse"]
    bill = energy_bill(you, (home["street"], f"{home['postal_code']} {home['city']}"), photo=1700)
    await tell.gives("proof_of_address", bill)
    await tell.papers_are_seen()
    await tell.parent(Action.ANSWER)
    await tell.reaches(State.UNDER_REVIEW)


async def _is_withdrawn(tell: Teller) -> None:
    await _is_sent(tell)
    await tell.parent(Action.WITHDRAW)
    await tell.reaches(State.WITHDRAWN)


async def _is_never_completed(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.CLOSED_WITHOUT_ACTION)


async def _is_never_sent(tell: Teller) -> None:
    await tell.reaches(State.ABANDONED)


async def _is_approved_by_silence(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.APPROVED)


async def _is_refused_by_silence(tell: Teller) -> None:
    await tell.sends()
    await tell.reaches(State.REFUSED)


_UNTIDY = {
    "guardian_identity": identity_card(f.MAYLIS["vous"], "IMG_2041.jpg", photo=760),
    "proof_of_address": SWORN,
}
_WITH_RULING = {"court_ruling": ruling(f.SOFIA["enfant"])}
_NOTHING = dict.fromkeys(("child_identity", "guardian_identity", "proof_of_address"))
_HURRIED: dict[str, Any] = {
    "complement_delay": Delay(seconds=9),
    "complement_reminders": (Delay(seconds=3), Delay(seconds=6)),
}
_FORGOTTEN: dict[str, Any] = {
    "draft_reminder": Delay(seconds=3),
    "draft_warning_before": Delay(seconds=3),
    "draft_life": Delay(seconds=9),
}
_SILENT: dict[str, Any] = {"silence_delay": Delay(seconds=6)}
_DATED_BACK: dict[str, Any] = {"draft_reminder": Delay(months=6), "draft_life": Delay(months=9)}
"""For what was sent days ago: it must not be reminded of a draft it no longer is."""


def _story(
    slug: str,
    parent: Person,
    answers: Mapping[str, Values],
    rest: Callable[[Teller], Awaitable[None]],
    last: Action = Action.SUBMIT,
    *,
    days_ago: float = 0,
    papers: Mapping[str, Paper | None] | None = None,
    terms: Mapping[str, Any] | None = None,
    outside: bool = False,
) -> Story:
    procedure = OUTSIDE_REGISTRATION if outside else REGISTRATION
    usual = _DATED_BACK if days_ago > 1 else {}
    return Story(
        slug=slug,
        parent=parent,
        answers=answers,
        procedure=procedure,
        last=last,
        rest=rest,
        days_ago=days_ago,
        papers=papers or {},
        terms=replace(procedure.terms, **(terms or usual)),
    )


STORIES: tuple[Story, ...] = (
    # What the desk has before it, from the nearest legal date to the farthest.
    _story("noe", f.THOMAS, f.NOE, _is_sent, days_ago=56),
    _story("maylis", f.OLIVIER, f.MAYLIS, _is_sent, days_ago=33, papers=_UNTIDY),
    _story("sofia", f.NADIA, f.SOFIA, _is_sent, days_ago=12, papers=_WITH_RULING),
    _story("victor", f.MARC, f.VICTOR, _is_sent, days_ago=6),
    _story("rose", f.EMMA, f.ROSE, _is_sent, days_ago=4),
    _story("louise", f.AMELIE, f.LOUISE, _is_asked_and_answers, Action.ANSWER, days_ago=24),
    # What the desk typed for somebody without mail: its letters are to be printed.
    _story("basile", f.JEANNE, f.BASILE, _is_sent, days_ago=3),
    _story("ambre", f.JEANNE, f.AMBRE, _stays_a_draft, Action.OPEN, days_ago=1),
    # What waits for the families.
    _story("tom", f.CLAIRE, f.TOM, _is_asked, Action.ASK_TO_COMPLETE, days_ago=9),
    _story("gabin", f.JULIEN, f.GABIN, _is_sent_incomplete, papers={"hosting_statement": None}),
    _story("adam", f.YASMINE, f.ADAM, _stays_a_draft, Action.OPEN, days_ago=1),
    # What is stuck: the disk has lost a photo.
    _story("hugo", f.INES, f.HUGO, _is_sent_and_stuck, papers={"guardian_identity": LOST}),
    # What is over, by a person.
    _story("lena", f.CLAIRE, f.LENA, _is_approved, Action.APPROVE, days_ago=41),
    _story("linh", f.MAI, f.LINH, _is_refused, Action.REFUSE, days_ago=20, outside=True),
    _story("jade", f.LUCAS, f.JADE, _is_withdrawn, Action.WITHDRAW, days_ago=15),
    # What is over because time has passed: seconds here, months in a true town.
    _story("alba", f.INES, f.ALBA, _is_never_completed, papers=_NOTHING, terms=_HURRIED),
    _story("milo", f.LUCAS, f.MILO, _is_never_sent, Action.OPEN, papers=_NOTHING, terms=_FORGOTTEN),
    _story("zoe", f.SARAH, f.ZOE, _is_approved_by_silence, terms=_SILENT),
    _story("elie", f.SARAH, f.ELIE, _is_refused_by_silence, terms=_SILENT, outside=True),
)
