// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.util.List;
import org.xbill.DNS.Record;

/// An answer with records as dnsjava makes them, and for how many seconds it holds; 0 if it must not be kept.
record RawAnswer(Answer<Record> answer, long ttl) {

    static RawAnswer tempFail(String reason) {
        return new RawAnswer(new Answer.TempFail<>(reason), 0);
    }

    static RawAnswer found(List<Record> records, long ttl) {
        return new RawAnswer(new Answer.Found<>(records), ttl);
    }
}
