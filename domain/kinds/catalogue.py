"""The kinds of dossier this town knows, by name."""

from collections.abc import Mapping

from domain.kinds import actualisation, change, registration
from domain.kinds.rules import Rules

RULES: Mapping[str, Rules] = {
    one.kind: one for one in (registration.RULES, actualisation.RULES, change.RULES)
}
