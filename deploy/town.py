"""The town on one machine: in which order its parts start, and how they stop."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from deploy.example.families import CLAIRE
from deploy.example.valbourg import ACCUEIL, ADMIN, PASSWORD, SOPHIE
from deploy.home import Home
from deploy.parts import Keeper, Part, Say, die_with
from deploy.town_parts import catcher_part, engine_part, site_part, worker_part
from settings import Settings
from storage.clock import now

ROOT = Path(__file__).resolve().parents[1]

READY_WITHIN = 60.0
LOGS_TIDIED_EVERY = 3600.0

END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DidNotStartError(Exception):
    """The town could not be brought to its first page; the message says why, in French."""


class Town:
    """Every part of the town, from the first start to the last stop."""

    def __init__(self, settings: Settings, home: Home, *, with_examples: bool, say: Say) -> None:
        self._settings = settings
        self._home = home
        self._with_examples = with_examples
        self._say = say
        self._surroundings = self._what_parts_are_told()
        self._state = "starting"
        self._asked_to_end = asyncio.Event()
        self._examples: asyncio.Task[None] | None = None
        self._site = self._keeper(site_part(settings))
        self._worker = self._keeper(worker_part(settings, lambda: self._worker.pid))
        self._catcher = self._keeper(catcher_part(settings))
        self._engine = self._keeper(engine_part(settings, home.engine_database))
        # The order of stopping: nobody new comes in, what runs ends, then what it stood on.
        self._keepers = (self._site, self._worker, self._catcher, self._engine)

    async def run(self) -> None:
        """Start, say where everything is, then live until Ctrl-C or SIGTERM.

        Raises:
            DidNotStartError: a part is not ready after 60 s, or the database cannot be migrated.
        """
        loop = asyncio.get_running_loop()
        for number in END_SIGNALS:
            # `nohup` says that the end of the terminal is not the end of the town.
            if signal.getsignal(number) is not signal.SIG_IGN or number is signal.SIGINT:
                loop.add_signal_handler(number, self._end)
        tidying = asyncio.create_task(self._tidy_logs())
        try:
            starting = asyncio.create_task(self._start())
            ending = asyncio.create_task(self._asked_to_end.wait())
            await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            await ending
        finally:
            tidying.cancel()
            await self._stop()
        self._say("Tout est arrêté ; rien n’est perdu, « make run » reprend où l’on en était.")

    async def _tidy_logs(self) -> None:
        while True:
            with contextlib.suppress(OSError):  # a full disk: the town has other troubles
                self._home.tidy_logs(now())
            await asyncio.sleep(LOGS_TIDIED_EVERY)

    def _end(self) -> None:
        if self._asked_to_end.is_set():
            self._say("Arrêt immédiat.")
            for keeper in self._keepers:
                keeper.kill()
            return
        self._say("\nLa ville s’arrête (Ctrl-C encore une fois pour ne pas attendre)…")
        self._asked_to_end.set()

    async def _start(self) -> None:
        began = time.monotonic()
        self._record("starting")
        self._engine.start()
        self._catcher.start()
        await self._migrate()
        await self._set_up_example()
        await self._until_ready(self._engine, self._catcher)
        self._worker.start()
        self._site.start()
        await self._until_ready(self._site, self._worker)
        self._record("ready")
        self._announce(time.monotonic() - began)
        if self._with_examples:
            self._examples = asyncio.create_task(self._fill())

    async def _stop(self) -> None:
        self._record("stopping")
        if self._examples is not None:
            self._examples.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._examples
        for keeper in self._keepers:
            await keeper.stop()

    async def _until_ready(self, *keepers: Keeper) -> None:
        for keeper in keepers:
            try:
                await asyncio.wait_for(keeper.is_ready.wait(), READY_WITHIN)
            except TimeoutError as late:
                raise DidNotStartError(
                    f"{keeper.part.title} n’est pas prêt après {READY_WITHIN:.0f} s.\n"
                    f"Son journal : {keeper.log}"
                ) from late

    async def _migrate(self) -> None:
        log = self._home.log("migrate")
        code = await self._command("migrate", log)
        if code:
            raise DidNotStartError(
                "La base de données n’a pas pu être mise à jour : la ville ne démarre pas.\n"
                f"Le journal : {log}"
            )

    async def _set_up_example(self) -> None:
        log = self._home.log("set-up-example")
        if await self._command("set-up-example", log):
            raise DidNotStartError(
                "La ville d’exemple n’a pas pu être préparée : la ville ne démarre pas.\n"
                f"Le journal : {log}"
            )

    async def _fill(self) -> None:
        log = self._home.log("seed")
        self._say("La ville d’exemple se remplit en arrière-plan…")
        code = await self._command("seed", log, aloud=True)
        if code:
            self._say(f"La ville d’exemple n’a pas pu être remplie. Le journal : {log}")

    async def _command(self, name: str, log: Path, *, aloud: bool = False) -> int:
        """Run `python -m cli NAME`, its output in a log and, if `aloud`, on the screen as well."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=ROOT,
            env=self._surroundings,
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )
        assert process.stdout is not None
        try:
            with log.open("ab") as kept:
                async for line in process.stdout:
                    kept.write(line)
                    kept.flush()
                    if aloud:
                        self._say(line.decode(errors="replace").rstrip())
            return await process.wait()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    def _announce(self, seconds: float) -> None:
        site = self._settings.site_url
        waited = f"{seconds:.1f}".replace(".", ",")
        self._say(
            f"\nLa ville de Valbourg est prête ({waited} s).\n\n"
            f"  Portail famille      {site}\n"
            f"  Courriers envoyés    {site}/dev/letters\n"
            f"  Moteur (Temporal)    http://localhost:{self._settings.temporal_ui_port}\n"
            f"  Données et journaux  {self._home.folder}\n\n"
            f"Pour essayer (mot de passe « {PASSWORD} ») :\n"
            f"  un parent            {CLAIRE.email}\n"
            f"  une agente           {SOPHIE.email}\n"
            f"  l’agente d’accueil   {ACCUEIL.email}\n"
            f"  l’administration     {ADMIN.email}\n\n"
            "Ctrl-C pour tout arrêter.\n"
        )

    def _record(self, state: str | None = None) -> None:
        """Write `town.json`: what runs, under which number, since how many restarts."""
        self._state = state or self._state
        settings = self._settings
        self._home.write_status(
            {
                "state": self._state,
                "base_url": settings.site_url,
                "ports": {
                    "site": settings.port,
                    "engine": settings.temporal_port,
                    "engine_ui": settings.temporal_ui_port,
                    "catcher": settings.smtp_port,
                },
                "pids": {
                    "supervisor": os.getpid(),
                    **{keeper.part.name: keeper.pid for keeper in self._keepers},
                },
                "ready": {keeper.part.name: keeper.is_ready.is_set() for keeper in self._keepers},
                "restarts": {keeper.part.name: keeper.restarts for keeper in self._keepers},
            }
        )

    def _keeper(self, part: Part) -> Keeper:
        return Keeper(
            part,
            log=self._home.log(part.name),
            surroundings=self._surroundings,
            folder=ROOT,
            say=self._say,
            changed=self._record,
        )

    def _what_parts_are_told(self) -> dict[str, str]:
        """Give the parts this process's environment, made to point at this very town."""
        return {
            **os.environ,  # noqa: TID251  (handed on, not read)
            "PYTHONUNBUFFERED": "1",
            "RIBAMBELLE_HOME": str(self._home.folder),
            "RIBAMBELLE_TEMPORAL_ADDRESS": "",
            "RIBAMBELLE_SMTP_HOST": "127.0.0.1",
            "RIBAMBELLE_SMTP_USERNAME": "",
            "RIBAMBELLE_SMTP_START_TLS": "0",
        }
