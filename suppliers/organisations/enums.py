"""Roles and reasons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is in an organisation."""

    SUPPLIER_MANAGER = "supplier_manager", _("Supplier manager")
    SUPPLIER_EDITOR = "supplier_editor", _("Supplier editor")
    SUPPLIER_READER = "supplier_reader", _("Supplier reader")
    BUYER_ADMINISTRATOR = "buyer_administrator", _("Buyer administrator")
    BUYER_PROCUREMENT = "buyer_procurement", _("Buyer procurement")
    BUYER_READER = "buyer_reader", _("Buyer reader")
    AUDITOR = "auditor", _("Auditor")
    FIRM_MANAGER = "firm_manager", _("Audit firm manager")


SUPPLIER_ROLES = frozenset({Role.SUPPLIER_MANAGER, Role.SUPPLIER_EDITOR, Role.SUPPLIER_READER})
BUYER_ROLES = frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT, Role.BUYER_READER})
FIRM_ROLES = frozenset({Role.AUDITOR, Role.FIRM_MANAGER})


class ScopeKind(TextChoices):
    """What a buyer membership can be narrowed to."""

    REGION = "region", _("Region")
    BUSINESS_UNIT = "business_unit", _("Business unit")


class EndReason(TextChoices):
    """Why a relationship ended; the last two are counted by GRI 308-2 and 414-2."""

    COMMERCIAL = "commercial", _("Commercial reasons")
    CLOSED = "closed", _("Supplier closed")
    MERGED = "merged", _("Supplier merged")
    SOCIAL = "social", _("Social impacts")
    ENVIRONMENTAL = "environmental", _("Environmental impacts")


class Sector(TextChoices):
    """Plain sectors of an electronics supply chain; peers are compared within one."""

    ASSEMBLY = "assembly", _("Assembly")
    SEMICONDUCTORS = "semiconductors", _("Semiconductors")
    CIRCUIT_BOARDS = "circuit_boards", _("Printed circuit boards")
    COMPONENTS = "components", _("Electronic components")
    PLASTICS = "plastics", _("Plastics and moulding")
    METALS = "metals", _("Metal parts")
    CHEMICALS = "chemicals", _("Chemicals and plating")
    PACKAGING = "packaging", _("Packaging and printing")
    LOGISTICS = "logistics", _("Logistics")
    SERVICES = "services", _("Services and labour agencies")
    OTHER = "other", _("Other")
