"""The people of the example town in front of one browser, each on a page of their own."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Response

from deploy.example.valbourg import ADMIN
from tests.journeys.example import (
    NEW_TOWN,
    NEWCOMER,
    NOBODY,
    SETTLED,
    WITH_TELEPHONE,
    WITHOUT_TELEPHONE,
    Example,
)
from tests.journeys.example_town import Addresses
from tests.journeys.look import HEIGHT, Watch
from tests.journeys.person import Person
from tests.journeys.stories import comes_in_for_the_first_time, signs_in
from tests.journeys.telephones import (
    LONG_PASSWORD,
    comes_in_as_the_first_admin,
    links_a_telephone,
)
from tests.town import RunningTown


@dataclass
class Reader:
    """Somebody’s page, and what was heard while it was looked at."""

    page: Page
    watch: Watch
    origin: str


class Readers:
    """Signs everybody in once, and brings a page into the state of an example.

    `town` is the example town; `new_town` has no dossier yet.
    """

    def __init__(self, browser: Browser, town: RunningTown, new_town: RunningTown) -> None:
        self.addresses = Addresses(town, browser)
        self._browser = browser
        self._town = town
        self._new_town = new_town
        self._readers: dict[str, Reader] = {}

    def show(self, example: Example) -> tuple[Reader, int]:
        """The page of this example, at 390 px, and the status it was answered with."""
        reader = self.reader(example.who)
        reader.page.set_viewport_size({"width": 390, "height": HEIGHT})
        answers: list[Response] = []

        def note(response: Response) -> None:
            if response.request.is_navigation_request():
                answers.append(response)

        reader.page.on("response", note)
        reader.page.goto(reader.origin + self.addresses.filled_in(example.path))
        if example.after is not None:
            self.addresses.everybody_confirmed()
            example.after(reader.page, self.addresses)
        reader.page.remove_listener("response", note)
        return reader, answers[-1].status

    def reader(self, who: str) -> Reader:
        """This person’s page; signed in when it is asked for the first time."""
        if who not in self._readers:
            self._readers[who] = self._come_in(who)
        return self._readers[who]

    def closes(self) -> None:
        """Close every browser page."""
        for reader in self._readers.values():
            reader.page.context.close()

    def _come_in(self, who: str) -> Reader:
        town = self._new_town if who == NEW_TOWN else self._town
        person = Person.with_browser(self._browser, town.base_url)
        if who == NEWCOMER:
            comes_in_for_the_first_time(person, who)
        elif who in {WITHOUT_TELEPHONE, WITH_TELEPHONE, SETTLED}:
            _comes_with_a_telephone(person, town, who)
        elif who != NOBODY:
            signs_in(person, ADMIN.email if who == NEW_TOWN else who)
        return Reader(person.page, Watch(person.page, town.base_url), town.base_url)


def _comes_with_a_telephone(person: Person, town: RunningTown, who: str) -> None:
    """As far as this admin ever comes: without one, with one at hand, or let in by it."""
    comes_in_as_the_first_admin(person, town, who)
    if who == WITHOUT_TELEPHONE:
        return
    links_a_telephone(person)
    person.presses("C’est noté, entrer sur le portail")
    if who == WITH_TELEPHONE:
        person.presses("Se déconnecter")
        signs_in(person, who, LONG_PASSWORD)
