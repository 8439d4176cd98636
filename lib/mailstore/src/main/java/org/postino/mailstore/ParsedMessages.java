// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import org.postino.util.BoundedMap;

/// The results of parsing messages, of all opened mailboxes, so that a client that asks for one thing after another lets each
/// message be parsed once, and sessions of one mailbox share it.
///
/// Bounded for the whole process: the message that nobody asked for longest goes first. The last one is kept whatever it weighs, as
/// its parts may be fetched one by one. A message's content never changes, but a file that another program writes over may change
/// under its UID: a message of another size is another message. A mailbox that the process forgets takes its messages along.
///
/// Safe for use by several threads.
final class ParsedMessages {
    /// Enough for about a thousand ordinary messages.
    static final long BOUND = 2 << 20;

    private record Key(Object era, long uidValidity, long uid) {}

    private record Kept(ParsedMessage parsed, long size) {}

    private final BoundedMap<Key, Kept> kept;

    /// @param bound how many bytes the messages but the last may weigh
    ParsedMessages(long bound) {
        kept = BoundedMap.byUse(Integer.MAX_VALUE, bound);
    }

    /// The results kept for a message that is there now; [ParsedMessage#NOTHING] for any other.
    synchronized ParsedMessage find(Folder folder, long uid) {
        Snapshot<?> now = folder.current();
        StoredMessage there = now.find(uid);
        var key = new Key(folder.era(), now.uidValidity(), uid);
        Kept found = kept.get(key);
        if (found == null) {
            return ParsedMessage.NOTHING;
        }
        if (there == null || differ(there.knownSize(), found.size)) {
            kept.remove(key);
            return ParsedMessage.NOTHING;
        }
        return found.parsed;
    }

    private static boolean differ(long size, long other) {
        return size >= 0 && other >= 0 && size != other;
    }

    /// Keeps what is known of a message, with what was known before.
    synchronized void put(Folder folder, long uid, ParsedMessage parsed) {
        Snapshot<?> now = folder.current();
        StoredMessage there = now.find(uid);
        if (there == null) {
            return;
        }
        ParsedMessage both = parsed.or(find(folder, uid));
        var key = new Key(folder.era(), now.uidValidity(), uid);
        kept.put(key, new Kept(both, there.knownSize()), both.weight());
    }

    /// Forgets the messages of a folder that nobody uses any more.
    synchronized void forget(Folder folder) {
        Object era = folder.era();
        kept.removeIf(entry -> entry.key().era.equals(era));
    }

    /// The number of messages that are kept.
    synchronized int size() {
        return kept.size();
    }

    /// About how many bytes they take.
    synchronized long weight() {
        return kept.weight();
    }
}
