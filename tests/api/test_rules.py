"""Who may come in: every route of the site says so, and keeps its word to everybody."""

from fastapi.routing import APIRoute, iter_route_contexts

from api.access.rules import rules_of
from tests.site import Site


def test_every_route_declares_exactly_one_access_rule(site: Site) -> None:
    contexts = list(iter_route_contexts(site.app.routes))
    assert contexts
    for context in contexts:
        assert len(rules_of(context.dependant)) == 1, (
            f"{context.path}: {rules_of(context.dependant)}"
        )


def test_the_site_serves_nothing_but_routes_of_its_own(site: Site) -> None:
    for context in iter_route_contexts(site.app.routes):
        assert isinstance(context.original_route, APIRoute), context.path
