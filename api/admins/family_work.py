"""Working through a list of families beside the pages: looking, then taking."""

import logging

from activities.family_import import FamilyImport
from api.house import House
from domain.audit import What
from domain.family_report import ReportRow, count, report_row
from domain.family_sheet import FileRefused, read_sheet
from storage.audit import Line
from storage.family_files import APPLIED, CHECKED, FAILED, FamilyFile

_log = logging.getLogger("ribambelle.site")


async def work_through(house: House, file: FamilyFile, *, apply: bool) -> None:
    """Go through the whole list, noting how far it has come. Twice: nothing is made twice."""
    rows, counts = list[ReportRow](), dict[str, int]()
    async with house.reading() as store:
        content = await store.family_files.content(file.id)
    stage = APPLIED if apply else CHECKED
    opener = house.writing if apply else house.reading
    try:
        run = FamilyImport(opener, apply=apply, at=house.clock()).run(read_sheet(content))
        async for outcomes in run:
            counts = count(outcomes, counts)
            rows += [report_row(one, is_done=apply) for one in outcomes]
            async with house.writing() as store:
                await store.family_files.note(file.id, len(rows), counts, house.clock())
    except FileRefused as refused:
        _log.warning("list of families refused", extra={"facts": {"line": refused.line}})
        stage = FAILED
    async with house.writing() as store:
        await store.family_files.settle(file.id, stage, rows, house.clock())
        if apply:
            detail = {name: str(number) for name, number in counts.items()}
            await store.audit.add(
                Line(house.clock(), What.FAMILIES_IMPORTED, file.given_by, detail=detail)
            )
