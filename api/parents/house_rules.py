"""The house rules, accepted where a dossier is sent: the version that whoever sends it has read."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.parents.journey import Journey
from domain.questions import Section
from domain.texts import Code
from storage.audit import Line
from storage.dossiers import Dossier
from storage.store import OpenStore, Store
from storage.texts import Text

_TICK = "Cochez la case pour accepter le règlement intérieur."
_NEWER = "Le règlement intérieur a changé entre-temps. Lisez-le, puis cochez la case."


@dataclass(frozen=True)
class HouseRules:
    """What is accepted with the sending. `text` is None where the town published none."""

    section: Section
    text: Text | None

    @property
    def version(self) -> str:
        """The version shown, as the form carries it; empty where there is none."""
        return self.text.id if self.text else ""

    @property
    def label(self) -> str:
        """The words of the box."""
        return self.section.field("accepted").label

    def problem(self, form: Mapping[str, str]) -> str:
        """Why this form accepts them not, as a sentence; empty when it does."""
        if "accepted" not in form:
            return _TICK
        return "" if form.get("house_rules", "") == self.version else _NEWER


async def house_rules_of(store: Store, journey: Journey) -> HouseRules | None:
    """The house rules that this dossier asks to accept; None for one that asks nothing."""
    section = next((one for one in journey.sections if one.with_sending), None)
    if section is None:
        return None
    return HouseRules(section, await store.texts.in_force(Code.HOUSE_RULES, journey.today))


async def accept(writing: OpenStore, dossier: Dossier, rules: HouseRules, line: Line) -> int:
    """Keep that they are accepted, with the dossier and for the person; gives the new version.

    `line` is that of the journal: who, and when.

    Twice: the first acceptance stands.

    Raises:
        Stale: somebody saved the dossier meanwhile.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        values = {"accepted": "yes", "version": rules.version}
        version = await store.dossiers.save_answers(
            now, rules.section.code, values, line.at, version_seen=dossier.version
        )
        if rules.text is not None and await store.texts.accept(
            rules.text.id, line.actor_id, line.at, dossier_id=dossier.id
        ):
            await store.audit.add(line)
        return version
