"""The kinds of dossier this town knows, by name."""

from collections.abc import Mapping

from domain.kinds import registration
from domain.kinds.rules import Rules

RULES: Mapping[str, Rules] = {registration.RULES.kind: registration.RULES}
