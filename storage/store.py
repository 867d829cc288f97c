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
from storage.shared_dossiers import SharedDossiers
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

    town = cached_property(lambda self: Town(self.connection))
    """Departments, facilities, procedures."""
    procedure_rules = cached_property(lambda self: ProcedureRules(self.connection))
    """Which terms a procedure has on which day."""
    accounts = cached_property(lambda self: Accounts(self.connection))
    """Accounts and access links."""
    address_changes = cached_property(lambda self: AddressChanges(self.connection))
    """Changes of a mail address that wait for both mailboxes."""
    sessions = cached_property(lambda self: Sessions(self.connection))
    """Browsers in which somebody came in."""
    kept_forms = cached_property(lambda self: KeptForms(self.connection, self.keys))
    """What was sent after a session had ended."""
    duties = cached_property(lambda self: Duties(self.connection))
    """Who does what for the town now."""
    attempts = cached_property(lambda self: Attempts(self.connection))
    """What somebody may not do too often."""
    browsers = cached_property(lambda self: Browsers(self.connection))
    """Browsers in which somebody has come in before."""
    identities = cached_property(lambda self: Identities(self.connection, self.keys))
    """Identities that FranceConnect vouches for."""
    resealing = cached_property(lambda self: Resealing(self.connection, self.keys))
    """All that is sealed, for a change of keys."""
    tokens = cached_property(lambda self: Tokens(self.connection))
    """The tokens by which programs come in."""
    staff = cached_property(lambda self: Staff(self.connection))
    """Agents and admins."""
    absences = cached_property(lambda self: Absences(self.connection))
    """Who is away, and who stands in."""
    second_factors = cached_property(lambda self: SecondFactors(self.connection, self.keys))
    """What telephones know, sealed, and recovery codes."""
    dossiers = cached_property(lambda self: Dossiers(self.connection, self.keys))
    """Dossiers and their answers."""
    confirmations = cached_property(lambda self: Confirmations(self.connection))
    """Pages that families looked at, in dossiers that start filled in."""
    holds = cached_property(lambda self: Holds(self.connection))
    """What holds decisions."""
    requests = cached_property(lambda self: Requests(self.connection))
    """What families were asked to complete."""
    documents = cached_property(lambda self: Documents(self.connection))
    """Documents and the agents' marks on pieces."""
    acts = cached_property(lambda self: Acts(self.connection))
    """What people did, delivered or not."""
    events = cached_property(lambda self: Events(self.connection))
    """The timeline of each dossier, append-only."""
    audit = cached_property(lambda self: Audit(self.connection))
    """Who did what, append-only."""
    journal = cached_property(lambda self: Journal(self.connection))
    """Reading who did what."""
    households = cached_property(lambda self: Households(self.connection))
    """Families, guardians, children, contacts."""
    family_record = cached_property(lambda self: FamilyRecords(self.connection))
    """What the town knows of a family today."""
    health_records = cached_property(lambda self: HealthRecords(self.connection, self.keys))
    """What families told of their children's health, sealed."""
    family_changes = cached_property(lambda self: FamilyChanges(self.connection))
    """Writing what changed in it."""
    changes = cached_property(lambda self: Changes(self.connection))
    """What families asked to change in it."""
    custody = cached_property(lambda self: Custody(self.connection, self.keys))
    """With whom children live, sealed."""
    court_rulings = cached_property(lambda self: CourtRulings(self.connection, self.keys))
    """What courts decided about children, sealed."""
    activations = cached_property(lambda self: Activations(self.connection))
    """Letters to those who are known and have never come in."""
    family_files = cached_property(lambda self: FamilyFiles(self.connection, self.keys))
    """Lists of families that an admin gave."""
    family_lists = cached_property(lambda self: FamilyLists(self.connection))
    """What lists of families name."""
    campaigns = cached_property(lambda self: Campaigns(self.connection))
    """Families invited to bring their file up to date."""
    campaign_families = cached_property(lambda self: CampaignFamilies(self.connection))
    """Whom campaigns write to, and how far they have come."""
    doubles = cached_property(lambda self: Doubles(self.connection))
    """Accounts that may be one family's."""
    kin = cached_property(lambda self: KnownKin(self.connection))
    """Who belongs to an account, wherever it is written."""
    merges = cached_property(lambda self: Merges(self.connection))
    """Making one account of two."""
    guardian_accesses = cached_property(lambda self: GuardianAccesses(self.connection))
    """Who else sees the child of a dossier."""
    shared_dossiers = cached_property(lambda self: SharedDossiers(self.connection))
    """Which dossiers other guardians are told of, beside registrations."""
    personal_data = cached_property(lambda self: PersonalData(self.connection))
    """What the portal keeps of one person."""
    erasures = cached_property(lambda self: Erasures(self.connection))
    """Requests to have one's data erased."""
    retention = cached_property(lambda self: Retention(self.connection))
    """What leaves because its time is over."""
    overdue = cached_property(lambda self: Overdue(self.connection))
    """Erasing what is overdue."""
    erasure_nights = cached_property(lambda self: ErasureNights(self.connection))
    """What each night erased."""
    legal_holds = cached_property(lambda self: LegalHolds(self.connection))
    """Dossiers whose erasing is suspended."""
    departures = cached_property(lambda self: Departures(self.connection))
    """Children who left."""
    letters = cached_property(lambda self: Letters(self.connection))
    """Every mail the portal sends."""
    paper_letters = cached_property(lambda self: PaperLetters(self.connection))
    """Letters to print."""
    people = cached_property(lambda self: People(self.connection))
    """The families that the town knows, found by their names."""
    queues = cached_property(lambda self: Queues(self.connection))
    """The lists that agents work through."""
    listings = cached_property(lambda self: Listings(self.connection))
    """The lists that programs read."""
    supervision = cached_property(lambda self: Supervision(self.connection))
    """What is stuck, and what admins did about it."""
    visits = cached_property(lambda self: Visits(self.connection))
    """Agents on the pages of families."""
    consents = cached_property(lambda self: Consents(self.connection))
    """What guardians say of images of their children."""
    image_lists = cached_property(lambda self: ImageLists(self.connection))
    """The children of a school, and what is allowed of images of each."""
    texts = cached_property(lambda self: Texts(self.connection))
    """The town's texts, and who accepted them."""
    town_forms = cached_property(lambda self: TownForms(self.connection))
    """The town's forms in PDF."""
    attachments = cached_property(lambda self: Attachments(self.connection))
    """Addresses given to people who had none."""
    quotients = cached_property(lambda self: Quotients(self.connection))
    """What families say of their income."""
    wallet = cached_property(lambda self: Wallet(self.connection))
    """Documents that serve more than once."""
    breaches = cached_property(lambda self: Breaches(self.connection))
    """What should never be found."""


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
