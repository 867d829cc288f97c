"""The pictures of the README, taken in an example town of its own: `make pictures`."""

import io
from dataclasses import dataclass

from PIL import Image

from deploy.example.families import CLAIRE
from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.example import Example
from tests.journeys.screenshots import everybody
from tests.town import ROOT

_FOLDER = ROOT / "docs" / "images"


@dataclass(frozen=True)
class Picture:
    """What an audience sees first, on a screen of so many pixels."""

    name: str
    example: Example
    width: int
    height: int


PICTURES = (
    Picture("parent", Example("/accueil", "à compléter", CLAIRE.email), 390, 800),
    Picture(
        "agent", Example("/agent/dossiers/<dossier noe>", "à étudier", SOPHIE.email), 1280, 900
    ),
    Picture("admin", Example("/admin/supervision", "des pannes", ADMIN.email), 1280, 900),
)


def main() -> None:
    """Take each in place of the one of an earlier time; 256 colours keep them light."""
    with everybody() as readers:
        for one in PICTURES:
            page = readers.show(one.example)[0].page
            page.set_viewport_size({"width": one.width, "height": one.height})
            page.reload(wait_until="networkidle")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256).save(_FOLDER / f"{one.name}.png", optimize=True)


if __name__ == "__main__":
    main()
