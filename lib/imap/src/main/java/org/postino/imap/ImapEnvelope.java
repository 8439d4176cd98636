// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postino.message.HeaderBlock;
import org.postino.message.NamedAddress;

/// The ENVELOPE of a message (RFC 3501, 7.4.2), made from its header alone. Encoded words stay as they are.
public final class ImapEnvelope {
    private ImapEnvelope() {}

    public static void write(ImapWriter out, HeaderBlock header) throws IOException {
        var from = addresses(header, "From");
        out.octet('(');
        out.nstring(header.last("Date")).sp();
        out.nstring(header.last("Subject")).sp();
        write(out, from);
        write(out.sp(), or(addresses(header, "Sender"), from));
        write(out.sp(), or(addresses(header, "Reply-To"), from));
        write(out.sp(), addresses(header, "To"));
        write(out.sp(), addresses(header, "Cc"));
        write(out.sp(), addresses(header, "Bcc"));
        out.sp().nstring(header.last("In-Reply-To"));
        out.sp().nstring(header.last("Message-ID"));
        out.octet(')');
    }

    /// The addresses of all fields of that name; what one leaves open, as a quote, ends with it.
    static List<NamedAddress> addresses(HeaderBlock header, String name) {
        var all = new ArrayList<NamedAddress>();
        for (var field : header.fields()) {
            if (field.name().equalsIgnoreCase(name)) {
                all.addAll(NamedAddress.parse(field.value()));
            }
        }
        return all;
    }

    private static List<NamedAddress> or(
            List<NamedAddress> addresses, List<NamedAddress> otherwise) {
        return addresses.isEmpty() ? otherwise : addresses;
    }

    private static void write(ImapWriter out, List<NamedAddress> addresses) throws IOException {
        if (addresses.isEmpty()) {
            out.ascii("NIL");
            return;
        }
        out.octet('(');
        for (var address : addresses) {
            out.octet('(').nstring(address.name());
            out.sp().nstring(address.route());
            out.sp().nstring(address.localPart());
            out.sp().nstring(address.domain()).octet(')');
        }
        out.octet(')');
    }
}
