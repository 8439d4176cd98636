// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The agreement with a filter at the beginning of its connection (`SMFIC_OPTNEG`).
///
/// @param steps the bits of what the filter leaves out, does not answer, or wants differently
/// @param macros the macros that it asked for itself
record Agreement(int steps, Map<MilterEvent, List<String>> macros) {
    static final int OPTNEG = 'O';

    private static final int SKIP = 0x400;
    private static final int REFUSED_RECIPIENTS = 0x800;
    private static final int LEADING_BLANK = 0x10_0000;

    private static final int ACTIONS_2 = 0x1f; // fields, body, recipients
    private static final int QUARANTINE = 0x20;
    private static final int ACTIONS_6 = 0x1c0; // sender, parameters of recipients, lists of macros
    private static final int STEPS_2 = 0x7f;
    private static final int NO_UNKNOWN = 0x100;
    private static final int NO_DATA = 0x200;
    private static final int STEPS_6 =
            0x1f_fc80; // no replies, SKIP, REFUSED_RECIPIENTS, LEADING_BLANK

    private static final int MOST_LISTS = 7;
    private static final int MOST_NAMES = 200;

    Agreement {
        macros = Map.copyOf(macros);
    }

    private static int actions(int version) {
        return switch (version) {
            case 2 -> ACTIONS_2;
            case 3, 4 -> ACTIONS_2 | QUARANTINE;
            default -> ACTIONS_2 | QUARANTINE | ACTIONS_6;
        };
    }

    private static int steps(int version) {
        return switch (version) {
            case 2 -> STEPS_2;
            case 3 -> STEPS_2 | NO_UNKNOWN;
            case 4 -> STEPS_2 | NO_UNKNOWN | NO_DATA;
            default -> STEPS_2 | NO_UNKNOWN | NO_DATA | STEPS_6;
        };
    }

    /// The offer to a filter: version, actions, steps.
    static byte[] offer(int version) {
        byte[] data = new byte[12];
        put(data, 0, version);
        put(data, 4, actions(version));
        put(data, 8, steps(version));
        return data;
    }

    /// Reads the filter's answer.
    ///
    /// @throws IOException it is none, or the filter wants what it was not offered
    static Agreement read(int version, MilterConnection.Packet answer) throws IOException {
        byte[] data = answer.data();
        if (answer.type() != OPTNEG || data.length < 12) {
            throw new IOException("unexpected reply to SMFIC_OPTNEG");
        }
        int theirs = number(data, 0);
        if (theirs < 2 || theirs > version) {
            throw new IOException(
                    "protocol version mismatch: "
                            + version
                            + " was offered, "
                            + Integer.toUnsignedString(theirs)
                            + " is wanted");
        }
        int steps = number(data, 8);
        if ((steps & ~steps(version)) != 0) {
            throw new IOException(
                    "unknown protocol steps 0x" + Integer.toHexString(steps & ~steps(version)));
        }
        return new Agreement(steps, lists(data));
    }

    private static Map<MilterEvent, List<String>> lists(byte[] data) throws IOException {
        Map<MilterEvent, List<String>> lists = new EnumMap<>(MilterEvent.class);
        var in = new MilterFields(data, 12);
        for (int i = 0; !in.atEnd(); i++) {
            int number = in.number();
            String names = in.text();
            List<String> list =
                    names.isBlank() ? List.of() : List.of(names.strip().split("[\\s,]+"));
            if (i == MOST_LISTS || list.size() > MOST_NAMES) {
                throw new IOException("too many macros are wanted");
            }
            for (MilterEvent event : MilterEvent.values()) {
                if (event.list() == number) {
                    lists.put(event, list.stream().map(MilterMacros::braced).toList());
                }
            }
        }
        return lists;
    }

    /// True if the filter is not told of an event.
    boolean leavesOut(MilterEvent event) {
        return (steps & event.skip()) != 0;
    }

    /// True if the filter does not answer to an event.
    boolean isSilentAt(MilterEvent event) {
        return (steps & event.silent()) != 0;
    }

    /// True if it may say that it has seen enough of a body.
    boolean maySkip() {
        return (steps & SKIP) != 0;
    }

    /// True if it wants to hear of recipients that were refused.
    boolean wantsRefused() {
        return (steps & REFUSED_RECIPIENTS) != 0;
    }

    /// True if values of fields keep the blank behind the colon, both ways.
    boolean keepsBlank() {
        return (steps & LEADING_BLANK) != 0;
    }

    private static void put(byte[] data, int at, int value) {
        for (int i = 0; i < 4; i++) {
            data[at + i] = (byte) (value >> (24 - 8 * i));
        }
    }

    private static int number(byte[] data, int at) throws IOException {
        return new MilterFields(data, at).number();
    }
}
