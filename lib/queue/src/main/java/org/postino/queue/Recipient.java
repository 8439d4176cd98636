// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import org.postino.ipc.FieldReader;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.ProtocolException;

/// A recipient as it stands in a queue file.
///
/// @param offset the position of its status byte in the file; zero where there is no file yet
/// @param address the address to which the message goes, after all aliases
/// @param original the address that the client gave, for `orig_to` and notifications; never empty
/// @param dsnNotify DSN NOTIFY as given (`SUCCESS,FAILURE`), or empty (RFC 3461)
/// @param orcpt DSN ORCPT as given (`rfc822;bob@example.org`), or empty
public record Recipient(
        long offset,
        RecipientStatus status,
        String address,
        String original,
        String dsnNotify,
        String orcpt) {

    /// A recipient not yet in a file.
    public static Recipient of(String address, String original, String dsnNotify, String orcpt) {
        return new Recipient(
                0,
                RecipientStatus.OPEN,
                address,
                original.isEmpty() ? address : original,
                dsnNotify,
                orcpt);
    }

    /// Returns this recipient with another address, after an alias was followed; the wishes of the client stay.
    public Recipient withAddress(String other) {
        return new Recipient(offset, status, other, original, dsnNotify, orcpt);
    }

    /// The data of an `R` record.
    public byte[] toBytes() {
        return new FieldWriter()
                .raw(status.code())
                .text(address)
                .text(original)
                .text(dsnNotify)
                .text(orcpt)
                .toBytes();
    }

    /// Reads the data of an `R` record that starts at `offset` in its file.
    public static Recipient parse(byte[] data, long offset) throws ProtocolException {
        var in = new FieldReader(data);
        var status =
                RecipientStatus.of(in.raw())
                        .orElseThrow(() -> new ProtocolException("unknown recipient status"));
        var recipient = new Recipient(offset, status, in.text(), in.text(), in.text(), in.text());
        if (!in.atEnd() || recipient.original.isEmpty()) {
            throw new ProtocolException("malformed recipient record");
        }
        return recipient;
    }
}
