"""Writing letters: one text per kind, from which both parts of the mail are made.

The words are those of `letter_words`. The HTML part is the same text in the town's frame, so that
the two can never say different things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from activities.letter_html import as_html
from activities.letter_words import LetterWords
from domain import french
from domain.deadlines import SilenceRule, ends
from domain.holds import HoldKind, open_ones
from domain.kinds.catalogue import RULES
from domain.kinds.words import KIND_WORDS
from domain.life import silent_decision
from domain.paper import has_mail, shown_address
from domain.reasons import COMPLEMENTS, REFUSALS
from domain.states import State
from domain.tokens import token_hash, token_of
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.records import new_id
from storage.store import Store

LINK_LIFE = timedelta(hours=1)
SECRET_MARK = "[lien-personnel]"  # noqa: S105
"""Stands in the kept text where the mailed letter has its secret link."""
ADDRESS_MARK = "[lien-adresse]"
"""The same, for the link by which a mailbox agrees to a change of address."""
FOR_AN_ADDRESS = "address"
"""The purpose of such a link, which lets nobody in."""


@dataclass(frozen=True)
class Sender:
    """Who writes: the portal's address on the web, and the town's mail address.

    `previous_secrets` are those of before, for letters that have waited since.
    """

    site_url: str
    mail_from: str
    secret: str
    previous_secrets: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The right side of Message-IDs."""
        return self.mail_from.rpartition("@")[2]


class LetterWriter:
    """Writes letters as rows, inside the transaction of what they announce."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._words = LetterWords()

    async def about(
        self, store: Store, dossier: Dossier, kind: str, *, at: datetime, **facts: object
    ) -> str:
        """Write a letter to the family about its dossier and give the letter's id.

        Whoever has no mail gets it on paper; nothing is printed about a draft that was never sent
        (""): whoever types at the desk finds it there.

        `facts` are what only the caller knows: `missing`, `until`, `n`… Each call writes one more
        letter of that kind: the caller's transaction is what makes it happen once.
        """
        account = await store.accounts.by_id(dossier.account_id)
        if account is None:
            raise LookupError(dossier.account_id)
        is_on_paper = not has_mail(account.email)
        if is_on_paper and dossier.submitted_at is None:
            return ""
        n = 1 + sum(one.kind == kind for one in await store.letters.of_dossier(dossier.id))
        context = {**await self._context(store, dossier, at), "on_paper": is_on_paper}
        subject, text = self._words.render(kind, {**context, **facts})
        return await store.letters.add(
            key=f"{dossier.id}:{kind}:{n}",
            kind=kind,
            n=n,
            to_address=shown_address(account.email),
            subject=subject,
            text=text,
            html=as_html(text, title=subject, town=context["town"].name, link=context["link"]),
            host=self.sender.host,
            at=at,
            dossier_id=dossier.id,
            account_id=account.id,
        )

    async def to_person(
        self, store: Store, account: Account, kind: str, *, path: str, at: datetime, **facts: object
    ) -> str:
        """Write a letter about somebody's own access, outside any dossier, and give its id.

        `path` is the page its one link leads to; `facts` are what only the caller knows. Each call
        writes one more: the caller's transaction is what makes it happen once.
        """
        return await self.to_address(
            store,
            account.email,
            kind,
            path=path,
            at=at,
            account_id=account.id,
            key="",
            account=account,
            **facts,
        )

    async def to_address(
        self,
        store: Store,
        email: str,
        kind: str,
        *,
        path: str,
        at: datetime,
        account_id: str | None = None,
        key: str = "",
        **facts: object,
    ) -> str:
        """As `to_person`, to an address of which nobody says whether it has an account.

        Without an address it is one to print. Twice with the same `key`: the first one's id.
        """
        link = f"{self.sender.site_url}{path}"
        return await self._write(
            store, email, kind, link, facts, key=key or new_id(), at=at, account_id=account_id
        )

    async def access_link(
        self,
        store: Store,
        email: str,
        *,
        known: bool,
        at: datetime,
        kind: str = "",
        purpose: str = "",
        **facts: object,
    ) -> str:
        """Write the letter that carries a link to come in, and give the letter's id.

        A link with another `purpose` lets nobody in. `kind` is a letter with other words than those
        of the one road, and `facts` what it says.
        The secret is derived from the link's id when the mail leaves: it is in no table.
        """
        link_id = new_id()
        token = token_of(self.sender.secret, link_id)
        mark = ADDRESS_MARK if purpose == FOR_AN_ADDRESS else SECRET_MARK
        await store.accounts.add_link(
            link_id, token_hash(token), email, at, at + LINK_LIFE, purpose=purpose
        )
        kind = kind or ("sign_in_link" if known else "first_link")
        facts = {"email": email, **facts}
        return await self._write(
            store, email, kind, mark, facts, key=link_id, at=at, link_id=link_id
        )

    async def _write(
        self,
        store: Store,
        email: str,
        kind: str,
        link: str,
        facts: Mapping[str, object],
        *,
        key: str,
        at: datetime,
        account_id: str | None = None,
        link_id: str | None = None,
    ) -> str:
        town = await store.town.card()
        subject, text = self._words.render(kind, {"town": town, "link": link, "at": at, **facts})
        return await store.letters.add(
            key=f"{key}:{kind}:1",
            kind=kind,
            n=1,
            to_address=email,
            subject=subject,
            text=text,
            html=as_html(text, title=subject, town=town.name, link=link),
            host=self.sender.host,
            at=at,
            account_id=account_id,
            link_id=link_id,
        )

    def with_secret(self, text: str, link_id: str | None, link_hash: str = "") -> str:
        """The text as it leaves: with its personal link, if it has one.

        `link_hash` is what is kept of the link's token: a letter that waited over a change of the
        town's secret leaves with the token that opens.
        """
        if link_id is None:
            return text
        secrets = (self.sender.secret, *self.sender.previous_secrets)
        tokens = [token_of(secret, link_id) for secret in secrets]
        token = next((one for one in tokens if token_hash(one) == link_hash), tokens[0])
        site = self.sender.site_url
        text = text.replace(ADDRESS_MARK, f"{site}/adresse/{token}")
        return text.replace(SECRET_MARK, f"{site}/activation/{token}")

    def foresee(self, kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text of a letter as it would leave; `context` is all that it says."""
        return self._words.render(kind, context)

    async def foresee_refusal(
        self,
        store: Store,
        dossier: Dossier,
        *,
        reason_code: str,
        words: str,
        by: str,
        at: datetime,
    ) -> tuple[str, str]:
        """Subject and text of a refusal as it would leave, for whoever has to confirm it."""
        refused = replace(
            dossier,
            state=State.REFUSED,
            reason_code=reason_code,
            reason_words=words,
            decided_by=by,
            decided_at=at,
        )
        owner = await store.accounts.by_id(dossier.account_id)
        is_on_paper = owner is not None and not has_mail(owner.email)
        context = {**await self._context(store, refused, at), "on_paper": is_on_paper}
        return self._words.render("refuse", context)

    async def _context(self, store: Store, dossier: Dossier, at: datetime) -> dict[str, Any]:
        life = await store.dossiers.life(dossier.id)
        requests = await store.requests.of(dossier.id)
        agent = await store.accounts.by_id(dossier.decided_by) if dossier.decided_by else None
        request = requests[-1] if requests else None
        asker = (
            await store.accounts.by_id(request.asked_by) if request and request.asked_by else None
        )
        unsigned = open_ones(life.holds, HoldKind.COSIGNATURE)
        words = KIND_WORDS[dossier.kind]
        titles = await _titles(store, dossier)
        return {
            "town": await store.town.card(),
            "department": await store.town.department(dossier.department),
            "procedure": await store.town.procedure(id=dossier.procedure_id),
            "dossier": dossier,
            "first_name": dossier.child_first_name or words.whom,
            "words": words,
            "of_child": french.of(dossier.child_first_name or words.whom),
            "link": f"{self.sender.site_url}/dossiers/{dossier.id}",
            "today": french.day(at),
            "request": request,
            "asker": asker,
            "agent": agent,
            "titles": titles,
            "items": _items(titles, request.items if request else []),
            "silence": silent_decision(life, dossier.terms),
            "unsigned_until": unsigned[0].until if unsigned else None,
            "silence_means_yes": dossier.terms.silence_rule is SilenceRule.ACCEPTANCE,
            "silence_counts": dossier.terms.silence_rule is not SilenceRule.NONE,
            "silence_delay": french.delay(dossier.terms.silence_delay),
            "refusal": REFUSALS.get(dossier.reason_code, ""),
            "draft_end": ends(dossier.last_saved_at, dossier.terms.draft_life),
        }


async def _titles(store: Store, dossier: Dossier) -> Mapping[str, str]:
    """The pieces' names, with the child's for what is one child's; but for a reserved one's.

    A mail may say that a care plan is asked for, and not for whom.
    """
    rules = RULES[dossier.kind]
    if not rules.starts_filled:
        return rules.titles({})
    plain, named = rules.titles({}), rules.titles(await store.dossiers.answers(dossier.id))
    return {code: plain[code] if rules.group_of_piece(code) else named[code] for code in named}


def _items(
    titles: Mapping[str, str], items: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, str]]:
    return [
        {
            "title": titles.get(item["piece"], item["piece"]),
            "reason": COMPLEMENTS.get(item["reason"], ""),
            "words": " ".join(item.get("words", "").split()),
        }
        for item in items
    ]
