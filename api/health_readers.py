"""Who of the staff reads a child's health, and the line that each reading leaves."""

from fastapi import Request

from api.audit import line_of
from api.house import house_of
from domain.audit import What
from domain.rights import FieldGroup, groups_open
from storage.accounts import Account
from storage.audit import Line
from storage.family_record import FollowedChild


def reads_health(agent: Account, child: FollowedChild) -> bool:
    """Whether some duty of this agent opens health for the department of this child's dossier.

    For a child that no dossier named yet, a duty for all departments.
    """
    return opens_health(agent, child.department)


def opens_health(agent: Account, department: str) -> bool:
    """Whether some duty of this agent opens health in this department."""
    return FieldGroup.HEALTH in groups_open(agent.duties, department)


async def note_reading(request: Request, child: FollowedChild) -> None:
    """Write down that staff reads this child's record, before it is shown. Twice: two readings.

    What cannot be written down is not shown: the database's error goes on.
    """
    async with house_of(request).writing() as store:
        await store.audit.add(line_about(request, What.HEALTH_READ, child))


def line_about(request: Request, what: What, child: FollowedChild) -> Line:
    """The line of what this request does with a child's record."""
    return line_of(request, what, dossier_id=child.dossier_id or "", subject=child.id)
