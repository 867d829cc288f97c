"""The French of the errors that the town's people meet: visits, doubles, rights, supervision."""

from api.error_sentences import NOTHING_CHANGED, Words

IN_THE_TOWN_HALL = {
    "engine_away": Words(
        "Le moteur ne répond pas",
        "L’étape n’a pas été relancée. Elle le sera d’elle-même au retour du moteur.",
        "Votre raison est gardée dans l’historique ; rien d’autre n’a changé.",
        "Revenir à la supervision",
        "/admin/supervision",
    ),
    "not_scanned": Words(
        "Ce document n’est pas encore analysé",
        "L’antivirus ne l’a pas encore contrôlé. Il s’ouvrira dès que ce sera fait : le portail "
        "réessaie seul.",
        "Le document est gardé ; la famille n’a rien à refaire.",
    ),
    "own_rights": Words(
        "Vos propres droits ne se changent pas ici",
        "Un autre administrateur peut changer vos droits, fermer votre accès ou détacher votre "
        "téléphone.",
        NOTHING_CHANGED,
        "Revenir aux agents",
        "/admin/agents",
    ),
    "last_admin": Words(
        "Il faut un administrateur",
        "C’est le dernier accès d’administration ouvert. Invitez d’abord une autre personne.",
        NOTHING_CHANGED,
        "Revenir aux agents",
        "/admin/agents",
    ),
    "no_more_admin": Words(
        "Vous n’administrez plus le portail",
        "Un autre administrateur vient de changer vos droits.",
        NOTHING_CHANGED,
    ),
    "attach_two_people": Words(
        "Cette adresse est déjà celle d’un autre parent de l’enfant",
        "Chacun a son propre accès. Demandez à l’accueil de noter une adresse qui n’est qu’à vous.",
        NOTHING_CHANGED,
    ),
    "not_visiting": Words(
        "Cette page est celle d’une famille",
        "Vous ne saisissez pour aucune famille en ce moment. Cherchez-la, puis appuyez sur "
        "«\u00a0Saisir avec elle\u00a0».",
        NOTHING_CHANGED,
        "Chercher la famille",
        "/agent/accueil",
    ),
    "in_person": Words(
        "Cette page n’appartient qu’à la personne",
        "Son compte, son mot de passe, FranceConnect et les invitations à l’autre parent ne "
        "s’ouvrent à personne d’autre, même à l’accueil.",
        NOTHING_CHANGED,
        "Revenir aux pages de la famille",
        "/accueil",
    ),
    "only_looking": Words(
        "Vous consultez, sans rien pouvoir changer",
        "Pour saisir avec la personne présente, appuyez sur «\u00a0Saisir avec elle\u00a0» sur la "
        "page de la famille.",
        NOTHING_CHANGED,
        "Ouvrir la page de la famille",
    ),
    "visit_over": Words(
        "La consultation est terminée",
        "Voir les pages d’une famille dure 15 minutes au plus.",
        NOTHING_CHANGED,
        "Ouvrir la page de la famille",
    ),
    "not_all_theirs": Words(
        "Vous ne pouvez pas voir tout ce que voit cette famille",
        "Un de ses dossiers relève d’un autre service, ou contient des réponses réservées que "
        "votre accès n’ouvre pas.",
        NOTHING_CHANGED,
        "Revenir à la famille",
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
    "merge_same": Words(
        "C’est deux fois le même compte",
        "Un compte ne peut pas être fusionné avec lui-même.",
        NOTHING_CHANGED,
        "Voir les doublons",
        "/agent/doublons",
    ),
    "merge_keep_mail": Words(
        "Gardez le compte qui a une adresse mail",
        "L’autre compte n’en a pas : la famille ne pourrait plus se connecter.",
        NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_two_guardians": Words(
        "Ces deux comptes sont ceux de deux responsables",
        "Deux responsables d’un même enfant gardent chacun leur compte : l’un ne voit ni l’adresse "
        "ni les documents de l’autre.",
        NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_two_identities": Words(
        "FranceConnect connaît deux personnes différentes",
        "Chacun de ces comptes est relié à une identité vérifiée, et ce n’est pas la même.",
        NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_erasure": Words(
        "Un effacement est demandé pour l’un de ces comptes",
        "Répondez d’abord à cette demande : ce qui doit être effacé ne change pas de compte.",
        NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
    "merge_not_all_yours": Words(
        "Vous ne pouvez pas fusionner ces deux comptes",
        "Un de leurs dossiers relève d’un autre service, ou contient des réponses réservées que "
        "votre accès n’ouvre pas. Demandez à un collègue qui a cet accès.",
        NOTHING_CHANGED,
        "Revenir à la comparaison",
    ),
}
