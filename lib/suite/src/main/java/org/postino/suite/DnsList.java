// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.postino.config.ValueException;

/// A list in the DNS as `reject_rbl_client` and its kin name it: `zen.example`, or `zen.example=127.0.0.[2..11;15]` (RFC 5782).
///
/// @param text as it is written
/// @param domain the domain of the list
/// @param answers the numbers that may stand at each of the four places of an answer; empty if any answer counts
public record DnsList(String text, String domain, List<BitSet> answers) {
    private static final int PLACES = 4;
    private static final int LARGEST = 255;

    /// Copies the list.
    public DnsList {
        answers = List.copyOf(answers);
    }

    /// Reads the argument of a restriction.
    ///
    /// @throws ValueException says what is wrong with it
    public static DnsList parse(String text) throws ValueException {
        int equals = text.indexOf('=');
        String domain = equals < 0 ? text : text.substring(0, equals);
        if (!domain.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?")) {
            throw new ValueException("\"" + domain + "\" is no domain");
        }
        return new DnsList(
                text, domain, equals < 0 ? List.of() : answers(text.substring(equals + 1)));
    }

    private static List<BitSet> answers(String filter) throws ValueException {
        var places = new ArrayList<BitSet>();
        int at = 0;
        while (at < filter.length()) {
            boolean several = filter.charAt(at) == '[';
            int end = filter.indexOf(several ? "]" : ".", at);
            end = end < 0 ? filter.length() : end;
            if (several && end == filter.length()) {
                throw bad(filter);
            }
            places.add(place(filter.substring(several ? at + 1 : at, end), filter));
            at = several ? end + 1 : end;
            if (at < filter.length() && (filter.charAt(at) != '.' || ++at == filter.length())) {
                throw bad(filter);
            }
        }
        if (places.size() != PLACES) {
            throw bad(filter);
        }
        return places;
    }

    /// Reads `2`, or what stands within brackets: `2..11;15`.
    private static BitSet place(String text, String filter) throws ValueException {
        var numbers = new BitSet(LARGEST + 1);
        for (String item : text.split(";", -1)) {
            int dots = item.indexOf("..");
            int first = number(dots < 0 ? item : item.substring(0, dots), filter);
            int last = dots < 0 ? first : number(item.substring(dots + 2), filter);
            if (first > last) {
                throw bad(filter);
            }
            numbers.set(first, last + 1);
        }
        return numbers;
    }

    private static int number(String text, String filter) throws ValueException {
        int number = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : LARGEST + 1;
        if (number > LARGEST) {
            throw bad(filter);
        }
        return number;
    }

    private static ValueException bad(String filter) {
        return new ValueException(
                "an answer of a list is four numbers or [ranges], as in 127.0.0.[2..11;15], not \""
                        + filter
                        + "\"");
    }

    /// True if an address that the list gives for a name means that the name is listed.
    public boolean counts(InetAddress answer) {
        if (!(answer instanceof Inet4Address)) {
            return false;
        }
        byte[] bytes = answer.getAddress();
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).get(bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
