"""The types of supporting documents, with the words of the screens: every kind asks among these."""

from domain.kinds.rules import Piece
from domain.rights import FieldGroup

CHILD_IDENTITY = Piece(
    "child_identity",
    "Identité de l’enfant",
    "Livret de famille, acte de naissance, carte d’identité ou passeport",
    "Je déclare sur l’honneur que l’identité et la date de naissance de l’enfant indiquées dans ce "
    "dossier sont exactes.",
)
GUARDIAN_IDENTITY = Piece(
    "guardian_identity",
    "Votre identité",
    "Carte d’identité, passeport ou titre de séjour",
    "Je déclare sur l’honneur être responsable de l’enfant, et que mon identité indiquée dans ce "
    "dossier est exacte.",
)
OTHER_GUARDIAN_IDENTITY = Piece(
    "other_guardian_identity",
    "Identité de l’autre parent",
    "Carte d’identité, passeport, titre de séjour ou livret de famille",
    "Je déclare sur l’honneur que l’identité de l’autre parent indiquée dans ce dossier est "
    "exacte.",
)
PROOF_OF_ADDRESS = Piece(
    "proof_of_address",
    "Justificatif de domicile",
    "Facture d’énergie, de téléphone ou d’eau, bail, avis d’imposition, assurance du logement",
    "Je déclare sur l’honneur habiter avec l’enfant à l’adresse indiquée dans ce dossier.",
)
HOSTING_STATEMENT = Piece(
    "hosting_statement",
    "Attestation d’hébergement",
    "Une lettre de la personne qui vous héberge, datée et signée",
    "Je déclare sur l’honneur être hébergé avec l’enfant à l’adresse indiquée dans ce dossier.",
)
COURT_RULING = Piece(
    "court_ruling",
    "Décision de justice",
    "Jugement ou ordonnance sur l’autorité parentale ou la résidence de l’enfant",
    group=FieldGroup.CUSTODY,
)
LEAVING_CERTIFICATE = Piece(
    "leaving_certificate",
    "Certificat de radiation",
    "Remis par l’ancienne école au moment du départ",
)
HEALTH_RECORD = Piece("health_record", "Carnet de santé", "", group=FieldGroup.HEALTH)
SCHOOL_INSURANCE = Piece(
    "school_insurance",
    "Assurance scolaire",
    "Attestation d’assurance scolaire ou de responsabilité civile, au nom de l’enfant",
)
QUOTIENT_FAMILIAL = Piece(
    "quotient_familial", "Attestation de quotient familial", "Attestation de la CAF ou de la MSA"
)
CARE_PLAN = Piece(
    "care_plan",
    "Projet d’accueil individualisé (PAI)",
    "Le PAI signé, avec l’ordonnance s’il y en a une",
    group=FieldGroup.HEALTH,
)
RESIDENCE_AGREEMENT = Piece(
    "residence_agreement",
    "Accord de votre commune",
    "Lettre ou message de la mairie de la commune où vous habitez",
)
TOWN_FORM = Piece(
    "town_form",
    "Formulaire de la mairie",
    "Le formulaire PDF de la mairie, rempli et enregistré",
)
