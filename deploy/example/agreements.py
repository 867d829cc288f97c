"""The texts of the example town, who accepted them, and what guardians allow of images."""

from datetime import datetime, timedelta

from deploy.example.families import CLAIRE, FAMILIES, SARAH
from deploy.example.sharing import SECOND_GUARDIANS, account_of
from deploy.example.valbourg import ADMIN
from domain.consents import Cell, Medium, Use
from domain.deadlines import paris_day
from domain.school_years import school_year_of
from domain.texts import NAMES, Code
from storage.store import Store

_HOUSE_RULES = """# Horaires
L’accueil du matin ouvre à 7 h 30, celui du soir ferme à 18 h 30.

# Absences
Prévenez la veille avant 18 h. Un repas décommandé à temps n’est pas facturé.

# Santé
- Aucun médicament n’est donné sans projet d’accueil individualisé (PAI).
- En cas d’urgence, l’équipe appelle le 15, puis les parents.

# Vie en groupe
Chacun respecte les enfants, les adultes et le matériel. En cas de difficulté, la mairie rencontre la famille avant toute décision."""  # noqa: E501
_IMAGE_NOTICE = """L’image d’un enfant est protégée par la loi. Elle n’est montrée qu’avec l’accord de ses parents, usage par usage.

# Qui voit quoi
- L’affichage dans l’école ou le centre : les familles et les équipes.
- Le journal municipal, le site, les réseaux sociaux et la presse : tout le monde.

# Vos droits
L’accord vaut une année scolaire. Vous pouvez le retirer à tout moment sur le portail, sans donner de raison. Le refuser ne change rien à l’accueil de votre enfant."""  # noqa: E501
_BODIES = {Code.HOUSE_RULES: _HOUSE_RULES, Code.IMAGE_NOTICE: _IMAGE_NOTICE}
_WALL, _SITE = Cell(Use.DISPLAY, Medium.GROUP), Cell(Use.WEBSITE, Medium.GROUP)


async def publish_texts(store: Store, at: datetime) -> None:
    """The house rules and the notice about images, published by the admin. Twice: once."""
    admin = await account_of(store, ADMIN)
    for code, body in _BODIES.items():
        if not await store.texts.versions(code):
            await store.texts.publish(
                code,
                after=0,
                title=NAMES[code],
                body=body,
                effective_from=paris_day(at - timedelta(days=80)),
                by=admin.id,
                at=at - timedelta(days=82),
            )


async def tell_of_agreements(store: Store, at: datetime) -> None:
    """Everybody but Sarah has accepted the house rules; Claire allows two uses. Twice: the same.

    Antoine, the other guardian of Léna, has not answered. Nothing is done of what a story did not
    come to.
    """
    await publish_texts(store, at)
    rules = await store.texts.in_force(Code.HOUSE_RULES, paris_day(at))
    for person in (*FAMILIES, *SECOND_GUARDIANS):
        account = await account_of(store, person)
        if rules is not None and person != SARAH:
            await store.texts.accept(rules.id, account.id, at - timedelta(days=60))
    claire, year = await account_of(store, CLAIRE), school_year_of(paris_day(at))
    for child in await store.households.children_of(claire.id):
        rights = await store.consents.of_child(child.id, at)
        if child.first_name == "Léna" and not rights.said_by(claire.id, year):
            said = {_WALL: True, _SITE: True}
            await store.consents.say(child.id, claire.id, year, said, at)
