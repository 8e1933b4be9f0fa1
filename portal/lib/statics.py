"""Static files in production: names with hashes, also inside our ES modules."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites the imports of our own modules, so that a nested one is never served stale.

    Only ours: Django's switch for it (support_js_module_import_aggregation) trips over comments in other packages.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("sanpo/*.js", IMPORTS))
