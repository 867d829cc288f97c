"""The unit of work: one transaction, committed once when the block ends well.

    async with open_store() as store:
        await store.dossiers.find(dossier_id)

Nothing commits by itself; an exception rolls everything back. How each database is spoken to, and
what it throws when it does not answer, is in `storage.databases`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.absences import Absences
from storage.accounts import Accounts
from storage.activations import Activations
from storage.acts import Acts
from storage.address_changes import AddressChanges
from storage.attachments import Attachments
from storage.attempts import Attempts
from storage.audit import Audit
from storage.breaches import Breaches
from storage.browsers import Browsers
from storage.campaign_families import CampaignFamilies
from storage.campaigns import Campaigns
from storage.changes import Changes
from storage.confirmations import Confirmations
from storage.consents import Consents
from storage.court_rulings import CourtRulings
from storage.custody import Custody
from storage.databases import DATABASE_ERRORS, connect, prepare_reading
from storage.departures import Departures
from storage.documents import Documents
from storage.dossiers import Dossiers
from storage.doubles import Doubles
from storage.duties import Duties
from storage.erasure_nights import ErasureNights
from storage.erasures import Erasures
from storage.events import Events
from storage.family_changes import FamilyChanges
from storage.family_files import FamilyFiles
from storage.family_lists import FamilyLists
from storage.family_record import FamilyRecords
from storage.guardian_accesses import GuardianAccesses
from storage.health_records import HealthRecords
from storage.holds import Holds
from storage.households import Households
from storage.identities import Identities
from storage.image_lists import ImageLists
from storage.journal import Journal
from storage.kept_forms import KeptForms
from storage.kin import KnownKin
from storage.legal_holds import LegalHolds
from storage.letters import Letters
from storage.listings import Listings
from storage.merges import Merges
from storage.overdue import Overdue
from storage.paper_letters import PaperLetters
from storage.people import People
from storage.personal_data import PersonalData
from storage.procedure_rules import ProcedureRules
from storage.queues import Queues
from storage.quotients import Quotients
from storage.requests import Requests
from storage.resealing import Resealing
from storage.retention import Retention
from storage.sealed import Keys
from storage.second_factors import SecondFactors
from storage.sessions import Sessions
from storage.staff import Staff
from storage.supervision import Supervision
from storage.texts import Texts
from storage.tokens import Tokens
from storage.town import Town
from storage.town_forms import TownForms
from storage.visits import Visits
from storage.wallet import Wallet

__all__ = ["DATABASE_ERRORS", "OpenStore", "Store", "connect", "store_opener"]


class Store:
    """The named questions and writes of one transaction, by noun."""

    def __init__(self, connection: AsyncConnection, keys: Keys | None = None) -> None:
        self.connection = connection
        self.keys = keys or Keys()

    async def release(self) -> None:
        """Give the connection back before the block ends, for what lasts long without it.

        Nothing more can be asked of this store. What was written and not committed is lost.
        """
        await self.connection.close()

    @cached_property
    def town(self) -> Town:
        """Departments, facilities, procedures."""
        return Town(self.connection)

    @cached_property
    def procedure_rules(self) -> ProcedureRules:
        """Which terms a procedure has on which day."""
        return ProcedureRules(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts and access links."""
        return Accounts(self.connection)

    @cached_property
    def address_changes(self) -> AddressChanges:
        """Changes of a mail address that wait for both mailboxes."""
        return AddressChanges(self.connection)

    @cached_property
    def sessions(self) -> Sessions:
        """Browsers in which somebody came in."""
        return Sessions(self.connection)

    @cached_property
    def kept_forms(self) -> KeptForms:
        """What was sent after a session had ended."""
        return KeptForms(self.connection, self.keys)

    @cached_property
    def duties(self) -> Duties:
        """Who does what for the town now."""
        return Duties(self.connection)

    @cached_property
    def attempts(self) -> Attempts:
        """What somebody may not do too often."""
        return Attempts(self.connection)

    @cached_property
    def browsers(self) -> Browsers:
        """Browsers in which somebody has come in before."""
        return Browsers(self.connection)

    @cached_property
    def identities(self) -> Identities:
        """Identities that FranceConnect vouches for."""
        return Identities(self.connection, self.keys)

    @cached_property
    def resealing(self) -> Resealing:
        """All that is sealed, for a change of keys."""
        return Resealing(self.connection, self.keys)

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens by which programs come in."""
        return Tokens(self.connection)

    @cached_property
    def staff(self) -> Staff:
        """Agents and admins."""
        return Staff(self.connection)

    @cached_property
    def absences(self) -> Absences:
        """Who is away, and who stands in."""
        return Absences(self.connection)

    @cached_property
    def second_factors(self) -> SecondFactors:
        """What telephones know, sealed, and recovery codes."""
        return SecondFactors(self.connection, self.keys)

    @cached_property
    def dossiers(self) -> Dossiers:
        """Dossiers and their answers."""
        return Dossiers(self.connection, self.keys)

    @cached_property
    def confirmations(self) -> Confirmations:
        """Pages that families looked at, in dossiers that start filled in."""
        return Confirmations(self.connection)

    @cached_property
    def holds(self) -> Holds:
        """What holds decisions."""
        return Holds(self.connection)

    @cached_property
    def requests(self) -> Requests:
        """What families were asked to complete."""
        return Requests(self.connection)

    @cached_property
    def documents(self) -> Documents:
        """Documents and the agents' marks on pieces."""
        return Documents(self.connection)

    @cached_property
    def acts(self) -> Acts:
        """What people did, delivered or not."""
        return Acts(self.connection)

    @cached_property
    def events(self) -> Events:
        """The timeline of each dossier, append-only."""
        return Events(self.connection)

    @cached_property
    def audit(self) -> Audit:
        """Who did what, append-only."""
        return Audit(self.connection)

    @cached_property
    def journal(self) -> Journal:
        """Reading who did what."""
        return Journal(self.connection)

    @cached_property
    def households(self) -> Households:
        """Families, guardians, children, contacts."""
        return Households(self.connection)

    @cached_property
    def family_record(self) -> FamilyRecords:
        """What the town knows of a family today."""
        return FamilyRecords(self.connection)

    @cached_property
    def health_records(self) -> HealthRecords:
        """What families told of their children's health, sealed."""
        return HealthRecords(self.connection, self.keys)

    @cached_property
    def family_changes(self) -> FamilyChanges:
        """Writing what changed in it."""
        return FamilyChanges(self.connection)

    @cached_property
    def changes(self) -> Changes:
        """What families asked to change in it."""
        return Changes(self.connection)

    @cached_property
    def custody(self) -> Custody:
        """With whom children live, sealed."""
        return Custody(self.connection, self.keys)

    @cached_property
    def court_rulings(self) -> CourtRulings:
        """What courts decided about children, sealed."""
        return CourtRulings(self.connection, self.keys)

    @cached_property
    def activations(self) -> Activations:
        """Letters to those who are known and have never come in."""
        return Activations(self.connection)

    @cached_property
    def family_files(self) -> FamilyFiles:
        """Lists of families that an admin gave."""
        return FamilyFiles(self.connection, self.keys)

    @cached_property
    def family_lists(self) -> FamilyLists:
        """What lists of families name."""
        return FamilyLists(self.connection)

    @cached_property
    def campaigns(self) -> Campaigns:
        """Families invited to bring their file up to date."""
        return Campaigns(self.connection)

    @cached_property
    def campaign_families(self) -> CampaignFamilies:
        """Whom campaigns write to, and how far they have come."""
        return CampaignFamilies(self.connection)

    @cached_property
    def doubles(self) -> Doubles:
        """Accounts that may be one family's."""
        return Doubles(self.connection)

    @cached_property
    def kin(self) -> KnownKin:
        """Who belongs to an account, wherever it is written."""
        return KnownKin(self.connection)

    @cached_property
    def merges(self) -> Merges:
        """Making one account of two."""
        return Merges(self.connection)

    @cached_property
    def guardian_accesses(self) -> GuardianAccesses:
        """Who else sees the child of a dossier."""
        return GuardianAccesses(self.connection)

    @cached_property
    def personal_data(self) -> PersonalData:
        """What the portal keeps of one person."""
        return PersonalData(self.connection)

    @cached_property
    def erasures(self) -> Erasures:
        """Requests to have one's data erased."""
        return Erasures(self.connection)

    @cached_property
    def retention(self) -> Retention:
        """What leaves because its time is over."""
        return Retention(self.connection)

    @cached_property
    def overdue(self) -> Overdue:
        """Erasing what is overdue."""
        return Overdue(self.connection)

    @cached_property
    def erasure_nights(self) -> ErasureNights:
        """What each night erased."""
        return ErasureNights(self.connection)

    @cached_property
    def legal_holds(self) -> LegalHolds:
        """Dossiers whose erasing is suspended."""
        return LegalHolds(self.connection)

    @cached_property
    def departures(self) -> Departures:
        """Children who left."""
        return Departures(self.connection)

    @cached_property
    def letters(self) -> Letters:
        """Every mail the portal sends."""
        return Letters(self.connection)

    @cached_property
    def paper_letters(self) -> PaperLetters:
        """Letters to print."""
        return PaperLetters(self.connection)

    @cached_property
    def people(self) -> People:
        """The families that the town knows, found by their names."""
        return People(self.connection)

    @cached_property
    def queues(self) -> Queues:
        """The lists that agents work through."""
        return Queues(self.connection)

    @cached_property
    def listings(self) -> Listings:
        """The lists that programs read."""
        return Listings(self.connection)

    @cached_property
    def supervision(self) -> Supervision:
        """What is stuck, and what admins did about it."""
        return Supervision(self.connection)

    @cached_property
    def visits(self) -> Visits:
        """Agents on the pages of families."""
        return Visits(self.connection)

    @cached_property
    def consents(self) -> Consents:
        """What guardians say of images of their children."""
        return Consents(self.connection)

    @cached_property
    def image_lists(self) -> ImageLists:
        """The children of a school, and what is allowed of images of each."""
        return ImageLists(self.connection)

    @cached_property
    def texts(self) -> Texts:
        """The town's texts, and who accepted them."""
        return Texts(self.connection)

    @cached_property
    def town_forms(self) -> TownForms:
        """The town's forms in PDF."""
        return TownForms(self.connection)

    @cached_property
    def attachments(self) -> Attachments:
        """Addresses given to people who had none."""
        return Attachments(self.connection)

    @cached_property
    def quotients(self) -> Quotients:
        """What families say of their income."""
        return Quotients(self.connection)

    @cached_property
    def wallet(self) -> Wallet:
        """Documents that serve more than once."""
        return Wallet(self.connection)

    @cached_property
    def breaches(self) -> Breaches:
        """What should never be found."""
        return Breaches(self.connection)


OpenStore = Callable[[], AbstractAsyncContextManager[Store]]


def store_opener(
    engine: AsyncEngine, keys: Keys | None = None, *, reading: bool = False
) -> OpenStore:
    """What opens a unit of work on this engine; `reading` for one that writes nothing.

    Without `keys`, what is sealed neither opens nor can be written (`CannotUnsealError`).

    Whoever reads sees one moment of the town from the first question to the last, and waits for
    nobody who writes.
    """

    @asynccontextmanager
    async def open_store() -> AsyncIterator[Store]:
        async with engine.connect() as connection:
            if reading:
                await prepare_reading(connection)
            async with connection.begin():
                yield Store(connection, keys)

    return open_store
