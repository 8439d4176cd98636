// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.postino.config.Config;

/// The compression of files in a Maildir, found out by their first octets as Dovecot's plugin does, whatever their names say.
public enum Compression {
    /// The files are written as they are.
    NONE(""),

    /// gzip (RFC 1952).
    GZIP("gz");

    /// The octets with which a file of gzip begins, its one method of compression among them.
    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b, 8};

    /// Those of formats that Dovecot writes and we do not read: zstd, bzip2, LZ4, xz.
    private static final List<byte[]> FOREIGN =
            List.of(
                    new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
                    "BZh".getBytes(StandardCharsets.US_ASCII),
                    "Dovecot-LZ4".getBytes(StandardCharsets.US_ASCII),
                    new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z'});

    /// The octets that must be known to tell.
    static final int MAGIC = 11;

    private static final int BUFFER = 16_384;

    private final String word;

    Compression(String word) {
        this.word = word;
    }

    /// As `mail_compress_write_method` says.
    public static Compression of(Config config) {
        String wanted = config.get(MailParams.MAIL_COMPRESS_WRITE_METHOD);
        return Arrays.stream(values()).filter(c -> c.word.equals(wanted)).findFirst().orElse(NONE);
    }

    /// Tells from the first octets of a file how it is compressed, [#MAGIC] of them or the whole file.
    ///
    /// @throws IOException in a form that we cannot read
    static Compression of(byte[] start) throws IOException {
        if (begins(start, GZIP_MAGIC)) {
            return GZIP;
        }
        Optional<byte[]> foreign = FOREIGN.stream().filter(m -> begins(start, m)).findAny();
        if (foreign.isPresent()) {
            throw new IOException("the message is compressed in a form that is not supported");
        }
        return NONE;
    }

    /// True if a text would be taken for a compressed one.
    static boolean isMistaken(byte[] start) {
        return begins(start, GZIP_MAGIC) || FOREIGN.stream().anyMatch(m -> begins(start, m));
    }

    private static boolean begins(byte[] octets, byte[] magic) {
        return octets.length >= magic.length
                && Arrays.equals(octets, 0, magic.length, magic, 0, magic.length);
    }

    /// The text of a file.
    InputStream reader(InputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPInputStream(file, BUFFER);
        };
    }

    /// A writer to a file; closing it completes the text and closes what is beneath.
    OutputStream writer(OutputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPOutputStream(file, BUFFER);
        };
    }
}
