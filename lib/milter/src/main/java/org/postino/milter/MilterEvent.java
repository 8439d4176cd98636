// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

/// The things that a filter is told, with their letters.
enum MilterEvent {
    /// Data: the client's name, the letter of its address family, its port, its address.
    CONNECT('C', "CONNECT", 0x1, 0x1000, 0),
    /// Data: the client's name for itself.
    HELO('H', "HELO", 0x2, 0x2000, 1),
    /// Data: the sender in `<>`, ESMTP parameters, each a text.
    MAIL('M', "MAIL", 0x4, 0x4000, 2),
    /// Data: the recipient in `<>`, ESMTP parameters, each a text.
    RCPT('R', "RCPT", 0x8, 0x8000, 3),
    /// No data: the envelope is complete.
    DATA('T', "DATA", 0x200, 0x10000, 4),
    /// Data: a command that nobody knows.
    UNKNOWN('U', "UNKNOWN", 0x100, 0x20000, -1),
    /// Data: a field's name and value.
    HEADER('L', "HEADER", 0x20, 0x80, -1),
    /// No data.
    END_OF_HEADER('N', "EOH", 0x40, 0x40000, 6),
    /// Data: at most [#CHUNK] bytes of the body.
    BODY('B', "BODY", 0x10, 0x80000, -1),
    /// No data.
    END_OF_MESSAGE('E', "BODYEOB", 0, 0, 5);

    /// The most bytes of a body in one packet.
    static final int CHUNK = 65_535;

    private final char letter;
    private final String word;
    private final int skip;
    private final int silent;
    private final int list;

    MilterEvent(char letter, String word, int skip, int silent, int list) {
        this.letter = letter;
        this.word = "SMFIC_" + word;
        this.skip = skip;
        this.silent = silent;
        this.list = list;
    }

    /// The letter of its packet.
    int letter() {
        return letter;
    }

    /// The name in the log, as libmilter and Postfix call it.
    String word() {
        return word;
    }

    /// The bit by which a filter says that it does not want to be told (`SMFIP_NO...`).
    int skip() {
        return skip;
    }

    /// The bit by which a filter says that it does not answer (`SMFIP_NR_...`).
    int silent() {
        return silent;
    }

    /// The number by which a filter says which macros it wants with it (`SMFIM_...`); -1 if it cannot.
    int list() {
        return list;
    }

    /// True if it concerns the client, and not one message.
    boolean isOfSession() {
        return this == CONNECT || this == HELO;
    }
}
