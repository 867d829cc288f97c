"""What the town offers, and what each procedure asks."""

from fastapi import APIRouter

from api.beginning import open_procedure
from api.dependencies import Reading, SettingsDep
from api.rest import shapes
from api.rest.bearer import Holder
from api.rest.views import piece_asked, question_page
from domain.documents import announcement
from domain.kinds.actualisation_questions import CHILDREN
from domain.kinds.catalogue import RULES
from domain.kinds.change_subjects import ABOUT, CHILD_PAGE, Subject, slug_of
from domain.kinds.rules import Requirement
from domain.questions import Answers
from storage.town import Procedure

router = APIRouter(tags=["Démarches"])


@router.get("/procedures", summary="Les démarches ouvertes")
async def list_procedures(bearer: Holder, store: Reading) -> shapes.Procedures:
    """Ce que la mairie propose aux familles en ce moment."""
    del bearer
    return shapes.Procedures(items=[_procedure(one) for one in await store.town.procedures()])


@router.get("/procedures/{slug}", summary="Tout ce qu’une démarche demande")
async def show_procedure(
    bearer: Holder, slug: str, store: Reading, settings: SettingsDep
) -> shapes.ProcedureDetail:
    """Les questions, leurs réponses possibles, les pièces et les fichiers acceptés.

    D’une actualisation : les pages de la famille et celles d’un enfant (`ecole-1`, `sante-1`…) ;
    chaque enfant du dossier a les siennes.
    """
    del bearer
    procedure = await open_procedure(store, slug)
    department = await store.town.department(procedure.department)
    rules, lists = RULES[procedure.kind], await store.town.lists()
    asked = [
        one
        for one in rules.pieces
        if one.requirement is not Requirement.FORBIDDEN and one.piece.place <= 1
    ]
    return shapes.ProcedureDetail(
        **_procedure(procedure).model_dump(),
        service=shapes.Department(
            code=department.code,
            name=department.name,
            phone=department.phone,
            email=department.email,
        ),
        pages=[question_page(one, lists) for one in rules.sections_for(_some_answers(procedure))],
        pieces=[shapes.PieceAsked(**piece_asked(one)) for one in asked],
        document_limits=announcement(settings.limits),
    )


def _procedure(procedure: Procedure) -> shapes.Procedure:
    return shapes.Procedure(
        slug=procedure.slug,
        kind=procedure.kind,
        title=procedure.title,
        school_year=procedure.school_year,
        department=procedure.department,
        intro=procedure.intro,
    )


def _some_answers(procedure: Procedure) -> Answers:
    """Answers that bring the pages of this procedure: one child, or what the change is about."""
    subject = next((one for one in Subject if slug_of(one) == procedure.slug), None)
    if subject is not None:
        return {ABOUT: {"subject": subject.value}, CHILD_PAGE: {"first_name": "l’enfant"}}
    one = {"child_1": "1", "name_1": "Enfant 1", "first_1": "l’enfant", "update_1": "yes"}
    return {CHILDREN: one}
