"""Every intervention has a reason: it is asked here, the same way everywhere."""

LONGEST = 500


def reason_problem(text: str) -> str:
    """What to say of a reason that cannot be taken; empty when it can."""
    if not text.strip():
        return "Indiquez la raison : elle est notée dans l’historique."
    if len(text.strip()) > LONGEST:
        return f"Raccourcissez la raison : {LONGEST} caractères au plus."
    return ""
