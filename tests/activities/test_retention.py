"""Nights: everything is kept the day before its time is over, and gone on the day."""

from datetime import date, timedelta

import pytest

from domain.retention import WARNED_BEFORE, Category, runs_out
from tests.databases import on_both
from tests.office import Office
from tests.overdue import MAKES, Nights, comes_back, count

pytestmark = on_both

A_DAY = timedelta(days=1)
EVENT = date(2027, 8, 31)
FAR = date(2040, 1, 1)


@pytest.mark.parametrize("category", Category)
async def test_it_is_kept_the_day_before_and_gone_on_the_day(
    office: Office, category: Category
) -> None:
    if category not in (Category.KNOWN, Category.ACCOUNT):
        await comes_back(office, FAR)
    table, nights, last = (
        await MAKES[category](office, EVENT),
        Nights(office),
        runs_out(category, EVENT),
    )
    before = await count(office, table)
    for night in (last - WARNED_BEFORE, last - A_DAY):
        await nights.pass_one(night)
        assert await count(office, table) == before, night
    async with office.open_store() as store:
        assert (await store.retention.amounts(last))[category].today == 1
    await nights.pass_one(last)
    assert await count(office, table) == before - 1
    assert (await nights.erased(last))[category] == 1
    assert await nights.pass_one(last) is not None
    assert (await nights.erased(last))[category] == 1, "twice in a night: nothing more"
