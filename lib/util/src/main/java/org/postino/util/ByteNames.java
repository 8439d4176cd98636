// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Text and the bytes that the system knows it by: names of files, arguments, environment, users.
///
/// The system's names are bytes, and any byte but NUL may stand in one. Text is Unicode: bytes that are UTF-8 are read as such, and
/// a byte that is not becomes the lone surrogate U+DC00 + byte, so that every byte string becomes a text and comes back from it
/// unchanged. A [Path] holds the bytes themselves, one char each, as the suite's own Java machine takes names for ISO-8859-1
/// whatever the locale is: its `toString()` is no text. So text becomes a path here, and a path text.
///
/// A Java machine with another idea of names (that of a developer's tests) can do the same with what is text to it.
public final class ByteNames {
    private static final Path HERE = Path.of("/proc/self/cwd");
    private static final int ESCAPED = 0xdc00;
    private static final Charset NATIVE =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private ByteNames() {}

    /// True if this Java machine can name every file: the suite's own can.
    public static boolean areBytes() {
        return NATIVE.equals(StandardCharsets.ISO_8859_1);
    }

    /// In which encoding the chars of a [Path] are the bytes of its name: for a list of names that stay as they are.
    public static Charset ofPaths() {
        return NATIVE;
    }

    /// The text of some bytes, from which [#encode] makes the same bytes.
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /// The text of the bytes from `from` to before `to`.
    public static String decode(byte[] bytes, int from, int to) {
        if (isAscii(bytes, from, to)) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPED + Byte.toUnsignedInt(in.get())));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    /// The bytes of a text: UTF-8, but for the chars that stand for bytes which are not.
    public static byte[] encode(String text) {
        var out = new ByteArrayOutputStream(text.length() + 16);
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c >= ESCAPED + 0x80 && c <= ESCAPED + 0xff) {
                out.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
                out.write(c - ESCAPED);
                start = i + 1;
            }
        }
        byte[] rest = text.substring(start).getBytes(StandardCharsets.UTF_8);
        if (start == 0) {
            return rest;
        }
        out.writeBytes(rest);
        return out.toByteArray();
    }

    /// The path that a text names.
    ///
    /// @throws InvalidPathException there is a NUL in it, or, elsewhere than in the suite's own Java machine, a name it does not know
    public static Path path(String text) {
        return Path.of(raw(text));
    }

    /// The path from the root on, also where the working directory's name is nothing to this Java machine: the launcher calls it
    /// `/proc/self/cwd` then.
    public static Path absolute(Path path) {
        if (!Path.of("").toAbsolutePath().equals(HERE)) {
            return path.toAbsolutePath();
        }
        try {
            return HERE.toRealPath().resolve(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The name of a path as text.
    public static String text(Path path) {
        return text(path.toString());
    }

    /// A text that the Java machine got from the system (an argument, a variable of the environment), as our text.
    public static String text(String raw) {
        return isAscii(raw) ? raw : decode(raw.getBytes(NATIVE));
    }

    /// The arguments of a program as text.
    public static String[] texts(String... raw) {
        String[] texts = raw.clone();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(texts[i]);
        }
        return texts;
    }

    /// A text as the Java machine's own library wants what it hands to the system, as [ProcessBuilder] does.
    ///
    /// @throws InvalidPathException not in the suite's own Java machine: it would not hand on these bytes
    public static String raw(String text) {
        if (isAscii(text)) {
            return text;
        }
        byte[] bytes = encode(text);
        String raw = new String(bytes, NATIVE);
        if (!areBytes() && !Arrays.equals(raw.getBytes(NATIVE), bytes)) {
            throw new InvalidPathException(text, "this Java machine takes names for " + NATIVE);
        }
        return raw;
    }

    /// The bytes that are a path's name.
    public static byte[] bytes(Path path) {
        return path.toString().getBytes(NATIVE);
    }

    /// The content of a file as text.
    public static String read(Path file) throws IOException {
        return decode(Files.readAllBytes(file));
    }

    /// The lines of a file as text, without their ends.
    public static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
