"""The house rules, accepted where a dossier is sent: the version that whoever sends it has read.

A page and a program say it in the same two steps: the answer is kept with the version it is about,
and the sending itself (`Acts.give`) writes down that this person accepts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import Invalid
from domain.kinds.catalogue import RULES
from domain.questions import Answers, Section, Values
from domain.texts import Code
from storage.audit import Line
from storage.dossiers import Dossier
from storage.store import OpenStore, Store
from storage.texts import Text

TICK = "Cochez la case pour accepter le règlement intérieur."
_NEWER = "Le règlement intérieur a changé entre-temps. Lisez-le, puis cochez la case."
_ACCEPTED = "accepted"


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
        return self.section.field(_ACCEPTED).label

    def problem(self, form: Mapping[str, str]) -> str:
        """Why this form accepts them not, as a sentence; empty when it does."""
        if _ACCEPTED not in form:
            return TICK
        return "" if form.get("house_rules", "") == self.version else _NEWER


async def house_rules_of(
    store: Store, dossier: Dossier, answers: Answers, day: date
) -> HouseRules | None:
    """The house rules that this dossier asks to accept; None for one that asks nothing."""
    sections = RULES[dossier.kind].sections_for(answers)
    section = next((one for one in sections if one.with_sending), None)
    if section is None:
        return None
    return HouseRules(section, await store.texts.in_force(Code.HOUSE_RULES, day))


async def keep_accepted(
    writing: OpenStore, dossier: Dossier, rules: HouseRules, at: datetime
) -> int:
    """Keep with the dossier that this version is accepted; gives the dossier's new version.

    Raises:
        Stale: somebody saved the dossier meanwhile.
    """
    async with writing() as store:
        now = await store.dossiers.hold(dossier.id)
        values = {_ACCEPTED: "yes", "version": rules.version}
        return await store.dossiers.save_answers(
            now, rules.section.code, values, at, version_seen=dossier.version
        )


async def with_version(
    store: Store, section: Section, said: Values, values: Values, day: date
) -> Values:
    """A page of answers, with the version of the rules that somebody accepts by saying so now."""
    if not section.with_sending or _ACCEPTED not in said:
        return values
    text = await store.texts.in_force(Code.HOUSE_RULES, day)
    accepts = values.get(_ACCEPTED) == "yes" and text is not None
    return {**values, "version": text.id if accepts and text else ""}


async def accept(
    store: Store, dossier: Dossier, at: datetime, *, behind_id: str, place: str
) -> None:
    """Write down that the family accepts the rules with which it sends this dossier, where it does.

    `behind_id` is the agent who types for it, `place` the network address: they are for the
    journal. Twice: the first acceptance stands.

    Raises:
        Invalid: what it accepted is not what counts on that day.
    """
    answers = await store.dossiers.answers(dossier.id)
    rules = await house_rules_of(store, dossier, answers, paris_day(at))
    if rules is None:
        return
    said = answers.get(rules.section.code, {})
    if said.get("version", "") != rules.version:
        raise Invalid({rules.section.code: _NEWER})
    family, version = dossier.account_id, rules.version
    if version and await store.texts.accept(version, family, at, dossier_id=dossier.id):
        line = Line(
            at,
            What.TEXT_ACCEPTED,
            actor_id=family,
            behind_id=behind_id,
            dossier_id=dossier.id,
            subject=version,
            place=place,
        )
        await store.audit.add(line)
