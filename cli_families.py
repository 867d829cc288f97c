"""`ribambelle import families.csv`: a town's list of families, looked at or taken."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from activities.family_import import FamilyImport
from api.csv_files import csv_text
from domain.audit import What
from domain.family_report import HEADS, ReportRow, count, report_row, sentences
from domain.family_sheet import MOST_BYTES, FileRefused, read_sheet
from settings import Settings
from storage.audit import Line
from storage.clock import now
from storage.store import connect, store_opener


def import_families(
    file: Annotated[Path, typer.Argument(help="Le fichier CSV, voir docs/import.md.")],
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Importe vraiment ; sans cela, rien n’est écrit.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Où écrire le compte rendu, en CSV.")] = None,
) -> None:
    """Importe une liste de familles, après un essai. Deux fois la même : rien de plus."""
    try:
        counts, rows = asyncio.run(_import(Settings(), file, apply=apply))
    except (FileRefused, OSError) as refused:
        print(refused)
        raise typer.Exit(1) from None
    if report is not None:
        report.write_bytes(csv_text(HEADS, rows).encode("utf-8-sig"))
    else:
        for number, verdict, words in rows:
            print(f"Ligne {number} : {verdict}. {words}".rstrip())
    print(f"{' ; '.join(sentences(counts, is_done=apply))}.")
    if not apply:
        print("C’était un essai : rien n’a été écrit. Ajoutez --apply pour importer.")


async def _import(
    settings: Settings, file: Path, *, apply: bool
) -> tuple[dict[str, int], list[ReportRow]]:
    """Look at the list, or take it: the counts, and the report but for what is just known."""
    with file.open("rb") as content:
        sheet = read_sheet(content.read(MOST_BYTES + 1))
    engine, counts = connect(settings.sql_url), dict[str, int]()
    writing, rows, done = store_opener(engine, settings.sealing_keys), list[ReportRow](), 0
    try:
        async for outcomes in FamilyImport(writing, apply=apply, at=now()).run(sheet):
            counts, done = count(outcomes, counts), done + len(outcomes)
            rows += [report_row(one, is_done=apply) for one in outcomes if one.words]
            typer.echo(f"\r{done} lignes", nl=False, err=True)
    finally:
        typer.echo("", err=True)
        if apply and counts:
            async with writing() as store:
                detail = {name: str(number) for name, number in counts.items()}
                await store.audit.add(Line(now(), What.FAMILIES_IMPORTED, detail=detail))
        await engine.dispose()
    return counts, rows
