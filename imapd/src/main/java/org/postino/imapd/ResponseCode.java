// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.postino.imap.ObjectIds;
import org.postino.imap.SequenceSet;
import org.postino.mailstore.Appended;

/// The code in brackets after a status (RFC 3501, 7.1; RFC 4315; RFC 5530).
record ResponseCode(String text) {
    static final ResponseCode ALERT = new ResponseCode("ALERT");
    static final ResponseCode ALREADYEXISTS = new ResponseCode("ALREADYEXISTS");
    static final ResponseCode AUTHENTICATIONFAILED = new ResponseCode("AUTHENTICATIONFAILED");
    static final ResponseCode CANNOT = new ResponseCode("CANNOT");
    static final ResponseCode CLOSED = new ResponseCode("CLOSED");
    static final ResponseCode COMPRESSIONACTIVE = new ResponseCode("COMPRESSIONACTIVE");
    static final ResponseCode EXPUNGEISSUED = new ResponseCode("EXPUNGEISSUED");
    static final ResponseCode INUSE = new ResponseCode("INUSE");
    static final ResponseCode LIMIT = new ResponseCode("LIMIT");
    static final ResponseCode METADATA_TOOMANY = new ResponseCode("METADATA TOOMANY");
    static final ResponseCode NONEXISTENT = new ResponseCode("NONEXISTENT");
    static final ResponseCode NOPERM = new ResponseCode("NOPERM");
    static final ResponseCode NOTIFICATIONOVERFLOW = new ResponseCode("NOTIFICATIONOVERFLOW");
    static final ResponseCode OVERQUOTA = new ResponseCode("OVERQUOTA");
    static final ResponseCode PRIVACYREQUIRED = new ResponseCode("PRIVACYREQUIRED");
    static final ResponseCode READ_ONLY = new ResponseCode("READ-ONLY");
    static final ResponseCode READ_WRITE = new ResponseCode("READ-WRITE");
    static final ResponseCode SERVERBUG = new ResponseCode("SERVERBUG");
    static final ResponseCode TOOBIG = new ResponseCode("TOOBIG");
    static final ResponseCode TRYCREATE = new ResponseCode("TRYCREATE");
    static final ResponseCode UIDREQUIRED = new ResponseCode("UIDREQUIRED");
    static final ResponseCode UNKNOWN_CTE = new ResponseCode("UNKNOWN-CTE");
    static final ResponseCode UNAVAILABLE = new ResponseCode("UNAVAILABLE");
    static final ResponseCode USEATTR = new ResponseCode("USEATTR");

    private static final int LONGEST_URL = 1000;

    static ResponseCode badCharset(List<String> known) {
        return new ResponseCode("BADCHARSET (" + String.join(" ", known) + ")");
    }

    static ResponseCode capability(List<String> capabilities) {
        return new ResponseCode("CAPABILITY " + String.join(" ", capabilities));
    }

    static ResponseCode permanentFlags(List<String> flags) {
        return new ResponseCode("PERMANENTFLAGS (" + String.join(" ", flags) + ")");
    }

    static ResponseCode unseen(int sequence) {
        return new ResponseCode("UNSEEN " + sequence);
    }

    static ResponseCode uidValidity(long value) {
        return new ResponseCode("UIDVALIDITY " + value);
    }

    static ResponseCode uidNext(long value) {
        return new ResponseCode("UIDNEXT " + value);
    }

    /// The events that a client can ask for (RFC 5465, 3.1).
    static ResponseCode badEvent() {
        var words = Arrays.stream(NotifyQuery.Event.values()).map(NotifyQuery.Event::word);
        return new ResponseCode("BADEVENT (" + words.collect(Collectors.joining(" ")) + ")");
    }

    /// RFC 8474, 4.1.
    static ResponseCode mailboxId(String identity) {
        return new ResponseCode("MAILBOXID (" + ObjectIds.ofMailbox(identity) + ")");
    }

    /// RFC 7162, 3.1.2.1.
    static ResponseCode highestModSeq(long value) {
        return new ResponseCode("HIGHESTMODSEQ " + value);
    }

    /// The messages that a conditional STORE left alone (RFC 7162, 3.1.3).
    ///
    /// @param numbers ascending
    static ResponseCode modified(List<Long> numbers) {
        return new ResponseCode("MODIFIED " + set(numbers));
    }

    /// One message, or several that were added together (RFC 3502).
    static ResponseCode appendUid(List<Appended> added) {
        var uids = set(added.stream().map(Appended::uid).toList());
        return new ResponseCode("APPENDUID " + added.getFirst().uidValidity() + " " + uids);
    }

    /// The messages that a command has looked at, of how many (RFC 9585); a goal that is passed was none.
    static ResponseCode inProgress(String tag, long done, long goal) {
        return new ResponseCode(
                "INPROGRESS (\"" + tag + "\" " + done + " " + (done < goal ? goal : "NIL") + ")");
    }

    /// The size of the longest value that was left out (RFC 5464, 4.2.1).
    static ResponseCode longEntries(long longest) {
        return new ResponseCode("METADATA LONGENTRIES " + longest);
    }

    static ResponseCode metadataMaxSize(long most) {
        return new ResponseCode("METADATA MAXSIZE " + most);
    }

    /// A search of which no changes are told (RFC 5267, 4.3.1).
    static ResponseCode noUpdate(String tag) {
        return new ResponseCode("NOUPDATE \"" + tag.replaceAll("[\"\\\\]", "\\\\$0") + "\"");
    }

    /// A URL that leads to nothing (RFC 4469); the client knows it by its beginning.
    static ResponseCode badUrl(String url) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(url.length(), LONGEST_URL); i++) {
            char c = url.charAt(i);
            text.append(c > ' ' && c < 127 && c != ']' ? c : '?');
        }
        return new ResponseCode("BADURL " + text);
    }

    static ResponseCode copyUid(long validity, List<Long> from, List<Long> to) {
        return new ResponseCode("COPYUID " + validity + " " + set(from) + " " + set(to));
    }

    /// The numbers in their given order, runs as ranges.
    private static String set(List<Long> numbers) {
        return SequenceSet.print(
                numbers.stream().mapToLong(Long::longValue).toArray(), numbers.size());
    }
}
