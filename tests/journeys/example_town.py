"""Finding one's way in the example town: the addresses of what its families and agents see."""

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import Browser

from deploy.example.families import CLAIRE
from storage.clock import now
from tests.journeys.family_lists import given
from tests.journeys.person import Person, mail_about
from tests.journeys.stories import PASSWORD
from tests.town import RunningTown

_SLOT = re.compile(r"<(\w+(?: [\w.-]+)*)>")
_STORY = "(select dossier_id from acts where id = 'exemple-' || ? || '-open')"
_QUESTIONS = {
    "dossier": f"select id from dossiers where id = {_STORY}",
    "child": f"select id from children where dossier_id = {_STORY}",
    "known": "select id from children where first_name = ? and dossier_id is null",
    "document": (
        f"select id from documents where dossier_id = {_STORY} and piece = ? and removed_at is null"
    ),
    "letter": f"select id from letters where dossier_id = {_STORY} and kind = ?",
    "family": f"select account_id from dossiers where id = {_STORY}",
    "text": "select id from texts where code = ? and version = 1",
    "sent": "select id from letters where status = ? and dossier_id is not null",
    "personal": "select id from letters where link_id is not null",
    "invitation": "select id from guardian_accesses where accepted_at is null",
    "erasure": "select id from erasure_requests where done_at is null",
    "campaign": "select id from campaigns where state = ?",
    "agent": "select id from accounts where email = ? || '@valbourg.example'",
    "incident": "select id from incidents where cleared_at is null and step = 'inspect'",
}


class Addresses:
    """Fills in an address such as `/dossiers/<dossier lena>/lettres/<letter lena approve>`.

    `<dossier STORY>`, `<document STORY PIECE>`, `<letter STORY KIND>` name what a story of
    `deploy/example/stories.py` left, `<child STORY>` the child that its approval made, `<known
    NAME>` a child known before any, `<family STORY>` the family it is about; `<text CODE>` the
    first version of a text, `<sent STATUS>` a letter by what the mail server said, `<campaign
    STATE>` a campaign, `<agent NAME>` one of the town's people by what their address begins with,
    `<incident>` the step that is stuck, `<mail>` a caught mail; `<link …>` a personal link, for
    somebody `new` or `known`, or one that is `used` or `expired`; `<personal>` a letter with one;
    `<list STAGE>` a list of families; `<invitation>` one to follow a child, `<erasure>` a request
    to erase somebody's data.
    """

    def __init__(self, town: RunningTown, browser: Browser) -> None:
        self.home = town.home
        self._town = town
        self._browser = browser
        self._links: dict[str, str] = {}
        self._lists: dict[str, str] = {}

    def filled_in(self, address: str) -> str:
        """The address as a browser takes it.

        Raises:
            LookupError: the example town has no such thing.
        """
        return _SLOT.sub(lambda slot: self._found(*slot[1].split()), address)

    def _found(self, what: str, *words: str) -> str:
        if what == "link":
            return self._link(*words)
        if what == "list":
            [stage] = words
            if stage not in self._lists:
                self._lists[stage] = given(self.home, stage)
            return self._lists[stage]
        if what == "mail":
            return max(path.stem for path in (self.home / "mails").glob("*.eml"))
        return self.one(_QUESTIONS[what], *words)

    def everybody_confirmed(self, at: str = "") -> None:
        """Have everybody who is signed in show now, or at `at`, who they are."""
        moment = at or f"{now():%Y-%m-%d %H:%M:%S.%f}"
        with closing(sqlite3.connect(self.home / "ribambelle.db")) as database, database:
            database.execute("update sessions set confirmed_at = ?", (moment,))

    def one(self, query: str, *values: str) -> str:
        """The first thing that a question to the database of the town finds."""
        with closing(sqlite3.connect(self.home / "ribambelle.db")) as database:
            found = database.execute(query, values).fetchone()
        if found is None:
            raise LookupError(f"{query} {values}")
        return str(found[0])

    def _link(self, whose: str) -> str:
        """The token of a link, asked for once."""
        if whose not in self._links:
            address = CLAIRE.email if whose == "known" else f"lien-{whose}@exemple.fr"
            self._links[whose] = self._asked_for(address, whose)
        return self._links[whose]

    def _asked_for(self, address: str, whose: str) -> str:
        words = "Votre lien pour " + ("vous connecter" if whose == "known" else "commencer")
        person = Person.with_browser(self._browser, self._town.base_url)
        person.goes_to("/connexion")
        person.types("Adresse mail", address)
        person.presses("Continuer")
        link = mail_about(self._town.base_url, address, words)["links"][0]
        if whose == "used":
            person.goes_to(link)
            person.types("Mot de passe", PASSWORD)
            person.presses("Créer mon accès")
            person.sees("Inscrire mon enfant")
        person.closes()
        if whose == "expired":
            with closing(sqlite3.connect(self.home / "ribambelle.db")) as database, database:
                database.execute(
                    "update access_links set expires_at = created_at where email = ?", (address,)
                )
        return str(link.rpartition("/")[2])
