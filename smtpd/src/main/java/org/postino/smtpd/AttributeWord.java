// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.message.Xtext;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.XforwardAttribute;
import org.postino.util.Cidr;
import org.postino.util.Printable;

/// A word of the commands XFORWARD and XCLIENT: `NAME=value`.
///
/// @param name as it was sent, fit for a reply
/// @param given the value as it was sent
record AttributeWord(String name, String given) {
    private static final int LONGEST = 255;

    /// Characters that could end a log line's name or a comment in a header field.
    private static final String NEUTRAL = " <>()\\\";@";

    /// As [#NEUTRAL], for a queue id, which stands in front of others in a log line: what could begin the next name there.
    private static final String NEUTRAL_ID = NEUTRAL + ",=[]";

    static AttributeWord of(String word) {
        int equals = Math.max(word.indexOf('='), 0);
        String value = equals < word.length() ? word.substring(equals + 1) : "";
        return new AttributeWord(Printable.text(word.substring(0, equals), LONGEST), value);
    }

    /// The reply to a word that has not the form; null if it has.
    static @Nullable Reply problem(String word) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            return Replies.ATTRIBUTE_EXPECTED;
        }
        return word.length() - equals - 1 > LONGEST ? Replies.ATTRIBUTE_TOO_LONG : null;
    }

    /// The reply to a value that the attribute cannot have.
    Reply bad() {
        return Replies.badAttribute(name, Printable.text(given));
    }

    /// True if the sender does not know the value.
    boolean isUnavailable() {
        return given.equalsIgnoreCase(XforwardAttribute.UNAVAILABLE);
    }

    /// The value, decoded where it is xtext.
    String text() {
        return Xtext.decode(given).orElse(given);
    }

    /// The value as text that cannot end a log line's name or a comment.
    String neutral() {
        return Printable.without(NEUTRAL, text(), LONGEST);
    }

    /// The value as a queue id in a log line.
    String neutralId() {
        return Printable.without(NEUTRAL_ID, text(), LONGEST);
    }

    /// The value as a host name; empty if it is none.
    Optional<String> hostname() {
        return Optional.of(text()).filter(HostSyntax::isHostname);
    }

    /// The value as an address, `IPV6:` in front or not; empty if it is none.
    Optional<InetAddress> address() {
        String text = text();
        String prefix = XforwardAttribute.IPV6;
        return Cidr.address(
                text.regionMatches(true, 0, prefix, 0, prefix.length())
                        ? text.substring(prefix.length())
                        : text);
    }

    /// The value as a port's number; empty if it is none.
    Optional<Integer> port() {
        return Optional.of(text())
                .filter(t -> t.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .filter(n -> n <= 65535);
    }
}
