"""What the portal says of a document: a code with its numbers, and one French sentence per code.

Codes, numbers and names of form fields are what is kept; the sentences are only here, each short,
each with what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Grade = Literal["good", "doubtful", "refused"]

INFECTED: Final = "infected"


@dataclass(frozen=True)
class Remark:
    """One thing to say about a file: a code of `GRADES` and the numbers (or names) it needs."""

    code: str
    values: Mapping[str, int | str] = field(default_factory=dict)


_SENTENCES: Final[Mapping[Grade, Mapping[str, str]]] = {
    "good": {
        "readable_page": "Lisible, 1 page.",
        "readable_pages": "Lisible, {pages} pages.",
        "readable_photo": "Photo lisible.",
        "sworn_statement": "Attestation sur l’honneur.",
    },
    "doubtful": {
        "small_photo": "La photo est petite. Si le texte se lit mal, reprenez-la de plus près.",
        "blank": "Le document semble vide. Ouvrez-le pour vérifier que c’est le bon.",
        "active_content": (
            "Ce PDF contient autre chose que des pages (script, fichier joint ou formulaire). "
            "Si vous le pouvez, imprimez-le en PDF ; sinon, envoyez-le quand même."
        ),
        "empty_fields": "Champs à remplir : {names}. Remplissez-les, puis renvoyez le PDF.",
        "xfa_only": (
            "Ce formulaire (XFA) ne s’affiche pas partout. "
            "Imprimez-le en PDF, ou répondez plutôt sur les pages du portail."
        ),
        "not_drawn": (
            "L’aperçu n’a pas pu être fait. Ouvrez le document pour vérifier qu’il s’affiche bien."
        ),
    },
    "refused": {
        INFECTED: (
            "L’antivirus a trouvé un logiciel malveillant dans ce fichier, qui a été effacé. "
            "Envoyez une nouvelle photo du document, et faites contrôler l’appareil d’où il vient."
        ),
        "empty": "Le fichier est vide. Choisissez-le à nouveau, ou prenez une photo.",
        "wrong_type": (
            "Ce type de fichier n’est pas accepté. Envoyez un PDF, ou une photo JPEG, PNG ou HEIC."
        ),
        "disguised": (
            "Le contenu de ce fichier ne correspond pas à son nom. "
            "Ouvrez-le et enregistrez-le en PDF, ou envoyez une photo."
        ),
        "pdf_too_large": (
            "Le PDF dépasse {megabytes} Mo. "
            "Enregistrez-le dans une qualité plus légère, ou envoyez une photo de chaque page."
        ),
        "photo_too_large": (
            "La photo dépasse {megabytes} Mo. Reprenez-la dans une qualité plus légère."
        ),
        "too_many_files": (
            "Cette pièce a déjà {files} fichiers, le maximum. Retirez-en un avant d’en ajouter."
        ),
        "too_often": (
            "Vous avez déjà envoyé {files} fichiers en une heure, le maximum. "
            "Ceux-là sont gardés : attendez un peu, puis envoyez les suivants."
        ),
        "family_full": (
            "Vos documents occupent déjà {megabytes} Mo, le maximum par famille. "
            "Retirez ceux qui ne servent plus, ou appelez la mairie."
        ),
        "password": (
            "Protégé par un mot de passe. Enregistrez-le sans mot de passe, ou envoyez une photo."
        ),
        "no_pages": "Ce PDF n’a aucune page. Enregistrez-le à nouveau, ou envoyez une photo.",
        "unreadable": (
            "Ce document n’a pas pu être lu. "
            "Enregistrez-le à nouveau en PDF, ou envoyez-en une photo."
        ),
        "unreadable_photo": (
            "Cette photo n’a pas pu être lue. Reprenez-la, ou choisissez-en une autre."
        ),
        "too_complex": (
            "Ce document est trop compliqué pour être lu par le portail. "
            "Imprimez-le en PDF, ou envoyez une photo de chaque page."
        ),
        "too_many_pixels": (
            "La photo a trop de pixels (plus de {megapixels} millions). "
            "Reprenez-la avec un réglage ordinaire."
        ),
        "too_small": (
            "La photo est trop petite pour être lue. Reprenez-la de plus près, en pleine lumière."
        ),
    },
}
GRADES: Final[Mapping[str, Grade]] = {
    code: grade for grade, sentences in _SENTENCES.items() for code in sentences
}


def sentence(remark: Remark) -> str:
    """What happened and what to do, in plain French.

    Raises:
        KeyError: the code is unknown, or one of its numbers is missing.
    """
    return _SENTENCES[GRADES[remark.code]][remark.code].format(**remark.values)
