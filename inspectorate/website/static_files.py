"""Static files under names that tell their content, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A page never runs a new script together with an old one that the first imports."""

    support_js_module_import_aggregation = True
