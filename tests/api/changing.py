"""A parent who changes something of the family's file: opens the page, changes, sends."""

import re

import httpx2

from tests.site import Browser

DETAILS, ADDRESS = "/famille/changer/coordonnees", "/famille/changer/adresse"
_ACROSS = re.DOTALL
MOVED = {"street": "7 rue Neuve", "postal_code": "01000", "city": "Valbourg", "country": ""}


async def fields_of(browser: Browser, path: str) -> dict[str, str]:
    """The form of a page as it stands there: what somebody sends who changes nothing."""
    page = (await browser.opens(path)).text
    form = page[page.index('class="card stack" novalidate') :]
    fields = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', form))
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    ticked = re.findall(r'type="(?:checkbox|radio)"[^>]*? name="(\w+)" value="(\w+)" checked', form)
    boxes = set(re.findall(r'type="(?:checkbox|radio)"[^>]*? name="(\w+)"', form))
    chosen = [
        (name, found.group(1))
        for name, options in re.findall(r'<select[^>]* name="(\w+)"(.*?)</select>', form, _ACROSS)
        if (found := re.search(r'value="(\w+)" selected', options))
    ]
    typed = {name: text for name, text in fields.items() if name not in boxes}
    return typed | dict(hidden) | dict(ticked) | dict(chosen)


async def changes(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """Open the page, change these answers and send it."""
    before = await fields_of(browser, path)
    return await browser.post(path, data={**before, **fields})
