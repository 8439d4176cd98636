// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.ArrayList;
import java.util.List;

/// The capabilities that hold at a moment of a session (RFC 3501, 7.2.1), by name: before log-in how to log in, then what works.
final class ImapCapabilities {
    /// True for everybody.
    private static final List<String> ALWAYS =
            List.of("IMAP4rev1", "IMAP4rev2", "SASL-IR", "LITERAL+", "ID", "ENABLE");

    /// True once a user has logged in, in the order of the alphabet.
    private static final List<String> OF_USERS =
            List.of(
                    "BINARY",
                    "CATENATE",
                    "CHILDREN",
                    "COMPRESS=DEFLATE",
                    "CONDSTORE",
                    "CONTEXT=SEARCH",
                    "CONTEXT=SORT",
                    "CREATE-SPECIAL-USE",
                    "ESEARCH",
                    "ESORT",
                    "I18NLEVEL=1",
                    "IDLE",
                    "INPROGRESS",
                    "LIST-EXTENDED",
                    "LIST-METADATA",
                    "LIST-STATUS",
                    "METADATA",
                    "MOVE",
                    "MULTIAPPEND",
                    "MULTISEARCH",
                    "NAMESPACE",
                    "NOTIFY",
                    "OBJECTID",
                    "PARTIAL",
                    "PREVIEW",
                    "QRESYNC",
                    "REPLACE",
                    "SAVEDATE",
                    "SEARCHRES",
                    "SORT",
                    "SORT=DISPLAY",
                    "SPECIAL-USE",
                    "STATUS=SIZE",
                    "THREAD=ORDEREDSUBJECT",
                    "THREAD=REFERENCES",
                    "THREAD=REFS",
                    "UIDONLY",
                    "UIDPLUS",
                    "UNAUTHENTICATE",
                    "UNSELECT",
                    "URL-PARTIAL",
                    "UTF8=ACCEPT",
                    "WITHIN");

    private ImapCapabilities() {}

    /// Before log-in.
    ///
    /// @param startTls the connection may go over to TLS
    /// @param mechanisms of AUTHENTICATE
    /// @param login LOGIN is allowed now
    static List<String> ofStrangers(boolean startTls, List<String> mechanisms, boolean login) {
        var names = new ArrayList<>(ALWAYS);
        if (startTls) {
            names.add("STARTTLS");
        }
        for (String mechanism : mechanisms) {
            names.add("AUTH=" + mechanism);
        }
        if (!login) {
            names.add("LOGINDISABLED");
        }
        return names;
    }

    /// After log-in.
    static List<String> ofUsers(ImapdSettings settings) {
        var names = new ArrayList<>(ALWAYS);
        names.addAll(OF_USERS);
        if (settings.appendLimit() > 0) {
            names.add("APPENDLIMIT=" + settings.appendLimit());
        }
        return names;
    }
}
