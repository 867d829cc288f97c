"""The screens of this room; each screen's file has its own router, included here."""

from fastapi import APIRouter

from api.admins.activations import router as activations
from api.admins.agent import router as agent
from api.admins.agent_absences import router as agent_absences
from api.admins.agent_access import router as agent_access
from api.admins.agents import router as agents
from api.admins.campaign import router as campaign
from api.admins.campaign_acts import router as campaign_acts
from api.admins.campaigns import router as campaigns
from api.admins.erasures import router as erasures
from api.admins.family_lists import router as family_lists
from api.admins.incidents import router as incidents
from api.admins.journal import router as journal
from api.admins.letters import router as letters
from api.admins.lost_telephones import router as lost_telephones
from api.admins.procedures import router as procedures
from api.admins.resending import router as resending
from api.admins.retention import router as retention
from api.admins.supervision import router as supervision
from api.admins.systems import router as systems
from api.admins.texts import router as texts
from api.admins.town_forms import router as town_forms

router = APIRouter(prefix="/admin", include_in_schema=False)
router.include_router(supervision)
router.include_router(incidents)
router.include_router(letters)
router.include_router(journal)
router.include_router(resending)
router.include_router(systems)
router.include_router(retention)  # before what takes any id for a request
router.include_router(erasures)
for screen in (agents, lost_telephones, agent, agent_access, agent_absences):
    router.include_router(screen)
router.include_router(family_lists)
router.include_router(activations)
router.include_router(procedures)
for screen in (campaigns, campaign, campaign_acts):
    router.include_router(screen)
for screen in (texts, town_forms):
    router.include_router(screen)
