// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.postino.linux.CheckedFile;
import org.postino.util.ByteNames;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a user's `.forward` file, if nobody else can have written it.
///
/// One that may not be used is as if it were not there, and the log says why: the mail goes to the mailbox.
final class ForwardFile {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardFile.class);
    private static final int LARGEST = 1 << 20;
    private static final int LARGEST_LIST = 8 << 20;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int WRITABLE_BY_ALL = 0002;

    private ForwardFile() {}

    /// The text of the file; empty if it is missing, empty, or not to be trusted. As the user.
    static Optional<String> read(Path file, int uid) throws IOException {
        try (CheckedFile looked = CheckedFile.look(file)) {
            String problem = problem(looked, uid);
            if (!problem.isEmpty()) {
                return refused(file, problem);
            }
            byte[] text = looked.read(LARGEST);
            for (byte b : text) {
                if (b == 0) {
                    return refused(file, "is not text");
                }
            }
            return text.length == 0 ? Optional.empty() : Optional.of(decoded(text));
        } catch (NoSuchFileException
                | NotDirectoryException
                | AccessDeniedException
                | FileSystemLoopException e) {
            return Optional.empty();
        }
    }

    /// The text of a file that an `:include:` names. As the user whose `.forward` names it.
    ///
    /// @throws IOException it is missing or cannot be read, or everybody can write it
    static String include(Path file) throws IOException {
        try (CheckedFile looked = CheckedFile.look(file.toRealPath())) {
            if ((looked.permissions() & WRITABLE_BY_ALL) != 0) {
                throw new IOException(file + ": everybody can write it");
            }
            if (looked.size() > LARGEST_LIST) {
                throw new IOException(file + ": too large");
            }
            return decoded(looked.read(LARGEST_LIST));
        }
    }

    private static String problem(CheckedFile looked, int uid) {
        if (!looked.isRegular()) {
            return "is not a regular file";
        }
        if (looked.uid() != uid && looked.uid() != 0) {
            return "is of uid " + Integer.toUnsignedString(looked.uid());
        }
        if ((looked.permissions() & WRITABLE_BY_OTHERS) != 0) {
            return "can be written by others than its owner";
        }
        return looked.size() > LARGEST ? "is larger than " + LARGEST + " bytes" : "";
    }

    private static Optional<String> refused(Path file, String problem) {
        LOG.warn("file {} {}: not used", Printable.text(file.toString()), problem);
        return Optional.empty();
    }

    private static String decoded(byte[] text) {
        return ByteNames.decode(text);
    }
}
