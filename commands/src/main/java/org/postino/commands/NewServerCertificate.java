// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.AllParams;
import org.postino.tls.SelfSigned;
import org.postino.util.FileSafe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postino tls new-server-cert`: a key and a certificate that nobody has signed, so that encryption works from the start.
@Command(
        name = "postino tls new-server-cert",
        description = "Makes a key and a self-signed certificate in the configuration directory.",
        sortOptions = false)
final class NewServerCertificate implements Cli.Body {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";

    private final Path directory;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "The names it is for (default $myhostname).")
    private List<String> names = List.of();

    @Option(names = "--force", description = "Replace a key and certificate that exist.")
    private boolean force;

    private NewServerCertificate(Path directory) {
        this.directory = directory;
    }

    /// Runs the subcommand; `args` are what stands behind `new-server-cert`.
    static int run(Cli.Io io, Path directory, String... args) {
        return Cli.run(io, new NewServerCertificate(directory), args);
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        Path tls = directory.resolve("tls");
        Path key = tls.resolve("key.pem");
        Path certificate = tls.resolve("cert.pem");
        if (!force && (Files.exists(key) || Files.exists(certificate))) {
            throw new CommandFailure(tls + " has a key or certificate; --force replaces them");
        }
        List<String> hosts =
                names.isEmpty()
                        ? List.of(
                                Config.lenient(directory, new AllParams.Others())
                                        .get(MainParams.MYHOSTNAME))
                        : names;
        String pem =
                SelfSigned.pem(hosts.getFirst(), hosts.subList(1, hosts.size()), Clock.systemUTC());
        int split = pem.indexOf(CERTIFICATE);
        Files.createDirectories(tls);
        Files.setPosixFilePermissions(tls, PosixFilePermissions.fromString("rwxr-xr-x"));
        write(key, pem.substring(0, split), "rw-------");
        write(certificate, pem.substring(split), "rw-r--r--");
        io.out().println("smtpd_tls_cert_file = " + certificate);
        io.out().println("smtpd_tls_key_file = " + key);
        return 0;
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        FileSafe.replace(file, text.getBytes(StandardCharsets.US_ASCII), permissions);
    }
}
