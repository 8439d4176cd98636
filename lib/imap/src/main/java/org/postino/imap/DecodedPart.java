// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.MimePart;
import org.postino.message.TransferDecoder;

/// A part of a message without its transfer encoding (RFC 3516). What has parts of its own, and the message as a whole, are as they
/// are: they have none.
///
/// @param part null for the whole message
/// @param size in octets
/// @param nuls there are NULs among them
public record DecodedPart(@Nullable MimePart part, long size, boolean nuls) {
    private static final int CHUNK = 8192;

    /// Looks at a part from beginning to end.
    ///
    /// @return null if the message has no such part
    /// @throws UnknownEncodingException nobody knows the encoding
    public static @Nullable DecodedPart find(MessageReader reader, List<Integer> path)
            throws IOException {
        var part = path.isEmpty() ? null : SectionReader.part(reader.structure(), path);
        if (part == null && !path.isEmpty()) {
            return null;
        }
        long size = 0;
        boolean nuls = false;
        try (var in = stream(reader, part)) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                size += n;
                nuls = nuls || hasNul(chunk, n);
            }
        }
        return new DecodedPart(part, size, nuls);
    }

    private static boolean hasNul(byte[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            if (chunk[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /// The octets again.
    public InputStream open(MessageReader reader) throws IOException {
        return stream(reader, part);
    }

    private static InputStream stream(MessageReader reader, @Nullable MimePart part)
            throws IOException {
        if (part == null) {
            return reader.stream(0);
        }
        if (part.kind() != MimePart.Kind.LEAF) {
            return new BoundedStream(reader.stream(part.bodyStart()), part.bodySize());
        }
        var decoded = open(reader, part);
        if (decoded == null) {
            throw new UnknownEncodingException();
        }
        return decoded;
    }

    /// The content of a part that has no parts; null if nobody knows its encoding.
    public static @Nullable InputStream open(MessageReader reader, MimePart part)
            throws IOException {
        return TransferDecoder.decode(
                new BoundedStream(reader.stream(part.bodyStart()), part.bodySize()),
                part.encoding());
    }
}
