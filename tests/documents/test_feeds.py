from __future__ import annotations

import pytest

from detente.documents.article import Source
from detente.documents.feeds import read_feed
from detente.errors import InputError

RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>The Examiner</title>
<item><title>Talks &amp; terms</title><link>https://x.org/1</link><author>Jane Doe</author>
<description>&lt;p&gt;They met.&lt;/p&gt;&lt;p&gt;They left.&lt;/p&gt;</description>
<pubDate>Tue, 18 Feb 2025 10:00:00 GMT</pubDate></item>
<item><title>No text</title></item>
<item><description>Short.</description></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Review</title>
<entry><id>tag:1</id><title>Talks</title><updated>2025-02-18T10:00:00Z</updated>
<summary>Brief.</summary><content type="html">&lt;p&gt;The long story.&lt;/p&gt;</content></entry>
</feed>"""


def test_read_feed_reads_rss() -> None:
    first, second = read_feed(Source("f.xml", RSS))
    assert first.text == "They met.\nThey left."
    assert first.path == "f.xml#https://x.org/1"
    assert first.url == "https://x.org/1"
    assert first.stated == {
        "title": "Talks & terms",
        "author": "Jane Doe",
        "outlet": "The Examiner",
        "date": "2025-02-18",
    }
    assert (second.path, second.text) == ("f.xml#3", "Short.")


def test_read_feed_prefers_the_content_of_atom() -> None:
    (article,) = read_feed(Source("f.atom", ATOM))
    assert (article.text, article.path) == ("The long story.", "f.atom#tag:1")
    assert article.stated["date"] == "2025-02-18"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>no feed</html>", "neither"),
        (b'<rss version="2.0"><channel><item><title>a</title></item></channel></rss>', "no item"),
        (b"\x00\xff", "neither"),
    ],
)
def test_read_feed_refuses(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        list(read_feed(Source("f.xml", content)))
