"""Making one account of two, by whoever may: the merge, and the line it leaves on each."""

from dataclasses import replace
from datetime import datetime

from fastapi import Request

from api.audit import line_of
from domain.audit import What
from storage.merges import Merged
from storage.store import Store


async def merge_accounts(
    request: Request, store: Store, kept_id: str, other_id: str, *, by: str, at: datetime
) -> Merged:
    """Merge `other_id` into `kept_id` in this transaction, in the name of `by`, and write it down.

    Raises:
        NotFound: one is no open parent's account; it was merged already.
        CannotMerge: the two stay two; the code says why.
    """
    done = await store.merges.merge(kept_id, other_id, by=by, at=at)
    for subject, part in ((kept_id, "kept"), (other_id, "merged")):
        count = str(len(done.dossier_ids))
        line = line_of(request, What.FAMILIES_MERGED, actor_id=by, subject=subject)
        detail = {"part": part, "kept": kept_id, "other": other_id, "dossiers": count}
        await store.audit.add(replace(line, detail=detail))
    return done
