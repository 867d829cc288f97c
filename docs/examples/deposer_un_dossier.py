"""Opens a school registration from the command line, sends it, and waits for the town's letter.

Standard library only. It needs the token of a parent (« Accès pour une application ») with the
scopes dossiers:read, dossiers:write and letters:read:

    export RIBAMBELLE_TOKEN=rib_…
    python docs/examples/deposer_un_dossier.py http://localhost:8000 domicile.pdf

Started again after a cut with the same `--keys`, it goes on and doubles nothing: the keys of its
acts are kept in that file.
"""

import argparse
import json
import os
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ANSWERS = {
    "vous": {
        "first_name": "Camille",
        "last_name": "Exemple",
        "relation": "mother",
        "phone": "06 12 34 56 78",
    },
    "adresse": {"street": "3 rue des Tilleuls", "postal_code": "47990", "city": "Valbourg"},
    "autre-parent": {"has_other": "no"},
    "enfant": {
        "first_name": "Lou",
        "last_name": "Exemple",
        "birth_date": "2023-03-12",
        "birth_place": "Agen",
    },
    "ecole": {"grade": "ps"},
    "situation": {},
    "contacts": {},
}


class Portal:
    """The portal, as programs see it."""

    def __init__(self, address: str, token: str) -> None:
        self._root = address.rstrip("/")
        self._token = token

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, str]:
        """One call; its answer and its ETag. An error is told in French, and ends the program."""
        sent = {"Authorization": f"Bearer {self._token}", **headers}
        if body is not None and not isinstance(body, bytes):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = Request(self._root + path, data=body, method=method, headers=sent)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer), answer.headers.get("ETag", "")
        except HTTPError as error:
            problem = json.load(error)
            fields = [f"{one['field']} : {one['message']}" for one in problem.get("errors", [])]
            sys.exit("\n".join([problem["title"], problem["detail"], *fields]))


def kept_keys(path: Path) -> dict[str, str]:
    """The keys of the acts: chosen once, the same each time."""
    if not path.exists():
        path.write_text(json.dumps({"open": str(uuid.uuid4()), "submit": str(uuid.uuid4())}))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def as_form(path: Path) -> tuple[bytes, str]:
    """A form with this file, and its content type."""
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def send_dossier(portal: Portal, proof: Path, keys: dict[str, str]) -> str:
    """Open the dossier, fill it in, add its pieces and send it; gives its address."""
    procedures, _ = portal.call("GET", "/api/v1/procedures")
    slug = next(p["slug"] for p in procedures["items"] if p["kind"] == "registration")
    procedure, _ = portal.call("GET", f"/api/v1/procedures/{slug}")
    questions = {q["name"]: q for page in procedure["pages"] for q in page["questions"]}
    school = questions["school"]["choices"][0]
    dossier, _ = portal.call(
        "POST", "/api/v1/dossiers", {"procedure": slug}, **{"Idempotency-Key": keys["open"]}
    )
    place = f"/api/v1/dossiers/{dossier['id']}"
    print(f"Dossier {dossier['number']}, {school['label']}.")
    if dossier["state"] != "draft":
        return place

    answers = {**ANSWERS, "ecole": {**ANSWERS["ecole"], "school": school["value"]}}
    _, version = portal.call("GET", f"{place}/answers")
    portal.call("PATCH", f"{place}/answers", {"answers": answers}, **{"If-Match": version})

    form, kind = as_form(proof)
    path = f"{place}/documents?piece=proof_of_address"
    received, _ = portal.call("POST", path, form, **{"Content-Type": kind})
    print(f"{received['files'][0]['name']} : reçu.")
    for piece in ("child_identity", "guardian_identity"):
        portal.call("POST", f"{place}/statements", {"piece": piece, "declared": True})

    _, version = portal.call("GET", place)
    headers = {"If-Match": version, "Idempotency-Key": keys["submit"]}
    act, _ = portal.call("POST", f"{place}/submit", **headers)
    print("Envoyé." if act["outcome"] == "applied" else "C’est gardé : la mairie le recevra.")
    return place


def wait_for_letter(portal: Portal, place: str, seconds: int) -> None:
    """Show the first letter of the town, once there is one."""
    for _ in range(seconds):
        letters, _ = portal.call("GET", f"{place}/letters")
        if letters["items"]:
            letter, _ = portal.call("GET", f"{place}/letters/{letters['items'][0]['id']}")
            print(f"\n{letter['subject']}\n\n{letter['text']}")
            return
        time.sleep(1)
    sys.exit("Aucun courrier pour le moment : relancez ce programme plus tard.")


def main() -> None:
    """Read the command line and do it all."""
    parser = argparse.ArgumentParser(description="Dépose un dossier d’inscription scolaire.")
    parser.add_argument("address", help="celle du portail, par exemple http://localhost:8000")
    parser.add_argument("proof", type=Path, help="le justificatif de domicile, en PDF")
    parser.add_argument("--keys", type=Path, default=Path("cles.json"))
    parser.add_argument("--seconds", type=int, default=120, help="combien attendre la lettre")
    given = parser.parse_args()
    portal = Portal(given.address, os.environ["RIBAMBELLE_TOKEN"])
    place = send_dossier(portal, given.proof, kept_keys(given.keys))
    wait_for_letter(portal, place, given.seconds)


if __name__ == "__main__":
    main()
