// SPDX-License-Identifier: Apache-2.0

package org.postino.fts;

import java.util.Arrays;
import org.postino.ipc.FieldReader;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.ProtocolException;

/// The messages of a mailbox that may meet a condition, as far as the index goes.
///
/// @param validity UIDVALIDITY of the mailbox that was indexed; 0 if there is no index
/// @param last the highest UID that was indexed, 0 for none: what is above may meet the condition too
/// @param uids ascending; perhaps also of messages that are gone
@SuppressWarnings("ArrayRecordComponent") // a carrier from the index to the search, never compared
public record Candidates(long validity, long last, long[] uids) {
    /// The answer where there is no index.
    public static final Candidates NONE = new Candidates(0, 0, new long[0]);

    /// True if a message of this mailbox may meet the condition.
    public boolean has(long uid) {
        return uid > last || Arrays.binarySearch(uids, uid) >= 0;
    }

    /// The answer on the wire: the two numbers, then the differences between UIDs.
    public byte[] toBytes() {
        var out = new FieldWriter().number(validity).number(last).number(uids.length);
        long before = 0;
        for (long uid : uids) {
            out.number(uid - before);
            before = uid;
        }
        return out.toBytes();
    }

    /// Takes an answer from the wire.
    ///
    /// @throws ProtocolException it is none
    public static Candidates parse(byte[] bytes) throws ProtocolException {
        var in = new FieldReader(bytes);
        long validity = in.number();
        long last = in.number();
        long n = in.number();
        if (n > bytes.length) {
            throw new ProtocolException("more candidates than octets");
        }
        long[] uids = new long[(int) n];
        long uid = 0;
        for (int i = 0; i < n; i++) {
            uid += in.number();
            uids[i] = uid;
        }
        return new Candidates(validity, last, uids);
    }
}
