"""Whether the portal's own parts are well, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.admins.picture import Picture
from domain import french

NIGHT_LASTS = timedelta(hours=6)
"""A night that has not gone through everything by then is stuck, or its worker is gone."""
WORKER_CALLS_WITHIN = timedelta(seconds=90)
"""A worker asks for work at least every minute."""

Part = Mapping[str, Any]


def parts(picture: Picture, now: datetime) -> Sequence[Part]:
    """Each part with its badge (kind, sign, words) and one sentence."""
    return [
        _engine(picture, now),
        _worker(picture, now),
        _mail(picture, now),
        _inspection(picture),
        _files(picture),
        _antivirus(picture),
        _nights(picture, now),
    ]


def alarms(found: Sequence[Part]) -> Sequence[Part]:
    """Those parts that are down: said on top of the page, before anything else."""
    return [part for part in found if part["badge"][0] == "alert"]


def _part(name: str, kind: str, words: str, detail: str = "") -> Part:
    sign = {"ok": "✓", "alert": "!", "waiting": "…", "neutral": "–"}[kind]
    return {"name": name, "badge": (kind, sign, words), "detail": detail}


def _engine(picture: Picture, now: datetime) -> Part:
    if picture.reading is not None:
        return _part("Moteur", "ok", "Répond", f"Lu à {french.hour(picture.reading.read_at)}.")
    last = picture.last_reading
    since = (
        f"Dernière bonne lecture {french.ago(now, last.read_at)}, à {french.hour(last.read_at)}."
        if last
        else "Aucune bonne lecture depuis le démarrage du site."
    )
    return _part(
        "Moteur",
        "alert",
        "Ne répond pas",
        f"{since} Tout ce qui est donné est gardé et avancera à son retour.",
    )


def _worker(picture: Picture, now: datetime) -> Part:
    reading = picture.reading
    if reading is None:
        return _part("Worker", "neutral", "Pas connu", "Le moteur ne répond pas.")
    call = reading.last_call
    count = reading.waiting
    tasks = french.plural(count, "tâche attend", "tâches attendent")
    waiting = f"{tasks}." if count else "Aucune tâche n’attend."
    if call is not None and now - call < WORKER_CALLS_WITHIN:
        return _part(
            "Worker", "ok", "Au travail", f"{waiting} Dernier signe à {french.hour(call)}."
        )
    since = f"depuis {french.hour(call)}" if call else "depuis cinq minutes au moins"
    return _part("Worker", "alert", "Absent", f"Aucun worker au travail {since}. {waiting}")


def _mail(picture: Picture, now: datetime) -> Part:
    if picture.mail_answers:
        return _part("Serveur de mail", "ok", "Répond", f"Vérifié à {french.hour(now)}.")
    return _part(
        "Serveur de mail", "alert", "Ne répond pas", "Les courriers attendent, rien n’est perdu."
    )


def _inspection(picture: Picture) -> Part:
    isolated = picture.reading.is_isolated if picture.reading else None
    if isolated is None:
        return _part("Contrôle des documents", "neutral", "Pas connu", "Aucun worker ne répond.")
    if isolated:
        return _part(
            "Contrôle des documents", "ok", "Isolé", "Les documents sont ouverts sans réseau."
        )
    return _part(
        "Contrôle des documents",
        "waiting",
        "Pas isolé du réseau",
        "Ce système refuse « unshare » : les autres limites (mémoire, temps) restent.",
    )


def _files(picture: Picture) -> Part:
    if picture.files_answer:
        return _part("Rangement des documents", "ok", "Répond")
    return _part(
        "Rangement des documents",
        "alert",
        "Ne répond pas",
        "Aucun document ne peut être ajouté ni ouvert ; ceux qui sont gardés le restent. "
        "Vérifiez le stockage S3, ou les droits et la place sur le disque.",
    )


def _antivirus(picture: Picture) -> Part:
    if picture.antivirus_answers is None:
        return _part("Antivirus", "neutral", "Pas installé", "Les documents ne sont pas analysés.")
    waiting, infected = picture.scans.waiting, picture.scans.infected
    told = []
    if waiting:
        count = french.plural(
            waiting, "document attend son analyse", "documents attendent leur analyse"
        )
        told.append(f"{count} ; les agents ne peuvent rien en ouvrir avant.")
    if infected:
        count = french.plural(
            infected, "fichier infecté refusé et effacé", "fichiers infectés refusés et effacés"
        )
        told.append(f"{count} en 30 jours.")
    if picture.antivirus_answers:
        return _part("Antivirus", "ok", "Répond", " ".join(told))
    away = told or ["Les documents qui arrivent attendront leur analyse."]
    what_to_do = "Vérifiez clamd et le réglage RIBAMBELLE_CLAMD."
    return _part("Antivirus", "alert", "Ne répond pas", " ".join((*away, what_to_do)))


def _nights(picture: Picture, now: datetime) -> Part:
    name, planned, last = "Effacement de nuit", picture.planned, picture.last_night
    before = f"Dernière nuit : {french.moment(last.began_at)}." if last else ""
    if last and last.ended_at is None and now - last.began_at > NIGHT_LASTS:
        stuck = "Tout n’a pas pu être effacé : le journal du worker dit quoi."
        return _part(name, "alert", "Pas terminé", f"{before} {stuck}")
    if planned is None:
        return _part(name, "neutral", "Pas connu", before or "Le moteur ne répond pas.")
    if planned.is_paused:
        return _part(name, "waiting", "En pause", f"{before} Rien ne s’efface.".strip())
    if planned.next_at is None:
        told = f"{before} Redémarrez le worker : il le prévoit de nouveau."
        return _part(name, "waiting", "Pas prévu", told.strip())
    after = f"Prochaine : {french.moment(planned.next_at)}."
    return _part(name, "ok", "Prévu", f"{before} {after}".strip())
