"""What a family types on each page of a registration, as its browser sends it."""

from collections.abc import Mapping

from deploy.example.valbourg import LILAS, REGISTRATION

START = f"/inscription/{REGISTRATION.slug}/vous"
YOU = {"first_name": "Inès", "last_name": "Durand", "relation": "mother", "phone": "0611223344"}
PAGES: Mapping[str, Mapping[str, str]] = {
    "adresse": {"street": "3 rue des Lilas", "postal_code": "47990", "city": "Valbourg"},
    "autre-parent": {"has_other": "no"},
    "enfant": {
        "first_name": "Anaïs",
        "last_name": "Durand",
        "birth_date_day": "12",
        "birth_date_month": "3",
        "birth_date_year": "2023",
        "birth_place": "Agen",
    },
    "ecole": {"grade": "ps", "school": LILAS},
    "situation": {},
    "contacts": {},
}
