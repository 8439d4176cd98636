// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postino.kit.Conversations;
import org.postino.linux.AsUser;

final class ConversationsTest {
    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException {
        return Conversations.tests(Path.of("src/test/conversations"), Lab::open);
    }

    /// The same where files are touched as somebody else, by threads that do nothing but that.
    @TestFactory
    Stream<DynamicTest> dialoguesAboutTheMailOfOthers() throws IOException {
        Assumptions.assumeTrue(AsUser.isPossible(), "needs root");
        return Conversations.tests(Path.of("src/test/conversations"), Lab::openForOthers);
    }
}
