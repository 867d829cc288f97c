"""Programs that call the JSON facade, each with the token of somebody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2

from api.access.granting import Grant, give_token
from domain.scopes import BY_ROLE, Scope
from storage.records import new_id
from tests.builders import Someone
from tests.site import Site

CANTEEN = Someone("system:canteen", "system", "Logiciel de cantine", "", "scolaire")
API = "/api/v1"


@dataclass
class Program:
    """A program with a token; `token_id` is that of its row."""

    client: httpx2.AsyncClient
    token_id: str

    async def reads(self, path: str, **query: Any) -> httpx2.Response:
        """GET under the facade."""
        return await self.client.get(f"{API}{path}", params=query)

    async def acts(
        self,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        seen: int | None = None,
        method: str = "POST",
    ) -> httpx2.Response:
        """Do something, with a new key unless one is given, on the version seen."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"{API}{path}", json=body, headers=headers)

    async def changes(self, dossier_id: str, seen: int, **answers: Any) -> httpx2.Response:
        """Change answers, on the version seen."""
        path = f"/dossiers/{dossier_id}/answers"
        return await self.acts(path, {"answers": answers}, seen=seen, method="PATCH")

    async def sends(self, dossier_id: str, piece: str, *files: tuple[str, bytes]) -> Any:
        """Send files for a piece."""
        return await self.client.post(
            f"{API}/dossiers/{dossier_id}/documents",
            params={"piece": piece},
            files=[("files", (name, content, "application/pdf")) for name, content in files],
        )


async def a_program(
    site: Site, who: Someone, *scopes: Scope, days: int = 30, secret: str = ""
) -> Program:
    """A program with a token of this person's, with these scopes or all that they may give."""
    account, token_id = await site.account(who), new_id()
    grant = Grant("essai", scopes or BY_ROLE[who.role], timedelta(days=days))
    async with site.writing() as store:
        made = await give_token(
            store, account.id, grant, token_id=token_id, by=account.id, at=site.clock()
        )
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=site.app),
        base_url=site.settings.site_url,
        headers={"Authorization": f"Bearer {secret or made}"},
    )
    site.closes_later(client)
    return Program(client, token_id)
