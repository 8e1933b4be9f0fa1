"""Static files in production: names with hashes, also inside our ES modules."""

from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULES = Path(__file__).resolve().parents[2] / "static" / "sanpo"
IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites the imports of our own modules, so that a nested one is never served stale.

    Only ours, file by file: Django's switch for it (support_js_module_import_aggregation) trips over comments
    in other packages, and patterns are held against names without the folder they are collected into.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((module.name, IMPORTS) for module in sorted(MODULES.glob("*.js"))),
    )
