"""How a person works a page: with a mouse, with a finger, or with the keys alone."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as NothingCame

_MOST_STOPS = 300
_PRESSES = 3
_ANSWERS_WITHIN = 8000  # milliseconds
_HAS_FOCUS = "one => one === document.activeElement"
_IN_GROUP = """one => one === document.activeElement || (one.type === 'radio'
  && document.activeElement.type === 'radio' && document.activeElement.name === one.name)"""
_SHOWN = "list => list.options[list.selectedIndex]?.label"


class Mouse:
    """Points and clicks."""

    def activates(self, control: Locator) -> None:
        """Press a button, follow a link, unfold a fold."""
        control.click()

    def writes(self, field: Locator, text: str) -> None:
        """Put this text in the place of what the field holds."""
        field.fill(text)

    def ticks(self, box: Locator) -> None:
        """Have a checkbox or a radio button ticked."""
        box.check()

    def selects(self, choices: Locator, option: str) -> None:
        """Choose in a list."""
        choices.select_option(label=option)

    def picks(self, field: Locator, files: Sequence[Path]) -> None:
        """Give files to a field."""
        field.set_input_files([str(file) for file in files])


class Finger(Mouse):
    """Taps; the browser must have a touch screen."""

    def activates(self, control: Locator) -> None:
        """Press a button, follow a link, unfold a fold."""
        control.tap()

    def ticks(self, box: Locator) -> None:
        """Have a checkbox or a radio button ticked."""
        if not box.is_checked():
            box.tap()


class Keys(Mouse):
    """Has the keyboard only: comes to each control with Tab, as if there were no other way."""

    def activates(self, control: Locator) -> None:
        """Press a button, follow a link, unfold a fold."""
        self._reaches(control)
        control.page.keyboard.press("Enter")

    def writes(self, field: Locator, text: str) -> None:
        """Put this text in the place of what the field holds."""
        self._reaches(field)
        field.page.keyboard.press("Control+a")
        field.page.keyboard.press("Delete")
        field.page.keyboard.type(text)

    def ticks(self, box: Locator) -> None:
        """Have a checkbox or a radio button ticked."""
        self._reaches(box, _IN_GROUP)
        while not box.evaluate(_HAS_FOCUS):
            box.page.keyboard.press("ArrowDown")
        if not box.is_checked():
            box.page.keyboard.press("Space")

    def selects(self, choices: Locator, option: str) -> None:
        """Choose in a list."""
        self._reaches(choices)
        choices.page.keyboard.press("Home")
        for _ in range(choices.locator("option").count()):
            if choices.evaluate(_SHOWN) == option:
                return
            choices.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option!r} is not in the list")

    def picks(self, field: Locator, files: Sequence[Path]) -> None:
        """Give files to a field."""
        for _ in range(_PRESSES):
            self._reaches(field)
            # The card may be drawn again under the key; then one presses once more.
            with contextlib.suppress(NothingCame):
                with field.page.expect_file_chooser(timeout=_ANSWERS_WITHIN) as chooser:
                    field.page.keyboard.press("Enter")
                chooser.value.set_files([str(file) for file in files])
                return
        raise AssertionError(f"Enter opens nothing on {field}")

    def _reaches(self, control: Locator, has_it: str = _HAS_FOCUS) -> None:
        for _ in range(_MOST_STOPS):
            if control.evaluate(has_it):
                return
            control.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key never comes to {control}")
