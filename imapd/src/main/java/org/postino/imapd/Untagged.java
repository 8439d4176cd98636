// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ThreadNode;
import org.postino.mailstore.MessageEntry;
import org.postino.mailstore.UidRange;

/// A response without a tag (RFC 3501, 7), as a value; [ResponseWriter] prints it.
sealed interface Untagged {
    record Ok(@Nullable ResponseCode code, String text) implements Untagged {}

    record No(@Nullable ResponseCode code, String text) implements Untagged {}

    record Bad(String text) implements Untagged {}

    record Bye(String text) implements Untagged {}

    record Capability(List<String> names) implements Untagged {}

    record Exists(int messages) implements Untagged {}

    record Recent(int messages) implements Untagged {}

    record Expunge(int sequence) implements Untagged {}

    record FlagNames(List<String> names) implements Untagged {}

    /// The UIDs of messages that are gone, ascending (RFC 7162, 3.2.10).
    ///
    /// @param earlier they went before the mailbox was selected: no sequence number changes
    record Vanished(List<UidRange> uids, boolean earlier) implements Untagged {}

    /// FETCH with FLAGS, in front of them UID and MODSEQ if wanted.
    record MessageFlags(int sequence, MessageEntry message, boolean withUid, boolean withModSeq)
            implements Untagged {}

    /// FETCH with MODSEQ and no flags, in front of it UID if wanted.
    record MessageModSeq(int sequence, MessageEntry message, boolean withUid) implements Untagged {}

    /// LIST or LSUB.
    ///
    /// @param subscribedBelow CHILDINFO (RFC 5258): a name below it is subscribed
    /// @param oldName OLDNAME (RFC 9051, 6.3.9.7): what the mailbox was called before, or by the client; null without
    record ListLine(
            boolean lsub,
            List<String> attributes,
            char separator,
            String name,
            boolean subscribedBelow,
            @Nullable String oldName)
            implements Untagged {
        /// LIST without extended data.
        static ListLine of(List<String> attributes, char separator, String name) {
            return new ListLine(false, attributes, separator, name, false, null);
        }
    }

    /// The counts of a mailbox.
    ///
    /// @param values as they stand in the response, by item
    record Status(String mailbox, Map<String, String> values) implements Untagged {}

    /// SEARCH or SORT (RFC 5256), the numbers in their order.
    ///
    /// @param modSeq the highest of them, if the client asked for it and there are any
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record SearchResult(boolean sorted, long[] numbers, @Nullable Long modSeq)
            implements Untagged {}

    /// THREAD (RFC 5256).
    ///
    /// @param names the number that the client sees for a sequence number
    record Threads(List<ThreadNode> threads, IntToLongFunction names) implements Untagged {}

    /// ESEARCH (RFC 4731).
    ///
    /// @param source the mailbox, where it need not be the selected one (RFC 7377)
    record Esearch(String tag, @Nullable Source source, boolean uid, List<Result> results)
            implements Untagged {
        record Source(String mailbox, long uidValidity) {}

        /// @param value as it stands in the response
        record Result(String name, String value) {}
    }

    record Namespace(String prefix, char separator) implements Untagged {}

    /// Entries of a mailbox with their values, if they have one (RFC 5464, 4.4.1).
    record Metadata(String mailbox, SequencedMap<String, Optional<byte[]>> entries)
            implements Untagged {}

    /// The names of entries that have changed (RFC 5464, 4.4.2).
    record MetadataNames(String mailbox, List<String> entries) implements Untagged {}

    record Id(String name) implements Untagged {}

    record Enabled(List<String> names) implements Untagged {}
}
