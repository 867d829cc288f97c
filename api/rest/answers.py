"""The answers of a dossier: read, and changed page by page."""

from fastapi import APIRouter, Request, Response

from api.access.rules import groups_read
from api.answers import keep_changes
from api.confirmed import to_confirm
from api.dependencies import Now, Reading, Writing
from api.reserved import note_reading
from api.rest import shapes
from api.rest.bearer import ReadDossier, Reader, Writer, WrittenDossier
from api.rest.headers import VersionRead, tag
from api.rest.requests import ChangesBody
from api.rest.views import all_answers
from domain.deadlines import paris_day
from domain.errors import Invalid
from domain.kinds.catalogue import RULES
from domain.questions import Answers, always, unfinished
from domain.rights import EVERY_GROUP
from storage.dossiers import Dossier

router = APIRouter(prefix="/dossiers/{dossier_id}/answers", tags=["Réponses"])


@router.get("", summary="Lire les réponses")
async def show_answers(
    dossier: ReadDossier,
    bearer: Reader,
    request: Request,
    store: Reading,
    response: Response,
    at: Now,
) -> shapes.Answers:
    """Les questions, les réponses, et ce qui ne convient pas.

    Sans la permission `reserved:read`, ou sans ce droit, une réponse réservée est vide et le dit.
    """
    tag(response, dossier.version)
    answers = await store.dossiers.answers(dossier.id)
    groups = groups_read(bearer.account, dossier)
    await note_reading(request, dossier, answers, groups)
    return await all_answers(store, dossier, answers, groups, at)


@router.patch("", summary="Changer des réponses")
async def change_answers(
    dossier: WrittenDossier,
    bearer: Writer,
    seen: VersionRead,
    sent: ChangesBody,
    store: Reading,
    writing: Writing,
    response: Response,
    at: Now,
) -> shapes.Answers:
    """Garde ce qui est envoyé, même faux : `problem` dit alors ce qu’il faut corriger.

    Ce qui n’est pas nommé reste. 412 si le dossier a changé depuis la lecture : l’erreur montre les
    réponses gardées (`current`) et les vôtres (`sent`). Une page changée est une page confirmée.
    """
    kept = await store.dossiers.answers(dossier.id) if _depends_on_answers(dossier) else {}
    _refuse_unknown(dossier, kept, sent.answers)
    lists = await store.town.lists()
    await store.release()
    await keep_changes(writing, dossier, sent.answers, lists, version_seen=seen, at=at)
    async with writing() as now:
        fresh = await now.dossiers.find(dossier.id)
        tag(response, fresh.version)
        answers = await now.dossiers.answers(dossier.id)
        mine = [one for one in to_confirm(fresh, answers) if one.code in sent.answers]
        wrong = unfinished(mine, answers, lists, today=paris_day(at))
        right = [one.code for one in mine if one.code not in wrong]
        await now.confirmations.add(dossier.id, right, at, bearer.account.id)
        return await all_answers(now, fresh, answers, EVERY_GROUP, at)


def _depends_on_answers(dossier: Dossier) -> bool:
    """Whether a page of this kind is there or not as others are answered."""
    return any(one.when is not always for one in RULES[dossier.kind].sections)


def _refuse_unknown(dossier: Dossier, kept: Answers, answers: Answers) -> None:
    """Only pages that are there with these changes, and only questions of theirs."""
    changed = {code: {**kept.get(code, {}), **values} for code, values in answers.items()}
    shown = RULES[dossier.kind].sections_for({**kept, **changed})
    questions = {one.code: {f.name for f in one.fields} for one in shown}
    problems = {}
    for code, values in answers.items():
        if code not in questions:
            problems[code] = "Cette page de questions n’existe pas."
            continue
        for name in values.keys() - questions[code]:
            problems[f"{code}.{name}"] = "Cette question n’existe pas."
    if problems:
        raise Invalid(dict(sorted(problems.items())))
