// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The keywords of a Maildir that have no letter in file names, in the file `postino.keywords` beside our index, where Dovecot
/// keeps them in its own: `1 V<uidvalidity>`, then a line `keyword uids` for each, the UIDs as in IMAP, ascending:
/// `Project-X 1:40,77`. Changed only under the lock of the index. May be deleted at any time: these keywords are lost then.
final class MoreKeywords {
    static final String NAME = "postino.keywords";

    /// The most there can be: each is looked for in each message.
    static final int MOST = 500;

    private static final int LARGEST = 4 << 20;
    private static final long LAST_UID = 0xffff_ffffL;

    private final Path file;
    private UidList.Stamp stamp = UidList.Stamp.MISSING;
    private long validity;

    /// The first and last UIDs of the runs of messages that have a keyword.
    private SortedMap<String, long[]> runs = empty();

    MoreKeywords(Path directory) {
        this.file = directory.resolve(NAME);
    }

    private static SortedMap<String, long[]> empty() {
        return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }

    /// Reads the file if it changed.
    ///
    /// @return whether something else is known now
    boolean read(long uidValidity) throws IOException {
        UidList.Stamp now = UidList.Stamp.of(file);
        if (now.equals(stamp) && validity == uidValidity) {
            return false;
        }
        stamp = now;
        validity = uidValidity;
        boolean before = !runs.isEmpty();
        runs = empty();
        try {
            parse(Private.lines(file, StandardCharsets.ISO_8859_1), uidValidity);
        } catch (NoSuchFileException e) {
            return before;
        }
        return true;
    }

    private void parse(List<String> lines, long uidValidity) {
        if (lines.isEmpty() || !lines.getFirst().equals("1 V" + uidValidity)) {
            return;
        }
        for (String line : lines.subList(1, lines.size())) {
            int blank = line.indexOf(' ');
            String keyword = blank < 0 ? line : line.substring(0, blank);
            long[] uids = blank < 0 ? null : runs(line, blank + 1);
            if (uids != null && runs.size() < MOST && Flags.isKeyword(keyword)) {
                runs.put(keyword, uids);
            }
        }
    }

    /// Reads `1:40,77`; null if it is nothing of the kind.
    private static long @Nullable [] runs(String text, int from) {
        var found = new long[8];
        int n = 0;
        long last = 0;
        for (int at = from; at <= text.length(); ) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            int colon = text.indexOf(':', at);
            boolean one = colon < 0 || colon > end;
            try {
                long first = Long.parseLong(text, at, one ? end : colon, 10);
                long until = one ? first : Long.parseLong(text, colon + 1, end, 10);
                if (first <= last || until < first || until > LAST_UID) {
                    return null;
                }
                if (n == found.length) {
                    found = Arrays.copyOf(found, 2 * n);
                }
                found[n++] = first;
                found[n++] = until;
                last = until;
            } catch (NumberFormatException e) {
                return null;
            }
            at = end + 1;
        }
        return Arrays.copyOf(found, n);
    }

    /// The names in use.
    List<String> names() {
        return List.copyOf(runs.keySet());
    }

    /// True if no other name can be taken.
    boolean isFull() {
        return runs.size() >= MOST;
    }

    /// The keywords of a message.
    List<String> of(long uid) {
        if (runs.isEmpty()) {
            return List.of();
        }
        var list = new ArrayList<String>(2);
        for (var entry : runs.entrySet()) {
            if (contains(entry.getValue(), uid)) {
                list.add(entry.getKey());
            }
        }
        return list;
    }

    private static boolean contains(long[] runs, long uid) {
        int at = Arrays.binarySearch(runs, uid);
        // an even place is before a run, an odd one in it
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    /// Gives messages other keywords and writes the file, without messages that are gone.
    ///
    /// @param changes the keywords of messages that are there, or will be
    /// @param messages all that are there
    /// @throws MailStoreException `LIMIT` if it would be too many; nothing changed then
    void put(SortedMap<Long, List<String>> changes, List<? extends StoredMessage> messages)
            throws IOException {
        SortedMap<String, Runs> next = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        var left = new TreeMap<>(changes);
        for (StoredMessage m : messages) {
            List<String> changed = left.remove(m.uid());
            add(next, m.uid(), changed == null ? of(m.uid()) : changed);
        }
        for (var added : left.entrySet()) {
            add(next, added.getKey(), added.getValue());
        }
        var text = new StringBuilder("1 V" + validity + "\n");
        for (var entry : next.entrySet()) {
            text.append(entry.getKey()).append(' ');
            entry.getValue().print(text);
        }
        if (next.size() > MOST || text.length() > LARGEST) {
            throw new MailStoreException(
                    MailStoreException.Problem.LIMIT, "Maximum number of keywords reached");
        }
        Private.replace(file, text);
        SortedMap<String, long[]> now = empty();
        for (var entry : next.entrySet()) {
            now.put(entry.getKey(), entry.getValue().toArray());
        }
        runs = now;
        stamp = UidList.Stamp.of(file);
    }

    /// The keywords, of messages that are about to be added, that there is room for: names in use, and new ones while there are
    /// fewer than the most.
    SortedMap<Long, List<String>> fitting(
            SortedMap<Long, List<String>> added, List<? extends StoredMessage> messages) {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (StoredMessage m : messages) {
            names.addAll(of(m.uid()));
        }
        var fit = new TreeMap<Long, List<String>>();
        for (var entry : added.entrySet()) {
            var kept = new ArrayList<String>();
            for (String keyword : entry.getValue()) {
                if (names.contains(keyword) || (names.size() < MOST && names.add(keyword))) {
                    kept.add(keyword);
                }
            }
            fit.put(entry.getKey(), kept);
        }
        return fit;
    }

    private static void add(Map<String, Runs> to, long uid, List<String> keywords) {
        for (String keyword : keywords) {
            to.computeIfAbsent(keyword, _ -> new Runs()).add(uid);
        }
    }

    /// UIDs, added in ascending order.
    private static final class Runs {
        private long[] bounds = new long[4];
        private int size;

        void add(long uid) {
            if (size > 0 && bounds[size - 1] + 1 == uid) {
                bounds[size - 1] = uid;
                return;
            }
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * size);
            }
            bounds[size++] = uid;
            bounds[size++] = uid;
        }

        long[] toArray() {
            return Arrays.copyOf(bounds, size);
        }

        void print(StringBuilder text) {
            for (int i = 0; i < size; i += 2) {
                text.append(i == 0 ? "" : ",").append(bounds[i]);
                if (bounds[i + 1] > bounds[i]) {
                    text.append(':').append(bounds[i + 1]);
                }
            }
            text.append('\n');
        }
    }
}
