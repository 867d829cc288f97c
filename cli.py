"""`ribambelle …`: what the town's own people run by hand, or a timer for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer

from activities.antivirus import antivirus_at
from activities.checker import PATIENCE, Checker
from activities.journal_watch import JournalWatch, purge_journal
from activities.letter_writer import LINK_LIFE, LetterWriter
from activities.reconciler import Reconciled, Reconciler
from activities.rescan import AT_LENGTH, Rescan
from api.access.granting import Grant, give_token
from api.access.links import mail_address
from api.gateway import Gateway
from cli_families import import_families
from cli_keys import check_keys, rotate_the_keys, show_new_key
from cli_retention import retention
from cli_town import procedures
from deploy.example_town import fill, set_up
from domain.audit import What
from domain.french import plural
from domain.scopes import BY_ROLE, LONGEST_LIFE, Scope
from domain.tokens import token_hash, token_of
from settings import Settings
from storage.audit import Line
from storage.clock import now
from storage.files import Files
from storage.keepers import files_at
from storage.migrate import migrate as migrate_database
from storage.records import new_id
from storage.store import OpenStore, connect, store_opener
from worker import sender

app = typer.Typer(help="Le portail famille, côté mairie.", no_args_is_help=True)
app.command("import")(import_families)
app.command("new-key")(show_new_key)
app.command("rotate-keys")(rotate_the_keys)
app.command()(retention)
app.command()(procedures)


@app.command()
def migrate() -> None:
    """Met la base de données à jour. Deux fois : rien de plus."""
    settings = Settings()
    asyncio.run(migrate_database(settings.sql_url, settings.sealing_keys))
    print("La base de données est à jour.")


@app.command("create-admin")
def create_admin(
    email: Annotated[
        str, typer.Option(prompt="Adresse mail", help="L’adresse mail de la personne.")
    ],
    name: Annotated[str, typer.Option(prompt="Prénom et nom", help="Ses prénom et nom.")],
) -> None:
    """Crée un accès d’administration et donne son lien. Aucun mail n’est envoyé."""
    address = mail_address(email)
    if not address:
        raise typer.BadParameter("Écrivez une adresse mail complète.")
    link = asyncio.run(_admin_link(Settings(), address, name.strip()))
    if not link:
        print(f"{address} a déjà un accès, qui n’est pas d’administration. Rien n’a été changé.")
        raise typer.Exit(1)
    print(f"Ce lien sert une fois, pendant une heure :\n{link}")


async def _admin_link(settings: Settings, email: str, name: str) -> str:
    """Make the account if need be, and give a link to come in; "" for somebody else's account."""
    engine = connect(settings.sql_url)
    at, link_id = now(), new_id()
    token = token_of(settings.secret.get_secret_value(), link_id)
    async with store_opener(engine, settings.sealing_keys)() as store:
        await store.accounts.take_turn(email)
        account = await store.accounts.by_email(email)
        is_free = account is None or account.role == "admin"
        if account is None:
            await store.accounts.add(email, "admin", at, name=name, title="Administration")
        if is_free:
            await store.accounts.add_link(link_id, token_hash(token), email, at, at + LINK_LIFE)
    await engine.dispose()
    return f"{settings.site_url}/activation/{token}" if is_free else ""


@app.command("reset-second-factor")
def reset_second_factor(
    email: Annotated[str, typer.Option(prompt="Adresse mail", help="Celle du compte.")],
) -> None:
    """Détache le téléphone d’un compte et ferme ses sessions. Pour le dernier administrateur."""
    if not asyncio.run(_forget_telephone(Settings(), mail_address(email))):
        print("Aucun compte de cette adresse n’a de téléphone relié. Rien n’a été changé.")
        raise typer.Exit(1)
    print("Le téléphone est détaché : un autre se relie à la prochaine visite.")


async def _forget_telephone(settings: Settings, email: str) -> bool:
    """Whether there was one. Nobody is signed in: the line of the journal names no actor."""
    engine, at = connect(settings.sql_url), now()
    async with store_opener(engine, settings.sealing_keys)() as store:
        account = await store.accounts.by_email(email)
        is_proven = account is not None and await store.second_factors.is_proven(account.id)
        if account is not None and is_proven:
            await store.second_factors.remove(account.id)
            await store.accounts.end_sessions_of(account.id)
            line = Line(at, What.SECOND_FACTOR_RESET, subject=account.id, place="ribambelle")
            await store.audit.add(line)
    await engine.dispose()
    return is_proven


tokens = typer.Typer(help="Les jetons des programmes.", no_args_is_help=True)
app.add_typer(tokens, name="token")


@tokens.command("create")
def create_token(
    email: Annotated[str, typer.Option(help="L’adresse mail du compte, parent ou agent.")],
    scope: Annotated[list[Scope], typer.Option(help="Une permission ; l’option se répète.")],
    name: Annotated[str, typer.Option(help="À quoi il servira.")] = "ligne de commande",
    days: Annotated[
        int, typer.Option(min=1, max=LONGEST_LIFE.days, help="Combien de jours il servira.")
    ] = 30,
) -> None:
    """Crée un jeton au nom d’un compte, et le montre une fois."""
    grant = Grant(name, tuple(scope), timedelta(days=days))
    secret = asyncio.run(_token(Settings(), mail_address(email), grant))
    if not secret:
        print("Aucun compte ouvert à cette adresse ne peut donner ces permissions.")
        raise typer.Exit(1)
    print(secret)


async def _token(settings: Settings, email: str, grant: Grant) -> str:
    """A token of this account; "" when there is none, or it may not give these scopes."""
    engine = connect(settings.sql_url)
    async with store_opener(engine, settings.sealing_keys)() as store:
        account = await store.accounts.by_email(email)
        may_give = account is not None and set(grant.scopes) <= set(BY_ROLE.get(account.role, ()))
        secret = ""
        if account is not None and may_give and account.disabled_at is None:
            secret = await give_token(
                store, account.id, grant, token_id=new_id(), by=None, at=now()
            )
    await engine.dispose()
    return secret


@app.command("set-up-example")
def set_up_example() -> None:
    """Prépare la ville d’exemple : services, écoles, agents… Deux fois : rien de plus."""
    settings = _local_settings()

    async def work() -> None:
        async with _opened(settings) as (writing, _):
            await set_up(writing)

    asyncio.run(work())


@app.command()
def seed() -> None:
    """Remplit la ville d’exemple de familles et de dossiers. Deux fois : rien de plus."""
    settings = _local_settings()

    async def work() -> bool:
        async with _opened(settings) as (writing, gateway):
            return await fill(writing, _files(settings), gateway, say=print)

    if not asyncio.run(work()):
        raise typer.Exit(1)


@app.command()
def reconcile() -> None:
    """Reprend ce qui est gardé et pas encore appliqué. Deux fois : rien de plus."""
    settings = Settings()

    async def work() -> Reconciled:
        async with _opened(settings) as (writing, gateway):
            files = _files(settings)
            rescan = Rescan(writing, files, antivirus_at(settings.clamd, seconds=AT_LENGTH))
            watch = JournalWatch(writing, LetterWriter(sender(settings)))
            return await Reconciler(writing, files, gateway, rescan, watch).run()

    done = asyncio.run(work())
    for count, one, many in (
        (done.started, "dossier relancé", "dossiers relancés"),
        (done.delivered, "action appliquée", "actions appliquées"),
        (done.waiting, "action attend encore", "actions attendent encore"),
        (done.letters, "courrier remis en route", "courriers remis en route"),
        (done.swept, "fichier inutile effacé", "fichiers inutiles effacés"),
        (done.scanned, "document analysé par l’antivirus", "documents analysés par l’antivirus"),
        (done.warned, "alerte envoyée", "alertes envoyées"),
        (done.purged, "ligne du journal effacée", "lignes du journal effacées"),
    ):
        if count:
            print(f"{plural(count, one, many)}.")
    if done == Reconciled():
        print("Tout est en ordre : rien à reprendre.")


@app.command()
def purge() -> None:
    """Efface du journal ce qui a plus d’un an. Deux fois : rien de plus."""

    async def work(settings: Settings) -> int:
        engine = connect(settings.sql_url)
        try:
            return await purge_journal(store_opener(engine), now())
        finally:
            await engine.dispose()

    count = asyncio.run(work(Settings()))
    if not count:
        print("Le journal n’a rien de plus d’un an : rien n’est effacé.")
    else:
        lines = plural(count, "ligne du journal effacée", "lignes du journal effacées")
        print(f"{lines} ; le journal le dit.")


@app.command()
def check(
    *,
    invariants: Annotated[
        bool, typer.Option("--invariants", help="Compare la base, les fichiers et le moteur.")
    ] = False,
    keys: Annotated[
        bool, typer.Option("--keys", help="Dit sous quelles clés les textes sont scellés.")
    ] = False,
    patience: Annotated[
        int, typer.Option(help="Secondes après lesquelles une attente sans cause est une anomalie.")
    ] = int(PATIENCE.total_seconds()),
) -> None:
    """Vérifie que rien n’est perdu, doublé ni bloqué. Ne change rien ; code 1 si une anomalie."""
    if not invariants and not keys:
        raise typer.BadParameter("Dites quoi vérifier : --invariants, --keys.")
    settings = Settings()
    if keys:
        check_keys(settings)
    if not invariants:
        return

    async def work() -> int:
        count = 0
        async with _opened(settings) as (writing, gateway):
            files = _files(settings)
            checker = Checker(writing, files, gateway, patience=timedelta(seconds=patience))
            async for breach in checker.run():
                count += 1
                where = f" dossier {breach.dossier_id}" if breach.dossier_id else ""
                what = f" ({breach.subject})" if breach.subject else ""
                print(f"{breach.invariant} {breach.sentence}{where}{what}")
        return count

    if count := asyncio.run(work()):
        print(f"{plural(count, 'anomalie', 'anomalies')}.")
        raise typer.Exit(1)
    print("Tout est en ordre : rien n’est perdu, doublé ni bloqué.")


def _local_settings() -> Settings:
    settings = Settings()
    if not settings.is_local:
        print("RIBAMBELLE_ENV=production : la ville d’exemple n’existe pas ici.")
        raise typer.Exit(1)
    return settings


def _files(settings: Settings) -> Files:
    return files_at(settings.files_folder, settings.bucket)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[OpenStore, Gateway]]:
    engine = connect(settings.sql_url)
    writing = store_opener(engine, settings.sealing_keys)
    gateway = await Gateway.connect(settings.engine_address, settings.temporal_namespace, writing)
    yield writing, gateway
    await engine.dispose()


if __name__ == "__main__":
    app()
