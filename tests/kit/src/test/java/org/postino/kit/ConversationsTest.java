// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsTest {
    @TempDir Path dir;

    @Test
    void anEchoServerIsTalkedToLineByLine() throws IOException {
        var stage = new Echo();
        play(
                stage,
                """
                # a comment
                param  greeting = hello
                C: one two
                S: one two
                C= "raw\\r\\n" "x"*3 "\\r\\n"   # two lines
                S: raw
                S: xxx
                C: id=42 rest
                S: id=$id ~
                C: got $id
                S: got 42
                C2: another
                S2...another
                word: text 42
                log: greeting ~
                """);
        assertEquals(List.of("word=text 42"), stage.directives);
    }

    @Test
    void aLineThatDoesNotMatchFailsAndNamesItself() throws IOException {
        var stage = new Echo();
        var error = assertThrows(AssertionError.class, () -> play(stage, "C: one\nS: two\n"));
        assertTrue(String.valueOf(error.getMessage()).contains("talk.txt:2"), error.getMessage());
        assertTrue(String.valueOf(error.getMessage()).contains("got: one"), error.getMessage());
    }

    @Test
    void aServerThatAnswersIsNotTakenForClosed() {
        var stage = new Echo();
        assertThrows(AssertionError.class, () -> play(stage, "C: one\nS: (closed)\n"));
    }

    @Test
    void patternsAreLiteralButForTildeAndNames() {
        var pattern = new Pattern(new HashMap<>());
        assertTrue(pattern.matches("250 [x] ~", "250 [x] anything at all"));
        assertFalse(pattern.matches("250.", "2500"));
        assertTrue(pattern.matches("a~b~c", "a--b--c"));
        assertFalse(pattern.matches("a~b", "a--bc"));
        assertTrue(pattern.matches("queued as $id", "queued as 4F2A"));
        assertFalse(pattern.matches("removed $id", "removed 4F2B"));
        assertEquals("id 4F2A costs $", pattern.fill("id $id costs $$"));
    }

    private void play(Stage stage, String text) throws IOException {
        Path file = Files.writeString(dir.resolve("talk.txt"), text);
        try (stage) {
            Conversations.play(file, stage);
        }
    }

    /// Sends back whatever comes.
    private static final class Echo implements Stage {
        final List<String> directives = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private final ServerSocket listener = listen();

        private static ServerSocket listen() {
            try {
                return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void param(String name, String value) {
            log.add(name + " " + value);
        }

        @Override
        public Socket connect() throws IOException {
            var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            Socket server = listener.accept();
            Thread.ofVirtual().start(() -> echo(server));
            return client;
        }

        private static void echo(Socket server) {
            try (server) {
                server.getInputStream().transferTo(server.getOutputStream());
            } catch (IOException e) {
                assertFalse(server.isInputShutdown(), () -> "client gone: " + e);
            }
        }

        @Override
        public List<String> log() {
            return List.copyOf(log);
        }

        @Override
        public void directive(String word, String argument) {
            directives.add(word + "=" + argument);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
