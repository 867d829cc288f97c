"""What a new dossier takes over from the last one of the same family: nobody types twice."""

from domain.questions import Answers
from storage.dossiers import Dossier
from storage.store import OpenStore, Store
from storage.town import Procedure

FAMILY_PAGES = ("vous", "adresse", "autre-parent", "contacts")
"""The pages about the family, the same for the next child."""
_JUST_OPENED = 1


async def known_answers(store: Store, account_id: str, procedure: Procedure) -> Answers:
    """The family's answers in its latest dossier of this kind; nothing for a new family."""
    latest = next(
        (one for one in await store.dossiers.of_account(account_id) if one.kind == procedure.kind),
        None,
    )
    if latest is None:
        return {}
    answers = await store.dossiers.answers(latest.id)
    return {code: answers[code] for code in FAMILY_PAGES if code in answers}


async def take_over(writing: OpenStore, dossier: Dossier, known: Answers, first_page: str) -> None:
    """Fill the other family pages of a dossier that was just opened.

    Twice: only once, since the dossier has been saved again by then.
    """
    async with writing() as store:
        now = await store.dossiers.find(dossier.id)
        if now.version > _JUST_OPENED:
            return
        for code, values in known.items():
            if code != first_page:
                await store.dossiers.save_answers(now, code, values, now.last_saved_at)
