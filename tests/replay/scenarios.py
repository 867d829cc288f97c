"""The branches of a dossier's life, each lived once for real and kept as a history."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from domain.deadlines import Delay, SilenceRule, Terms, Validation
from domain.kinds.change_subjects import Subject
from domain.messages import Decision
from domain.states import Action, State
from storage.dossiers import Dossier
from tests import samples
from tests.living_changes import asks_to_change, known_family
from tests.living_town import PIECES, LivingTown, an_act, in_one
from tests.living_updates import updates

DAY = timedelta(days=1)
AUTOMATIC = Terms(validation=Validation.AUTOMATIC)
Scenario = Callable[[LivingTown], Awaitable[Dossier]]


async def approved(town: LivingTown) -> Dossier:
    """Three pieces, sent, approved."""
    dossier = await town.sent()
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def phone_changed(town: LivingTown) -> Dossier:
    """A change of the family's file that the portal approves by itself."""
    await known_family(town)
    return await asks_to_change(town, Subject.CONTACT_DETAILS, phone="0690 12 34 56")


async def actualised(town: LivingTown) -> Dossier:
    """A known family confirms what is known of it, sends it, and the town approves it."""
    dossier = await updates(town)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def refused(town: LivingTown) -> Dossier:
    """Sent, refused with a reason."""
    dossier = await town.sent()
    await town.decides(Action.REFUSE, dossier, reason_code="other", words="Exemple.")
    return dossier


async def completed_then_approved(town: LivingTown) -> Dossier:
    """Incomplete, completed by the family, asked again by an agent, answered, approved."""
    dossier = await town.opens()
    await town.gives(dossier, "child_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.gives(dossier, "guardian_identity", "proof_of_address")
    await town.replies(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.asks(dossier, "proof_of_address")
    await town.gives(dossier, "proof_of_address")
    await town.replies(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def request_cancelled(town: LivingTown) -> Dossier:
    """The agent asks, takes it back, approves."""
    dossier = await town.sent()
    await town.asks(dossier, "proof_of_address")
    await town.decides(Action.CANCEL_REQUEST, dossier)
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def sent_during_inspection(town: LivingTown) -> Dossier:
    """Sent while a document was still being looked at; a document taken away before."""
    dossier = await town.opens()
    await town.gives(dossier)
    async with town.open_store() as store:
        first = (await store.documents.of(dossier.id))[0]
    await town.as_parent().give(
        Action.REMOVE_DOCUMENT, dossier.id, act_id=an_act(), subject=first.id
    )
    kept = await town.parts.files.keep(in_one(samples.heavy_drawing()), limit_bytes=10**8)
    await town.as_parent().give_file(dossier.id, "child_identity", kept, name="lourd.pdf")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def withdrawn(town: LivingTown) -> Dossier:
    """Sent, then taken back by the family."""
    dossier = await town.sent()
    await town.withdraws(dossier)
    return dossier


async def closed_without_action(town: LivingTown) -> Dossier:
    """Incomplete, reminded twice, closed."""
    dossier = await town.opens()
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.waits(dossier, 40 * DAY)
    return dossier


async def abandoned(town: LivingTown) -> Dossier:
    """A draft, reminded, warned, abandoned."""
    dossier = await town.opens()
    await town.waits(dossier, 100 * DAY)
    return dossier


async def deemed_approved(town: LivingTown) -> Dossier:
    """The town was silent: accepted."""
    dossier = await town.sent()
    await town.waits(dossier, 63 * DAY)
    return dossier


async def deemed_refused(town: LivingTown) -> Dossier:
    """The town was silent: refused."""
    dossier = await town.sent(Terms(silence_rule=SilenceRule.REJECTION))
    await town.waits(dossier, 63 * DAY)
    return dossier


async def approved_by_rule(town: LivingTown) -> Dossier:
    """Complete and clear: the portal approves it by itself."""
    dossier = await town.opens(AUTOMATIC)
    await town.gives(dossier)
    await town.submits(dossier)
    return dossier


async def objected_then_approved(town: LivingTown) -> Dossier:
    """The other guardian objects, agrees again, and signs as the terms ask; approved."""
    other = {"has_other": "yes", "first_name": "Paul", "last_name": "Roux", "relation": "father"}
    terms = Terms(cosign_within=Delay(days=21))
    dossier = await town.opens(terms, autre_parent=other)
    paul = await town.shares(dossier)
    await town.gives(dossier, *PIECES, "other_guardian_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.speaks(paul, Action.OBJECT, dossier)
    await town.speaks(paul, Action.LIFT_OBJECTION, dossier)
    await town.speaks(paul, Action.COSIGN, dossier)
    await town.decides(Action.APPROVE, dossier)
    return dossier


async def alerted_then_deemed_approved(town: LivingTown) -> Dossier:
    """The department was told four times, and stayed silent."""
    alerts = tuple(Delay(days=days) for days in (21, 14, 7, 2))
    dossier = await town.sent(Terms(silence_alerts=alerts))
    await town.waits(dossier, 63 * DAY)
    return dossier


async def approved_by_signal(town: LivingTown) -> Dossier:
    """A signal too early, unheard; then one that counts."""
    dossier = await town.opens()
    decision = Decision(an_act(), town.sophie.id)
    await town.handle(dossier).signal("approve", decision)
    await town.gives(dossier)
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.handle(dossier).signal("approve", Decision(an_act(), town.sophie.id))
    return dossier


async def mail_refused_for_now(town: LivingTown) -> Dossier:
    """The mail server said "later" before it took the acknowledgement."""
    town.mail.answers = ["451 plus tard"]
    return await approved(town)


SCENARIOS: Mapping[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        approved,
        refused,
        completed_then_approved,
        request_cancelled,
        sent_during_inspection,
        withdrawn,
        closed_without_action,
        abandoned,
        deemed_approved,
        deemed_refused,
        alerted_then_deemed_approved,
        approved_by_rule,
        approved_by_signal,
        mail_refused_for_now,
        objected_then_approved,
        phone_changed,
        actualised,
    )
}
