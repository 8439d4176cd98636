// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A question that is put to one source after the other until one has an answer.
public final class FirstAnswer {
    private FirstAnswer() {}

    /// The question that is put to a source.
    @FunctionalInterface
    public interface Question<S, A> {
        /// The answer of a source; empty if it has none.
        ///
        /// @throws IOException it cannot answer now
        Optional<A> ask(S source) throws IOException;
    }

    /// The first answer; empty if every source has been asked and none has one.
    ///
    /// @throws IOException a source could not answer, and no other had an answer
    public static <S, A> Optional<A> of(List<? extends S> sources, Question<S, A> question)
            throws IOException {
        @Nullable IOException trouble = null;
        for (S source : sources) {
            try {
                Optional<A> answer = question.ask(source);
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (IOException e) {
                trouble = e;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        return Optional.empty();
    }
}
