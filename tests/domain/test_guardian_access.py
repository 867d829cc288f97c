"""Where the other guardian's access stands, at each moment and on each day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.guardian_access import REASONS, WITH_RULING, GuardianAccess, Stage, is_held_by_staff

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
INVITED = GuardianAccess(
    id="a" * 32,
    dossier_id="d" * 32,
    email="luc@exemple.fr",
    invited_by="c" * 32,
    invited_at=AT,
    expires_at=AT + timedelta(days=30),
)
IN = replace(INVITED, account_id="b" * 32, accepted_at=AT)


@pytest.mark.parametrize(
    ("access", "days", "stage"),
    [
        (INVITED, 0, Stage.INVITED),
        (INVITED, 29, Stage.INVITED),
        (INVITED, 30, Stage.EXPIRED),
        (replace(INVITED, taken_back_at=AT), 0, Stage.TAKEN_BACK),
        (replace(INVITED, declined_at=AT), 0, Stage.DECLINED),
        (IN, 400, Stage.OPEN),
        (replace(IN, ends_on=TODAY), 0, Stage.ENDED),
        (replace(IN, ends_on=TODAY + timedelta(days=1)), 0, Stage.OPEN),
        (replace(IN, ends_on=TODAY + timedelta(days=1)), 1, Stage.ENDED),
        (replace(INVITED, ends_on=TODAY), 0, Stage.ENDED),
    ],
)
def test_an_access_stands_where_its_dates_say(
    access: GuardianAccess, days: int, stage: Stage
) -> None:
    later = timedelta(days=days)
    assert access.stage(AT + later, TODAY + later) is stage


def test_staff_alone_lets_anybody_in_from_the_day_a_ruling_is_noted() -> None:
    later = replace(IN, ends_on=TODAY + timedelta(days=90))
    assert not is_held_by_staff([INVITED, IN])
    assert not is_held_by_staff([replace(later, reason_code="mistake")])
    for reason in WITH_RULING:
        assert is_held_by_staff([INVITED, replace(later, reason_code=reason)])


def test_every_reason_that_rests_on_a_ruling_is_a_reason() -> None:
    assert set(REASONS) > WITH_RULING
