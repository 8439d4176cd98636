// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postino.message.HeaderBlock;

/// Threads of hostile and of broken mail.
final class ThreadsTest {
    private static final int DEEP = 10_000;

    private final ThreadAlgorithm.Threads threads = ThreadAlgorithm.REFS.begin();
    private int count;

    private void add(String header) {
        add(threads, header);
    }

    private void add(ThreadAlgorithm.Threads to, String header) {
        count++;
        byte[] bytes = (header + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        to.add(
                new ThreadNode.Message(count, count, "", false),
                HeaderBlock.of(bytes, ThreadAlgorithm.fields()::contains));
    }

    private static String print(ThreadAlgorithm.Threads of) throws IOException {
        var ended = of.end();
        byte[] bytes = ImapWriter.print(out -> new ThreadPrinter(out, n -> n).print(ended));
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static String upTo(int last) {
        var numbers = new StringBuilder(" (1");
        for (int i = 2; i <= last; i++) {
            numbers.append(' ').append(i);
        }
        return numbers.append(')').toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"REFERENCES", "REFS"})
    void aDeepChain(ThreadAlgorithm algorithm) throws IOException {
        var deep = algorithm.begin();
        for (int i = 1; i <= DEEP; i++) {
            add(deep, "Message-ID: <" + i + "@x>\r\nReferences: <" + (i - 1) + "@x>");
        }
        assertEquals(upTo(DEEP), print(deep));
    }

    @Test
    void aDeepChainThatArrivesFromItsEnd() throws IOException {
        for (int i = 1; i <= DEEP; i++) {
            add("Message-ID: <" + i + "@x>\r\nReferences: <" + (i + 1) + "@x>");
        }
        var backwards = new StringBuilder(" (");
        for (int i = DEEP; i > 1; i--) {
            backwards.append(i).append(' ');
        }
        assertEquals(backwards + "1)", print(threads));
    }

    @Test
    void aDeepForkingChain() throws IOException {
        for (int i = 1; i <= DEEP; i++) {
            int parent = i / 2;
            add("Message-ID: <" + i + "@x>\r\nReferences: <" + parent + "@x>");
            add("Message-ID: <y" + i + "@x>\r\nReferences: <" + i + "@x>");
        }
        assertEquals(2 * DEEP, ThreadNode.all(threads.end()).size());
    }

    @Test
    void onlyTheFirstOfALoopIsLinked() throws IOException {
        add("Message-ID: <a@x>\r\nReferences: <b@x>");
        add("Message-ID: <b@x>\r\nReferences: <c@x>");
        add("Message-ID: <c@x>\r\nReferences: <a@x>");
        assertEquals(" (3 2 1)", print(threads));
    }

    @Test
    void nobodyAnswersHimself() throws IOException {
        add("Message-ID: <a@x>\r\nReferences: <a@x> <a@x>");
        add("Message-ID: <b@x>\r\nReferences: <a@x> <b@x> <a@x>");
        assertEquals(" (1 2)", print(threads));
    }

    @Test
    void ofTheSameIdentifierTheFirstHasIt() throws IOException {
        add("Message-ID: <a@x>");
        add("Message-ID: <a@x>");
        add("References: <a@x>");
        add("In-Reply-To: your letter <a@x> and <b@x>");
        add("Message-ID: none\r\nReferences: nothing");
        add("Subject: no identifier at all");
        assertEquals(" (2)(1 (3)(4))(5)(6)", print(threads));
    }

    @Test
    void whatIsNotThereHoldsItsAnswersTogether() throws IOException {
        add("Message-ID: <a@x>\r\nReferences: <gone@x> <gone2@x>");
        add("Message-ID: <b@x>\r\nReferences: <gone@x> <gone2@x>");
        add("Message-ID: <c@x>\r\nReferences: <gone3@x>");
        add("Message-ID: <\"d\" @ x>\r\nReferences: (a comment) <c(hm)@x>");
        add("Message-ID: <e@x>\r\nReferences: <d@x>");
        assertEquals(" ((1)(2))(3 4 5)", print(threads));
    }

    /// So many identifiers of messages that are not there are no reason to keep them all, nor to forget who is there.
    @Test
    void referencesToWhatNeverWasAreNotKeptForEver() throws IOException {
        for (int i = 1; i <= 300; i++) {
            var header = new StringBuilder("Message-ID: <" + i + "@x>\r\nReferences:");
            for (int n = 0; n < 400; n++) {
                header.append(" <").append(i).append('.').append(n).append("@gone>");
            }
            add(header + " <" + (i - 1) + "@x>");
        }
        assertEquals(upTo(300), print(threads));
    }

    @Test
    void subjectsJoinWhatIdentifiersDoNot() throws IOException {
        var bySubject = ThreadAlgorithm.REFERENCES.begin();
        var none = HeaderBlock.of(new byte[0], _ -> false);
        for (var message :
                List.of(
                        new ThreadNode.Message(1, 10, "A", true),
                        new ThreadNode.Message(2, 5, "A", false),
                        new ThreadNode.Message(3, 20, "A", true),
                        new ThreadNode.Message(4, 1, "", false),
                        new ThreadNode.Message(5, 2, "", false),
                        new ThreadNode.Message(6, 30, "B", false),
                        new ThreadNode.Message(7, 29, "B", false))) {
            bySubject.add(message, none);
        }
        assertEquals(" (4)(5)(2 (1)(3))((7)(6))", print(bySubject));
    }
}
