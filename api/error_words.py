"""The French of the error pages, by code when there is one, else by status."""

from api.door_words import AT_THE_DOOR
from api.error_sentences import ALL_KEPT, NOTHING_CHANGED, NOTHING_LOST, Words
from api.town_hall_words import IN_THE_TOWN_HALL

BY_STATUS = {
    400: Words(
        "Cette demande n’a pas été comprise",
        "Le navigateur a envoyé quelque chose que le portail ne sait pas lire.",
        ALL_KEPT,
    ),
    403: Words("Cette action n’est pas permise", "Vous n’y avez pas accès.", NOTHING_CHANGED),
    404: Words(
        "Cette page n’existe pas",
        "L’adresse est peut-être incomplète, ou la page n’est pas à vous.",
        NOTHING_LOST,
    ),
    405: Words(
        "Cette page ne s’ouvre pas ainsi",
        "Cette adresse sert à envoyer un formulaire, pas à afficher une page.",
        NOTHING_LOST,
    ),
    408: Words(
        "L’envoi s’est arrêté en route",
        "Presque rien n’est arrivé pendant 30 secondes. Vérifiez votre connexion, puis "
        "recommencez.",
        "Vos réponses et les fichiers arrivés en entier sont gardés.",
    ),
    409: Words(
        "Cela a changé entre-temps",
        "La situation n’est plus celle que vous aviez sous les yeux.",
        ALL_KEPT,
        "Voir où cela en est",
    ),
    410: Words(
        "Ce lien ne sert plus",
        "Ce lien a été remplacé ou a déjà servi.",
        NOTHING_LOST,
        "Recevoir un nouveau lien",
        "/connexion",
    ),
    413: Words(
        "C’est trop lourd",
        "L’envoi dépasse {limit}. Il a été arrêté et rien n’en est gardé.",
        "Vos réponses et vos autres fichiers sont gardés.",
        "Revenir à la page",
    ),
    415: Words(
        "Cet envoi n’a pas été compris",
        "Le portail ne lit pas les envois compressés. Envoyez-le depuis la page du portail.",
        ALL_KEPT,
    ),
    422: Words(
        "Une réponse ne convient pas",
        "Revenez à la page précédente et corrigez votre réponse.",
        ALL_KEPT,
    ),
    429: Words(
        "Trop d’essais en peu de temps",
        "Attendez cinq minutes, puis recommencez.",
        NOTHING_LOST,
    ),
    500: Words(
        "Le portail a rencontré un problème",
        "Ce n’est pas de votre faute. La mairie peut retrouver ce problème par son numéro.",
        "Tout ce que vous aviez enregistré avant cette page est gardé.",
    ),
    503: Words(
        "Le portail est momentanément indisponible",
        "Réessayez dans quelques minutes.",
        ALL_KEPT,
        "Réessayer",
        "/",
    ),
}

BY_CODE = {
    **AT_THE_DOOR,
    **IN_THE_TOWN_HALL,
    "unreadable_form": Words(
        "Ce formulaire n’a pas été compris",
        "Il contient trop de champs, ou un fichier là où il n’en faut pas.",
        "Cet envoi n’est pas gardé ; tout ce qui était enregistré avant l’est.",
    ),
    "too_many_sendings": Words(
        "Trop d’envois en même temps",
        "Attendez que les envois en cours soient finis, puis recommencez celui-ci.",
        "Les fichiers arrivés en entier sont gardés.",
    ),
    "stale_version": Words(
        "Ces réponses ont changé entre-temps",
        "Elles ont été enregistrées depuis un autre appareil ou par une autre personne.",
        "Les réponses les plus récentes sont gardées.",
        "Voir les réponses actuelles",
    ),
    "not_kept": Words(
        "Le portail est momentanément indisponible",
        "Ce que vous venez d’envoyer n’a pas pu être gardé. Attendez un instant, revenez à la "
        "page et envoyez-le de nouveau.",
        ALL_KEPT,
        "Revenir à la page",
    ),
    "not_kept_yet": Words(
        "Le portail est momentanément indisponible",
        "Ce que vous venez d’envoyer n’est pas encore gardé. Attendez un instant, puis appuyez "
        "sur « Envoyer de nouveau » : tout ce que vous avez écrit est dans cette page.",
        ALL_KEPT,
    ),
    "files_away": Words(
        "Ce fichier n’a pas pu être gardé",
        "Le portail n’a pas de place pour lui en ce moment. Réessayez dans quelques minutes, ou "
        "appelez la mairie.",
        "Vos réponses et vos autres fichiers sont gardés.",
        "Revenir à la page",
    ),
    "files_unread": Words(
        "Ce document ne peut pas être ouvert pour le moment",
        "L’endroit où le portail range les documents ne répond pas. Réessayez dans quelques "
        "minutes.",
        "Le document est gardé.",
    ),
}
