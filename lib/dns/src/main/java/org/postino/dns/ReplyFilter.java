// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.io.IOException;

/// Says which records of answers are passed over.
@FunctionalInterface
public interface ReplyFilter {
    /// True if a record does not count.
    ///
    /// @param record `name ttl IN type value`, with final dots of names: `a.test. 60 IN MX 10 mx.a.test.`
    /// @throws IOException it is not known today, and so no answer is
    boolean drops(String record) throws IOException;
}
