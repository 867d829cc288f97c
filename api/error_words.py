"""The French of the error pages, by code when there is one, else by status."""

from typing import NamedTuple

_ALL_KEPT = "Tout ce que vous aviez enregistré est gardé."
_NOTHING_LOST = "Rien n’est perdu."
_NOTHING_CHANGED = "Rien n’a été changé."


class Words(NamedTuple):
    """What an error page says. `next_href` "" means the person's own first page."""

    title: str
    happened: str
    lost: str
    next_words: str = "Revenir à l’accueil"
    next_href: str = ""


BY_STATUS = {
    400: Words(
        "Cette demande n’a pas été comprise",
        "Le navigateur a envoyé quelque chose que le portail ne sait pas lire.",
        _ALL_KEPT,
    ),
    403: Words("Cette action n’est pas permise", "Vous n’y avez pas accès.", _NOTHING_CHANGED),
    404: Words(
        "Cette page n’existe pas",
        "L’adresse est peut-être incomplète, ou la page n’est pas à vous.",
        _NOTHING_LOST,
    ),
    405: Words(
        "Cette page ne s’ouvre pas ainsi",
        "Cette adresse sert à envoyer un formulaire, pas à afficher une page.",
        _NOTHING_LOST,
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
        _ALL_KEPT,
        "Voir où cela en est",
    ),
    410: Words(
        "Ce lien ne sert plus",
        "Ce lien a été remplacé ou a déjà servi.",
        _NOTHING_LOST,
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
        _ALL_KEPT,
    ),
    422: Words(
        "Une réponse ne convient pas",
        "Revenez à la page précédente et corrigez votre réponse.",
        _ALL_KEPT,
    ),
    429: Words(
        "Trop d’essais en peu de temps",
        "Attendez cinq minutes, puis recommencez.",
        _NOTHING_LOST,
    ),
    500: Words(
        "Le portail a rencontré un problème",
        "Ce n’est pas de votre faute. La mairie peut retrouver ce problème par son numéro.",
        "Tout ce que vous aviez enregistré avant cette page est gardé.",
    ),
    503: Words(
        "Le portail est momentanément indisponible",
        "Réessayez dans quelques minutes.",
        _ALL_KEPT,
        "Réessayer",
        "/",
    ),
}

BY_CODE = {
    "sign_in_first": Words(
        "Vous n’êtes plus connecté",
        "Vos réponses ne sont pas encore gardées, mais elles sont dans cette page. Connectez-vous "
        "dans un nouvel onglet, puis revenez ici et appuyez sur « Envoyer de nouveau ».",
        _ALL_KEPT,
        "Se connecter",
        "/connexion",
    ),
    "stale_answers": Words(
        "Encore une étape",
        "Cette page date d’avant votre connexion. Tout ce que vous avez écrit y est : appuyez sur "
        "« Envoyer de nouveau ».",
        _ALL_KEPT,
    ),
    "other_account": Words(
        "Cette page était ouverte avec un autre compte",
        "Depuis, quelqu’un d’autre s’est connecté dans ce navigateur. Rien n’est fait en son nom.",
        "Ce qui était écrit est gardé une heure : connectez-vous avec le compte de cette page pour "
        "le retrouver.",
    ),
    "other_account_empty": Words(
        "Cette page était ouverte avec un autre compte",
        "Depuis, quelqu’un d’autre s’est connecté dans ce navigateur. Rien n’est fait en son nom.",
        _NOTHING_CHANGED,
    ),
    "stale_form": Words(
        "Cette page est restée ouverte trop longtemps",
        "Par sécurité, ce formulaire n’a pas été pris. Rouvrez la page et envoyez-le de nouveau.",
        "Les étapes déjà enregistrées sont gardées ; cet envoi-ci ne l’est pas.",
        "Reprendre",
    ),
    "foreign_page": Words(
        "Cet envoi ne vient pas du portail",
        "Par sécurité, un formulaire envoyé depuis un autre site n’est pas pris.",
        _NOTHING_CHANGED,
    ),
    "unreadable_form": Words(
        "Ce formulaire n’a pas été compris",
        "Il contient trop de champs, ou un fichier là où il n’en faut pas.",
        "Cet envoi n’est pas gardé ; tout ce qui était enregistré avant l’est.",
    ),
    "foreign_host": Words(
        "Cette adresse n’est pas celle du portail",
        "Ouvrez le portail par l’adresse que la mairie vous a donnée.",
        _NOTHING_LOST,
    ),
    "too_many_hashes": Words(
        "Beaucoup de personnes se connectent en ce moment",
        "Attendez une minute, puis recommencez.",
        _NOTHING_CHANGED,
        "Revenir à la page",
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
    "engine_away": Words(
        "Le moteur ne répond pas",
        "L’étape n’a pas été relancée. Elle le sera d’elle-même au retour du moteur.",
        "Votre raison est gardée dans l’historique ; rien d’autre n’a changé.",
        "Revenir à la supervision",
        "/admin/supervision",
    ),
    "not_kept": Words(
        "Le portail est momentanément indisponible",
        "Ce que vous venez d’envoyer n’a pas pu être gardé. Attendez un instant, revenez à la "
        "page et envoyez-le de nouveau.",
        _ALL_KEPT,
        "Revenir à la page",
    ),
    "not_kept_yet": Words(
        "Le portail est momentanément indisponible",
        "Ce que vous venez d’envoyer n’est pas encore gardé. Attendez un instant, puis appuyez "
        "sur « Envoyer de nouveau » : tout ce que vous avez écrit est dans cette page.",
        _ALL_KEPT,
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
    "not_scanned": Words(
        "Ce document n’est pas encore analysé",
        "L’antivirus ne l’a pas encore contrôlé. Il s’ouvrira dès que ce sera fait : le portail "
        "réessaie seul.",
        "Le document est gardé ; la famille n’a rien à refaire.",
    ),
    "fc_over": Words(
        "Ce passage par FranceConnect est terminé",
        "Il n’a servi qu’une fois, il date de plus de dix minutes, ou il a commencé dans un autre "
        "navigateur.",
        _NOTHING_LOST,
        "Recommencer",
        "/connexion",
    ),
    "fc_refused": Words(
        "Vous n’êtes pas passé par FranceConnect jusqu’au bout",
        "Vous avez arrêté en chemin, ou FranceConnect vous a laissé revenir sans confirmer qui "
        "vous êtes. Votre adresse mail suffit aussi pour entrer.",
        _NOTHING_CHANGED,
        "Entrer autrement",
        "/connexion",
    ),
    "fc_invalid": Words(
        "La réponse de FranceConnect n’a pas pu être vérifiée",
        "Par sécurité, elle n’a pas été prise. Recommencez ; si cela se répète, votre adresse mail "
        "suffit pour entrer.",
        _NOTHING_CHANGED,
        "Recommencer",
        "/connexion",
    ),
    "fc_no_mail": Words(
        "FranceConnect n’a pas donné d’adresse mail",
        "Le portail en a besoin pour vous écrire. Entrez avec votre adresse mail : un lien vous "
        "sera envoyé.",
        _NOTHING_CHANGED,
        "Entrer avec mon adresse mail",
        "/connexion",
    ),
    "fc_away": Words(
        "FranceConnect ne répond pas",
        "Réessayez dans quelques minutes, ou entrez tout de suite avec votre adresse mail.",
        _NOTHING_CHANGED,
        "Entrer avec mon adresse mail",
        "/connexion",
    ),
    "link_expired": Words(
        "Ce lien a plus d’une heure",
        "Par sécurité, un lien reçu par mail ne sert que pendant une heure.",
        "Vos réponses sont gardées.",
        "Recevoir un nouveau lien",
        "/connexion",
    ),
    "link_used": Words(
        "Ce lien a déjà servi",
        "Par sécurité, un lien reçu par mail ne sert qu’une fois.",
        "Vos réponses sont gardées.",
        "Recevoir un nouveau lien",
        "/connexion",
    ),
    "link_unknown": Words(
        "Ce lien n’est pas complet",
        "Il a peut-être été coupé en deux dans votre mail. Copiez-le en entier dans la barre "
        "d’adresse, ou demandez un nouveau lien.",
        "Vos réponses sont gardées.",
        "Recevoir un nouveau lien",
        "/connexion",
    ),
    "own_rights": Words(
        "Vos propres droits ne se changent pas ici",
        "Un autre administrateur peut changer vos droits, fermer votre accès ou détacher votre "
        "téléphone.",
        _NOTHING_CHANGED,
        "Revenir aux agents",
        "/admin/agents",
    ),
    "last_admin": Words(
        "Il faut un administrateur",
        "C’est le dernier accès d’administration ouvert. Invitez d’abord une autre personne.",
        _NOTHING_CHANGED,
        "Revenir aux agents",
        "/admin/agents",
    ),
    "no_more_admin": Words(
        "Vous n’administrez plus le portail",
        "Un autre administrateur vient de changer vos droits.",
        _NOTHING_CHANGED,
    ),
    "attach_two_people": Words(
        "Cette adresse est déjà celle d’un autre parent de l’enfant",
        "Chacun a son propre accès. Demandez à l’accueil de noter une adresse qui n’est qu’à vous.",
        _NOTHING_CHANGED,
    ),
    "not_visiting": Words(
        "Cette page est celle d’une famille",
        "Vous ne saisissez pour aucune famille en ce moment. Cherchez-la, puis appuyez sur "
        "«\u00a0Saisir avec elle\u00a0».",
        _NOTHING_CHANGED,
        "Chercher la famille",
        "/agent/accueil",
    ),
    "in_person": Words(
        "Cette page n’appartient qu’à la personne",
        "Son compte, son mot de passe, FranceConnect et les invitations à l’autre parent ne "
        "s’ouvrent à personne d’autre, même à l’accueil.",
        _NOTHING_CHANGED,
        "Revenir aux pages de la famille",
        "/accueil",
    ),
    "only_looking": Words(
        "Vous consultez, sans rien pouvoir changer",
        "Pour saisir avec la personne présente, appuyez sur «\u00a0Saisir avec elle\u00a0» sur la "
        "page de la famille.",
        _NOTHING_CHANGED,
        "Ouvrir la page de la famille",
    ),
    "visit_over": Words(
        "La consultation est terminée",
        "Voir les pages d’une famille dure 15 minutes au plus.",
        _NOTHING_CHANGED,
        "Ouvrir la page de la famille",
    ),
    "not_all_theirs": Words(
        "Vous ne pouvez pas voir tout ce que voit cette famille",
        "Un de ses dossiers relève d’un autre service, ou contient des réponses réservées que "
        "votre accès n’ouvre pas.",
        _NOTHING_CHANGED,
        "Revenir à la famille",
    ),
    "merge_same": Words(
        "C’est deux fois le même compte",
        "Un compte ne peut pas être fusionné avec lui-même.",
        _NOTHING_CHANGED,
        "Voir les doublons",
        "/agent/doublons",
    ),
    "merge_keep_mail": Words(
        "Gardez le compte qui a une adresse mail",
        "L’autre compte n’en a pas : la famille ne pourrait plus se connecter.",
        _NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_two_guardians": Words(
        "Ces deux comptes sont ceux de deux responsables",
        "Deux responsables d’un même enfant gardent chacun leur compte : l’un ne voit ni l’adresse "
        "ni les documents de l’autre.",
        _NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_two_identities": Words(
        "FranceConnect connaît deux personnes différentes",
        "Chacun de ces comptes est relié à une identité vérifiée, et ce n’est pas la même.",
        _NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_erasure": Words(
        "Un effacement est demandé pour l’un de ces comptes",
        "Répondez d’abord à cette demande : ce qui doit être effacé ne change pas de compte.",
        _NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_not_all_yours": Words(
        "Vous ne pouvez pas fusionner ces deux comptes",
        "Un de leurs dossiers relève d’un autre service, ou contient des réponses réservées que "
        "votre accès n’ouvre pas. Demandez à un collègue qui a cet accès.",
        _NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "other_family": Words(
        "Vous ne saisissez plus pour cette famille",
        "Ce formulaire est d’une autre saisie\u00a0: rien n’a été écrit au nom de quelqu’un "
        "d’autre. Dans un nouvel onglet, reprenez la saisie pour cette famille, puis revenez ici "
        "et appuyez sur «\u00a0Envoyer de nouveau\u00a0».",
        "Ce que vous avez écrit est dans cette page.",
        "Chercher la famille",
        "/agent/accueil",
    ),
    "account_closed": Words(
        "Cet accès est fermé",
        "La mairie a fermé cet accès. Appelez-la si vous pensez que c’est une erreur.",
        _NOTHING_LOST,
    ),
}
