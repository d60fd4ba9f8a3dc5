"""Pictures of the workbench for the documentation, taken where a test passes by when SCREENSHOTS names a folder.

A picture gets a palette of its 256 commonest colours, each other pixel the nearest of them: a third of the size, and
nobody sees it in a page of text. The browser that took it reads its pixels back; nothing else is needed.
"""

from __future__ import annotations

import base64
import os
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("SCREENSHOTS")
LARGEST = 150_000  # bytes; what a clone and a page can bear
FEWER_COLOURS = """async (png) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const one of pixels) counts.set(one, (counts.get(one) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map((pair) => pair[0]);
  const places = new Map(kept.map((colour, place) => [colour, place]));
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = kept.map(parts);
  const nearest = (colour) => {
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    palette.forEach(([x, y, z], place) => {
      const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (far < least) [best, least] = [place, far];
    });
    places.set(colour, best);
    return best;
  };
  const bytes = Uint8Array.from(pixels, (one) => places.get(one) ?? nearest(one));
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return [image.width, image.height, palette.flat(), btoa(text)];
}"""


def take(page: Page, name: str) -> None:
    """Keep what the window shows, for people who ask for pictures; raises AssertionError where it stays too large."""
    if FOLDER:
        whole = page.screenshot(scale="css", animations="disabled", caret="hide")
        blank = page.context.browser.new_page()  # type: ignore[union-attr]  # this page's policy lets nothing be read
        width, height, palette, places = blank.evaluate(FEWER_COLOURS, base64.b64encode(whole).decode())
        blank.close()
        picture = png(width, height, bytes(palette), base64.b64decode(places))
        assert len(picture) <= LARGEST, f"{name} has {len(picture)} bytes"
        (Path(FOLDER) / f"{name}.png").write_bytes(picture)


def png(width: int, height: int, palette: bytes, places: bytes) -> bytes:
    """A picture of pixels that are places in a palette."""
    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
