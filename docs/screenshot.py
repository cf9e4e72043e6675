"""Make docs/images/brief.png, the picture of the brief of the example articles.

Needs Chromium on the path and Pillow, neither of which détente depends on. Run it in the project's
folder: `python docs/screenshot.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
IMAGE = ROOT / "docs" / "images" / "brief.png"
SIZE = (1280, 1100)
COLOURS = 128
"""Enough for text and four line colours; a full palette doubles the file."""


def main() -> None:
    """Write the brief, photograph its top, and reduce the colours."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("no Chromium on the path; on Debian run: sudo apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "brief.html"), Path(folder, "brief.png")
        brief = [sys.executable, "-m", "detente", "brief", "examples/riyadh-2025", "-o", str(page)]
        subprocess.run(brief, cwd=ROOT, check=True)
        subprocess.run(
            [
                *(browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"),
                *(f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={shot}", page.as_uri()),
            ],
            check=True,
            capture_output=True,
        )
        IMAGE.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(shot) as picture:
            picture.convert("RGB").quantize(COLOURS).save(IMAGE, optimize=True)


if __name__ == "__main__":
    main()
