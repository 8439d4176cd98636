// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {
    private final List<String> asked = new ArrayList<>();

    /// Sources are words: one that is mute cannot answer, one in capitals has an answer.
    private Optional<String> ask(String source) throws IOException {
        asked.add(source);
        if (source.equals("mute")) {
            throw new IOException("mute " + asked.size());
        }
        return Optional.of(source).filter(s -> s.equals(s.toUpperCase(Locale.ROOT)));
    }

    @Test
    void whoComesAfterTheAnswerIsNotAsked() throws IOException {
        assertEquals(Optional.of("A"), FirstAnswer.of(List.of("x", "A", "B"), this::ask));
        assertEquals(List.of("x", "A"), asked);
    }

    @Test
    void aSourceThatCannotAnswerIsNoMatterIfAnotherCan() throws IOException {
        assertEquals(Optional.of("A"), FirstAnswer.of(List.of("mute", "A"), this::ask));
    }

    @Test
    void withoutAnAnswerTheTroubleCounts() {
        var trouble =
                assertThrows(
                        IOException.class, () -> FirstAnswer.of(List.of("mute", "x"), this::ask));
        assertEquals("mute 1", trouble.getMessage());
        assertEquals(List.of("mute", "x"), asked);
    }

    @Test
    void noSourceHasOne() throws IOException {
        assertEquals(Optional.empty(), FirstAnswer.of(List.of("x", "y"), this::ask));
        assertEquals(Optional.empty(), FirstAnswer.of(List.<String>of(), this::ask));
    }
}
