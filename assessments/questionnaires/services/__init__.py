"""Deeds on questionnaires."""

from assessments.questionnaires.services.publishing import import_pack, publish_version, retire_version, store_document

__all__ = ["import_pack", "publish_version", "retire_version", "store_document"]
