// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postino.kit.Conversations;

final class ConversationsTest {
    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        return Conversations.tests(Path.of("src/test/conversations"), Lab::open);
    }
}
