// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Conversations;

/// Plays `conversations/*.txt`, and `postscreen/*.txt` with postscreen in front.
final class ConversationTest {
    @TempDir Path directory;

    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        return Conversations.tests(
                Path.of("src/test/resources/conversations"), () -> new SmtpdStage(directory));
    }

    @TestFactory
    Stream<DynamicTest> postscreen() throws IOException {
        return Conversations.tests(
                Path.of("src/test/resources/postscreen"), () -> new SmtpdStage(directory, true));
    }
}
