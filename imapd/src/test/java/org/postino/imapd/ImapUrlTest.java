// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.postino.imap.FetchItem;

/// Reads URLs of messages (RFC 5092).
final class ImapUrlTest {
    private static ImapUrl url(String text) throws IOException {
        return Objects.requireNonNull(ImapUrl.parse(text), text);
    }

    @Test
    void aUrlNamesMailboxUidSectionAndOctets() throws IOException {
        var url =
                url(
                        "/Entw%C3%BCrfe/a%3Bb;UIDVALIDITY=385759045/;UID=20/;SECTION=1.2.MIME/;PARTIAL=7.100");
        assertEquals("Entwürfe/a;b", url.mailbox());
        assertEquals(385_759_045L, url.uidValidity());
        assertEquals(20, url.uid());
        assertEquals(List.of(1, 2), url.section().path());
        assertEquals(FetchItem.Text.MIME, url.section().text());
        assertEquals(new FetchItem.Partial(7, 100), url.section().partial());
    }

    @Test
    void withoutSectionItIsTheWholeMessage() throws IOException {
        var url = url("/inbox/;uid=1/;partial=5");
        assertEquals("INBOX", url.mailbox());
        assertNull(url.uidValidity());
        assertEquals(FetchItem.Text.ALL, url.section().text());
        assertEquals(new FetchItem.Partial(5, Long.MAX_VALUE), url.section().partial());
        var fields = url("/a/;UID=1/;SECTION=HEADER.FIELDS.NOT%20(To%20%22Cc%22)").section();
        assertEquals(List.of("To", "Cc"), fields.fields());
    }

    @Test
    void otherTextsAreNone() throws IOException {
        for (var text :
                List.of(
                        "",
                        "/",
                        "/a",
                        "a/;UID=1",
                        "//host/a/;UID=1",
                        "imap://host/a/;UID=1",
                        "/a;UID=1",
                        "/a/;UID=0",
                        "/a/;UID=x",
                        "/a/;UID=1/;SECTION=",
                        "/a/;UID=1/;SECTION=0",
                        "/a/;UID=1/;SECTION=1]%20BODY[2",
                        "/a/;UID=1/;SECTION=HEADER.FIELDS%20({3}",
                        "/a/;UID=1/;SECTION=HEADER%0D%0A",
                        "/a/;UID=1/;PARTIAL=",
                        "/a/;UID=1/;PARTIAL=1.0",
                        "/a/;UID=1/;PARTIAL=99999999999999999999",
                        "/a%/;UID=1",
                        "/a%4/;UID=1",
                        "/a%zz/;UID=1",
                        "/a%ff/;UID=1",
                        "/a/;UID=1/",
                        "/" + "a".repeat(5000) + "/;UID=1")) {
            assertNull(ImapUrl.parse(text), text);
        }
    }
}
