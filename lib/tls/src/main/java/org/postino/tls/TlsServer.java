// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.HandedFiles;
import org.postino.server.SocketLayer;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's side of TLS, for STARTTLS and for wrapper mode. Safe for use by several threads.
///
/// Keys and certificates are read at the first handshake and again when a file has changed;
/// a changed file that can't be used leaves the old ones in force, with a warning.
public final class TlsServer implements SocketLayer {
    private static final Logger LOG = LoggerFactory.getLogger(TlsServer.class);

    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Loaded loaded; // guarded by lock
    private @Nullable List<FileTime> refused; // guarded by lock
    private @Nullable String
            trouble; // what was said last about keys that can't be used; guarded by lock

    /// The settings of main.cf.
    ///
    /// @param files PEM files with keys and certificates, in any order
    /// @param protocols as in `smtpd_tls_protocols`: `>=TLSv1.2`
    /// @param handed where those files are read that we may not open
    public record Settings(List<Path> files, String protocols, HandedFiles handed) {
        public Settings {
            files = List.copyOf(files);
        }

        public Settings(List<Path> files, String protocols) {
            this(files, protocols, HandedFiles.NONE);
        }
    }

    private record Loaded(SSLContext context, List<FileTime> stamps) {}

    public TlsServer(Settings settings) {
        this.settings = settings;
    }

    /// `none`, `may` or `encrypt`: what `smtpd_tls_security_level` says or, if it is not set, what it was before Postfix 2.3.
    public static String level(Config config) {
        String level = config.get(TlsParams.SMTPD_TLS_SECURITY_LEVEL);
        if (!level.isEmpty()) {
            return level;
        }
        if (config.get(TlsParams.SMTPD_ENFORCE_TLS)) {
            return "encrypt";
        }
        return config.get(TlsParams.SMTPD_USE_TLS) ? "may" : "none";
    }

    /// The server's side as `smtpd_tls_*` set it; imapd and pop3d use the same keys.
    ///
    /// @param mandatory whether the protocols are those of sessions that must be encrypted
    public static TlsServer of(Config config, boolean mandatory) {
        var files = new LinkedHashSet<Path>();
        for (String file : config.get(TlsParams.SMTPD_TLS_CHAIN_FILES)) {
            files.add(ByteNames.path(file));
        }
        if (files.isEmpty()) {
            for (var param :
                    List.of(
                            TlsParams.SMTPD_TLS_CERT_FILE,
                            TlsParams.SMTPD_TLS_KEY_FILE,
                            TlsParams.SMTPD_TLS_ECCERT_FILE,
                            TlsParams.SMTPD_TLS_ECKEY_FILE)) {
                String file = config.get(param);
                if (!file.isEmpty() && !file.equals("none")) {
                    files.add(ByteNames.path(file));
                }
            }
        }
        List<String> protocols =
                config.get(
                        mandatory
                                ? TlsParams.SMTPD_TLS_MANDATORY_PROTOCOLS
                                : TlsParams.SMTPD_TLS_PROTOCOLS);
        return new TlsServer(
                new Settings(List.copyOf(files), String.join(" ", protocols), config.files()));
    }

    /// True if there are key and certificate files at all: otherwise TLS is not to be offered.
    public boolean isConfigured() {
        return !settings.files().isEmpty();
    }

    /// Reads keys and certificates now, so that `check` finds what is wrong with them.
    ///
    /// @throws TlsException they can't be used; the message names the file
    public void check() throws TlsException {
        PemFiles.identities(settings.files(), settings.handed());
    }

    /// True if a handshake can be made: if the keys can't be read, TLS is not to be offered. The log says why, once.
    public boolean isUsable() {
        try {
            context();
            return true;
        } catch (TlsException e) {
            tell(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tell(String why) {
        lock.lock();
        try {
            if (!why.equals(trouble)) {
                trouble = why;
                LOG.warn("{}: disabling TLS support", why);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes the handshake over a connected socket and gives the encrypted one, which closes the plain one when closed.
    ///
    /// What the client sent in clear before the handshake must have been thrown away already.
    ///
    /// @throws TlsException keys can't be used, or the handshake failed
    @Override
    public Socket over(Socket plain) throws IOException {
        return handshake(plain).socket();
    }

    /// Makes the handshake over a connected socket, and tells beside the encrypted socket what was agreed on.
    public Secured handshake(Socket plain) throws IOException {
        SSLContext context = context();
        var socket =
                (SSLSocket)
                        context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(TlsProtocols.parse(settings.protocols()));
        var parameters = socket.getSSLParameters();
        parameters.setUseCipherSuitesOrder(false);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw new TlsException("TLS handshake failed: " + e.getMessage(), e);
        }
        return new Secured(socket, TlsSession.of(socket.getSession(), TlsSession.Trust.ANONYMOUS));
    }

    /// An encrypted socket and what was agreed on.
    public record Secured(Socket socket, TlsSession session) {}

    private SSLContext context() throws TlsException {
        lock.lock();
        try {
            List<FileTime> stamps = stamps();
            Loaded current = loaded;
            if (current != null && (current.stamps().equals(stamps) || stamps.equals(refused))) {
                return current.context();
            }
            try {
                var fresh = new Loaded(load(), stamps);
                loaded = fresh;
                trouble = null;
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

    private List<FileTime> stamps() {
        var stamps = new ArrayList<FileTime>();
        for (Path file : settings.files()) {
            try {
                var attributes =
                        Files.readAttributes(
                                settings.handed().placeOf(file), BasicFileAttributes.class);
                stamps.add(attributes.lastModifiedTime());
            } catch (IOException e) {
                stamps.add(FileTime.fromMillis(0));
            }
        }
        return stamps;
    }

    private SSLContext load() throws TlsException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {
                        new Identities(PemFiles.identities(settings.files(), settings.handed()))
                    },
                    null,
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot set up TLS: " + e.getMessage(), e);
        }
    }
}
