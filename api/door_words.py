"""The French of the errors at the door: sessions, links, FranceConnect, forms of other pages."""

from api.error_sentences import ALL_KEPT, NOTHING_CHANGED, NOTHING_LOST, Words

AT_THE_DOOR = {
    "sign_in_first": Words(
        "Vous n’êtes plus connecté",
        "Vos réponses ne sont pas encore gardées, mais elles sont dans cette page. Connectez-vous "
        "dans un nouvel onglet, puis revenez ici et appuyez sur « Envoyer de nouveau ».",
        ALL_KEPT,
        "Se connecter",
        "/connexion",
    ),
    "stale_answers": Words(
        "Encore une étape",
        "Cette page date d’avant votre connexion. Tout ce que vous avez écrit y est : appuyez sur "
        "« Envoyer de nouveau ».",
        ALL_KEPT,
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
        NOTHING_CHANGED,
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
        NOTHING_CHANGED,
    ),
    "foreign_host": Words(
        "Cette adresse n’est pas celle du portail",
        "Ouvrez le portail par l’adresse que la mairie vous a donnée.",
        NOTHING_LOST,
    ),
    "too_many_hashes": Words(
        "Beaucoup de personnes se connectent en ce moment",
        "Attendez une minute, puis recommencez.",
        NOTHING_CHANGED,
        "Revenir à la page",
    ),
    "fc_over": Words(
        "Ce passage par FranceConnect est terminé",
        "Il n’a servi qu’une fois, il date de plus de dix minutes, ou il a commencé dans un autre "
        "navigateur.",
        NOTHING_LOST,
        "Recommencer",
        "/connexion",
    ),
    "fc_refused": Words(
        "Vous n’êtes pas passé par FranceConnect jusqu’au bout",
        "Vous avez arrêté en chemin, ou FranceConnect vous a laissé revenir sans confirmer qui "
        "vous êtes. Votre adresse mail suffit aussi pour entrer.",
        NOTHING_CHANGED,
        "Entrer autrement",
        "/connexion",
    ),
    "fc_invalid": Words(
        "La réponse de FranceConnect n’a pas pu être vérifiée",
        "Par sécurité, elle n’a pas été prise. Recommencez ; si cela se répète, votre adresse mail "
        "suffit pour entrer.",
        NOTHING_CHANGED,
        "Recommencer",
        "/connexion",
    ),
    "fc_no_mail": Words(
        "FranceConnect n’a pas donné d’adresse mail",
        "Le portail en a besoin pour vous écrire. Entrez avec votre adresse mail : un lien vous "
        "sera envoyé.",
        NOTHING_CHANGED,
        "Entrer avec mon adresse mail",
        "/connexion",
    ),
    "fc_away": Words(
        "FranceConnect ne répond pas",
        "Réessayez dans quelques minutes, ou entrez tout de suite avec votre adresse mail.",
        NOTHING_CHANGED,
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
    "account_closed": Words(
        "Cet accès est fermé",
        "La mairie a fermé cet accès. Appelez-la si vous pensez que c’est une erreur.",
        NOTHING_LOST,
    ),
}
