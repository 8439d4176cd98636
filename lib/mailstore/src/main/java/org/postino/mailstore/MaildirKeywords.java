// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The keywords of a Maildir: the first 26 in use have letters in file names, as Dovecot has them, the others stand in a file of
/// ours. A letter that no message has is given to another keyword when it is needed. All under the lock of the index.
final class MaildirKeywords {
    private final MaildirFiles files;
    private final MaildirState state;
    private final Keywords lettered;
    private final MoreKeywords more;

    MaildirKeywords(MaildirFiles files, MaildirState state) {
        this.files = files;
        this.state = state;
        this.lettered = files.keywords();
        this.more = files.more();
    }

    /// Gives the keywords of flags letters, as far as there are any.
    void giveLetters(Flags flags) throws IOException {
        lettered.read();
        if (lettered.without(flags.keywords()).isEmpty()) {
            return;
        }
        if (!lettered.isFull() || lettersOf(state.snapshot()) != Keywords.ALL) {
            try (var _ = files.lockUidList()) {
                lettered.add(flags.keywords(), this::usedLetters);
            }
        }
    }

    private static int lettersOf(Snapshot<MaildirMessage> snapshot) {
        int letters = 0;
        for (MaildirMessage m : snapshot.messages()) {
            letters |= MaildirName.keywordBits(m.suffix());
        }
        return letters;
    }

    /// The letters in use on the disk, where another program may have changed some since we looked.
    private int usedLetters() throws IOException {
        int letters = 0;
        for (Path place : List.of(files.directory().fresh, files.directory().cur)) {
            for (String suffix : files.directory().list(place).files().values()) {
                letters |= MaildirName.keywordBits(suffix);
            }
        }
        return letters;
    }

    /// The names of all keywords, those with letters first.
    List<String> names() {
        var names = lettered.list();
        for (String name : more.names()) {
            if (names.stream().noneMatch(name::equalsIgnoreCase)) {
                names.add(name);
            }
        }
        return names;
    }

    /// True if a keyword with a new name could be kept.
    boolean newAllowed() {
        return !lettered.isFull() || !more.isFull();
    }

    /// The keywords that a message is to have.
    ///
    /// @param letters those in its name; a letter stays itself, whatever it is called meanwhile
    /// @param rest those that have none, in alphabetic order
    record Wanted(int letters, List<String> rest) {}

    Wanted stored(MaildirMessage m, StoreMode mode, Flags flags) {
        int old = MaildirName.keywordBits(m.suffix());
        int given = lettered.bits(flags.keywords());
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(mode == StoreMode.REPLACE ? List.of() : more.of(m.uid()));
        if (mode == StoreMode.REMOVE) {
            names.removeAll(flags.keywords());
        } else {
            names.addAll(flags.keywords());
        }
        int letters =
                switch (mode) {
                    case ADD -> old | given;
                    case REMOVE -> old & ~given;
                    case REPLACE -> given;
                };
        return new Wanted(letters | lettered.bits(names), lettered.without(names));
    }

    /// The suffix of a file with these flags.
    String suffix(Flags flags) {
        return MaildirName.suffix(flags.bits(), lettered.bits(flags.keywords()));
    }

    /// The flags that the name of a file tells.
    Flags lettered(Flags flags) {
        return Flags.ofBits(flags.bits(), lettered.names(lettered.bits(flags.keywords())));
    }

    /// Notes the keywords without letters of messages that are about to be added, as far as there is room.
    ///
    /// @return the flags that each message keeps, by UID
    SortedMap<Long, Flags> keep(SortedMap<Long, Flags> added) throws IOException {
        var rest = new TreeMap<Long, List<String>>();
        for (var entry : added.entrySet()) {
            List<String> names = lettered.without(entry.getValue().keywords());
            if (!names.isEmpty()) {
                rest.put(entry.getKey(), names);
            }
        }
        if (rest.isEmpty()) {
            return added;
        }
        SortedMap<Long, List<String>> kept = more.fitting(rest, state.snapshot().messages());
        try {
            more.put(kept, state.snapshot().messages());
        } catch (MailStoreException e) {
            if (e.problem() != MailStoreException.Problem.LIMIT) {
                throw e;
            }
            kept = new TreeMap<>(); // the file would become too large
        }
        var flags = new TreeMap<Long, Flags>();
        for (var entry : added.entrySet()) {
            Flags lettered = lettered(entry.getValue());
            var names = new ArrayList<>(lettered.keywords());
            names.addAll(kept.getOrDefault(entry.getKey(), List.of()));
            flags.put(entry.getKey(), Flags.ofBits(lettered.bits(), names));
        }
        return flags;
    }
}
