"""What programs receive: the shapes of the answers, with a word on each member.

Moments are ISO 8601 in UTC. Codes are English and stable; sentences are French, for people.
"""

from api.rest.shapes.documents import Check, Document, Documents, ReceivedFile, Reception
from api.rest.shapes.dossiers import (
    Act,
    Child,
    Decision,
    Dossier,
    DossierList,
    Event,
    Events,
    Mark,
    Piece,
    Request,
    RequestedPiece,
    Summary,
    WaitingAct,
)
from api.rest.shapes.letters import Letter, Letters, LetterSummary
from api.rest.shapes.problems import FieldProblem, Problem
from api.rest.shapes.questions import (
    Answer,
    AnswerPage,
    Answers,
    Choice,
    Confirmation,
    Confirmations,
    Department,
    PieceAsked,
    Procedure,
    ProcedureDetail,
    Procedures,
    Question,
    QuestionPage,
)

__all__ = [
    "Act",
    "Answer",
    "AnswerPage",
    "Answers",
    "Check",
    "Child",
    "Choice",
    "Confirmation",
    "Confirmations",
    "Decision",
    "Department",
    "Document",
    "Documents",
    "Dossier",
    "DossierList",
    "Event",
    "Events",
    "FieldProblem",
    "Letter",
    "LetterSummary",
    "Letters",
    "Mark",
    "Piece",
    "PieceAsked",
    "Problem",
    "Procedure",
    "ProcedureDetail",
    "Procedures",
    "Question",
    "QuestionPage",
    "ReceivedFile",
    "Reception",
    "Request",
    "RequestedPiece",
    "Summary",
    "WaitingAct",
]
