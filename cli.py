"""`ribambelle …`: what the town's own people run by hand, or a timer for them."""

import asyncio
from typing import Annotated

import typer

from activities.letter_writer import LINK_LIFE
from api.access.links import mail_address
from domain.tokens import token_hash, token_of
from settings import Settings
from storage.clock import now
from storage.migrate import migrate as migrate_database
from storage.records import new_id
from storage.store import connect, store_opener

app = typer.Typer(help="Le portail famille, côté mairie.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Met la base de données à jour. Deux fois : rien de plus."""
    asyncio.run(migrate_database(Settings().sql_url))
    print("La base de données est à jour.")


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(prompt="Adresse mail")],
    name: Annotated[str, typer.Option(prompt="Prénom et nom")],
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
    async with store_opener(engine)() as store:
        account = await store.accounts.by_email(email)
        is_free = account is None or account.role == "admin"
        if account is None:
            await store.accounts.add(email, "admin", at, name=name, title="Administration")
        if is_free:
            await store.accounts.add_link(link_id, token_hash(token), email, at, at + LINK_LIFE)
    await engine.dispose()
    return f"{settings.site_url}/activation/{token}" if is_free else ""


if __name__ == "__main__":
    app()
