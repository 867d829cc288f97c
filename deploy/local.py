"""The one-command town: `python -m deploy.local`, called by `make run`.

Looks before it starts: the settings make sense, nobody else uses the data folder, the ports are
free. Whatever is wrong gets one French sentence that names what to change, and exit code 1.
"""

import argparse
import asyncio
import contextlib
import sys
import time

from pydantic import ValidationError

from deploy.engine import PROGRAM
from deploy.home import Home, HomeIsTakenError
from deploy.probes import is_free, next_free_port
from deploy.town import DidNotStartError, Town
from settings import Settings
from storage.databases import why_away, without_password

_DATABASE_WITHIN, _DATABASE_EVERY = 15.0, 3.0


class CannotStartError(Exception):
    """The town must not start as it is set; the message says why, in French."""


def say(line: str) -> None:
    """Print at once; a screen that is gone must not end the town."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


def main() -> int:
    """Run the town until it is asked to end. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument(
        "--without-examples",
        action="store_true",
        help="do not make the families of the example town",
    )
    with_examples = not parser.parse_args().without_examples
    try:
        settings = _settings()
        home = Home(settings.home)
        with home.taken():
            _check_ports(settings)
            asyncio.run(_check_database(settings))
            say(f"La ville démarre ; ses données : {home.folder}")
            asyncio.run(_live(settings, home, with_examples=with_examples))
    except (CannotStartError, DidNotStartError) as cannot:
        say(str(cannot))
        return 1
    except HomeIsTakenError as taken:
        number = f" (processus {taken.pid})" if taken.pid else ""
        say(
            f"Une ville tourne déjà dans {home.folder}{number}.\n"
            "Arrêtez-la, ou choisissez un autre dossier avec RIBAMBELLE_HOME."
        )
        return 1
    except OSError as error:
        say(
            f"Le dossier des données {settings.home} n’est pas utilisable : {error.strerror}.\n"
            "Choisissez-en un autre avec RIBAMBELLE_HOME."
        )
        return 1
    return 0


async def _live(settings: Settings, home: Home, *, with_examples: bool) -> None:
    await Town(settings, home, with_examples=with_examples, say=say).run()


def _settings() -> Settings:
    try:
        settings = Settings()
    except ValidationError as wrong:
        lines = []
        for error in wrong.errors():
            if error["loc"]:
                variable = f"RIBAMBELLE_{error['loc'][0]}".upper()
                lines.append(f"Réglage incorrect : {variable}={error['input']}")
            else:
                lines.append(error["msg"].removeprefix("Value error, "))
        raise CannotStartError("\n".join(lines)) from wrong
    if not settings.is_local:
        raise CannotStartError(
            "RIBAMBELLE_ENV=production : « make run » ne sert qu’à la ville d’exemple.\n"
            "En production, chaque partie a son propre démarrage : voir deploy/README.md."
        )
    if not PROGRAM.exists():
        raise CannotStartError(
            f"Le moteur Temporal est introuvable ({PROGRAM}). Relancez « make setup »."
        )
    return settings


async def _check_database(settings: Settings) -> None:
    """Wait a little for a server that starts at the same time; then say what is wrong."""
    if not settings.database_url.startswith("postgresql"):
        return  # a file is made when it is not there
    address = without_password(settings.sql_url)
    limit = time.monotonic() + _DATABASE_WITHIN
    while why := await why_away(settings.sql_url):
        if time.monotonic() > limit:
            raise CannotStartError(
                f"La base de données ne répond pas : {address}\n"
                f"Ce que dit son pilote : {why}\n"
                "Démarrez-la, créez-la si elle n’existe pas encore (createdb), ou corrigez "
                "RIBAMBELLE_DATABASE_URL."
            )
        say(f"La base de données ne répond pas encore, la ville l’attend : {address}")
        await asyncio.sleep(_DATABASE_EVERY)


def _check_ports(settings: Settings) -> None:
    ports = {
        "RIBAMBELLE_PORT": (settings.host, settings.port, "le site"),
        "RIBAMBELLE_TEMPORAL_PORT": ("127.0.0.1", settings.temporal_port, "le moteur"),
        "RIBAMBELLE_TEMPORAL_UI_PORT": (
            "127.0.0.1",
            settings.temporal_ui_port,
            "la page du moteur",
        ),
        "RIBAMBELLE_SMTP_PORT": ("127.0.0.1", settings.smtp_port, "le receveur de courriers"),
    }
    lines = []
    seen: dict[int, str] = {}
    known = {port for _, port, _ in ports.values()}
    for variable, (host, port, what) in ports.items():
        if port in seen:
            lines.append(f"Le port {port} est demandé deux fois : {seen[port]} et {variable}.")
        elif not is_free(host, port):
            free = next_free_port(host, port, besides=known)
            known.add(free)
            lines.append(
                f"Le port {port} est déjà pris ({what}). "
                f"Libérez-le ou choisissez-en un autre : {variable}={free} make run"
            )
        seen[port] = variable
    if lines:
        raise CannotStartError("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
