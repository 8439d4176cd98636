// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An SSL context with the keys and certificates in some files. It is made when it is first wanted and again when a file has
/// changed; changed files that cannot be used leave the old context in force, with a warning. Safe for use by several threads.
final class WatchedContext {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedContext.class);

    private final List<Path> files;
    private final HandedFiles handed;
    private final Maker maker;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Loaded loaded; // guarded by lock
    private @Nullable List<String> refused; // guarded by lock

    private record Loaded(SSLContext context, List<String> stamps) {}

    /// Makes a context of identities.
    @FunctionalInterface
    interface Maker {
        SSLContext make(List<PemFiles.Identity> identities) throws TlsException;
    }

    WatchedContext(List<Path> files, HandedFiles handed, Maker maker) {
        this.files = List.copyOf(files);
        this.handed = handed;
        this.maker = maker;
    }

    /// The context.
    ///
    /// @throws TlsException the files cannot be used, and never could since this object was made
    SSLContext get() throws TlsException {
        lock.lock();
        try {
            List<String> stamps = stamps(files, handed);
            Loaded current = loaded;
            if (current != null && (current.stamps().equals(stamps) || stamps.equals(refused))) {
                return current.context();
            }
            try {
                var identities =
                        files.isEmpty()
                                ? List.<PemFiles.Identity>of()
                                : PemFiles.identities(files, handed);
                var fresh = new Loaded(maker.make(identities), stamps);
                loaded = fresh;
                return fresh.context();
            } catch (TlsException e) {
                if (current == null) {
                    throw e;
                }
                LOG.warn("keeping the old certificate: {}", e.getMessage());
                refused = stamps;
                return current.context();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The properties of files that change when they are written or replaced; a file that is not there counts as well.
    static List<String> stamps(List<Path> files, HandedFiles handed) {
        var stamps = new ArrayList<String>();
        for (Path file : files) {
            try {
                var attributes =
                        Files.readAttributes(handed.placeOf(file), BasicFileAttributes.class);
                stamps.add(
                        attributes.lastModifiedTime()
                                + " "
                                + attributes.size()
                                + " "
                                + attributes.fileKey());
            } catch (IOException e) {
                stamps.add("");
            }
        }
        return stamps;
    }
}
