"""Which browser the tests lead and how it is started: Debian's Chromium, without its windows where that can be had."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--no-zygote", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-gpu", "--disable-software-rasterizer", "--in-process-gpu",
)  # fmt: skip


def the_browser() -> str:
    """Path of the first that is here."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "The journeys need a browser: install the package chromium-headless-shell or chromium."
    return found
