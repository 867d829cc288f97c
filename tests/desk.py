"""A desk where documents are looked at, each in a folder of its own."""

from pathlib import Path

from activities.inspection.inspector import Drawing, Inspector
from activities.inspection.jobs import LONG, Patience
from domain.documents import Facts, Limits, judge
from domain.remarks import sentence


class Desk:
    """An inspector with a folder of its own for each file."""

    def __init__(self, inspector: Inspector, folder: Path) -> None:
        self.inspector = inspector
        self._folder = folder
        self._count = 0

    async def look(self, content: bytes, patience: Patience = LONG) -> tuple[Facts, Path]:
        """The facts, and the folder where everything about the file is."""
        self._count += 1
        into = self._folder / str(self._count)
        into.mkdir()
        (into / "source").write_bytes(content)
        return await self.inspector.look(into / "source", into, patience), into

    async def draw(self, content: bytes) -> tuple[Drawing, Path]:
        facts, into = await self.look(content)
        return await self.inspector.draw(into / "source", into, facts), into

    async def says(self, content: bytes) -> str:
        """All that the family reads about the file."""
        facts, _ = await self.look(content)
        return " ".join(sentence(remark) for remark in judge(facts, Limits()).remarks)
