// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.SubjectTerm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.SortTerm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Instance;

/// The mail library of the Jakarta platform works with mailboxes over IMAP.
class AngusMailTest {
    private static final String USER = "bob@mx.test";
    private static final String PARTS =
            """
            Subject: parts
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            R3LDvMOfZQ==
            --b
            Content-Type: application/octet-stream
            Content-Disposition: attachment; filename=a.bin
            Content-Transfer-Encoding: base64

            AAECAw==
            --b--
            """;

    @TempDir Path dir;
    private Instance mx;
    private Store store;

    @BeforeEach
    void start() throws IOException, MessagingException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user(USER, "secret").start();
        mx.send("ann@mx.test", USER, PARTS);
        for (int i = 1; i <= 4; i++) {
            mx.send("ann@mx.test", USER, "Subject: letter " + i % 3 + "\n\ntext " + i);
        }
        mx.awaitEmptyQueue();
        store = Session.getInstance(new Properties()).getStore("imap");
        store.connect("127.0.0.1", mx.port(143), USER, "secret");
    }

    @AfterEach
    void stop() throws IOException, MessagingException {
        store.close();
        mx.close();
    }

    private IMAPFolder inbox() throws MessagingException {
        Folder inbox = store.getFolder("INBOX");
        inbox.open(Folder.READ_WRITE);
        return (IMAPFolder) inbox;
    }

    private static Message message(Folder in, String subject) throws MessagingException {
        return in.search(new SubjectTerm(subject))[0];
    }

    @Test
    void listsPartsAndAttachmentsAreRead() throws MessagingException, IOException {
        try (var inbox = inbox()) {
            var list = new FetchProfile();
            list.add(FetchProfile.Item.ENVELOPE);
            list.add(FetchProfile.Item.CONTENT_INFO);
            list.add(FetchProfile.Item.FLAGS);
            list.add(UIDFolder.FetchProfileItem.UID);
            Message[] all = inbox.getMessages();
            inbox.fetch(all, list);
            assertEquals(5, all.length);
            var parts = (Multipart) message(inbox, "parts").getContent();
            assertEquals("Grüße", parts.getBodyPart(0).getContent());
            assertEquals("a.bin", parts.getBodyPart(1).getFileName());
            assertArrayEquals(
                    new byte[] {0, 1, 2, 3}, parts.getBodyPart(1).getInputStream().readAllBytes());
        }
    }

    @Test
    void foldersAreMadeFilledAndTakenAway() throws MessagingException {
        try (var inbox = inbox()) {
            Folder made = store.getFolder("Grüße & mehr");
            assertTrue(made.create(Folder.HOLDS_MESSAGES));
            made.setSubscribed(true);
            inbox.copyMessages(inbox.search(new SubjectTerm("letter 1")), made);
            inbox.moveMessages(inbox.search(new SubjectTerm("parts")), made);
            assertEquals(0, inbox.search(new SubjectTerm("parts")).length);
            made.open(Folder.READ_WRITE);
            assertEquals(3, made.getMessageCount());
            made.getMessage(1).setFlag(Flags.Flag.FLAGGED, true);
            made.getMessage(2).setFlag(Flags.Flag.DELETED, true);
            assertEquals(1, made.expunge().length);
            assertTrue(made.getMessage(1).isSet(Flags.Flag.FLAGGED));
            made.close();
            assertTrue(
                    Arrays.stream(store.getDefaultFolder().listSubscribed())
                            .anyMatch(f -> f.getName().equals("Grüße & mehr")));
            assertTrue(made.renameTo(store.getFolder("later")));
            assertTrue(store.getFolder("later").delete(true));
        }
    }

    @Test
    void whatIsAddedIsFoundByItsUid() throws MessagingException {
        try (var inbox = inbox()) {
            byte[] text = "Subject: added\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
            var added =
                    new MimeMessage(
                            Session.getInstance(new Properties()), new ByteArrayInputStream(text));
            var uids = inbox.appendUIDMessages(new Message[] {added});
            assertNotNull(uids[0]);
            assertEquals("added", inbox.getMessageByUID(uids[0].uid).getSubject());
        }
    }

    @Test
    void theServerSorts() throws MessagingException {
        try (var inbox = inbox()) {
            Message[] sorted =
                    inbox.getSortedMessages(new SortTerm[] {SortTerm.REVERSE, SortTerm.SUBJECT});
            assertEquals("parts", sorted[0].getSubject());
            assertEquals("letter 2", sorted[1].getSubject());
            assertEquals("letter 0", sorted[4].getSubject());
        }
    }

    @Test
    void whoIdlesHearsOfNewMail() throws Exception {
        try (var inbox = inbox()) {
            var heard = new CountDownLatch(1);
            inbox.addMessageCountListener(
                    new MessageCountAdapter() {
                        @Override
                        public void messagesAdded(MessageCountEvent e) {
                            heard.countDown();
                        }
                    });
            var idle =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    inbox.idle(true);
                                } catch (MessagingException e) {
                                    throw new AssertionError(e);
                                }
                            });
            mx.send("ann@mx.test", USER, "Subject: new\n\ntext");
            assertTrue(heard.await(30, TimeUnit.SECONDS));
            idle.join(TimeUnit.SECONDS.toMillis(30));
            assertEquals(6, inbox.getMessageCount());
        }
    }
}
