// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.mailstore.MailParams;
import org.postino.suite.AllParams;
import org.postino.suite.AuthParams;
import org.postino.suite.BounceParams;
import org.postino.suite.CleanupParams;
import org.postino.suite.ImapdParams;
import org.postino.suite.LocalParams;
import org.postino.suite.Pop3dParams;
import org.postino.suite.QmgrParams;
import org.postino.suite.SmtpParams;
import org.postino.suite.SmtpdParams;
import org.postino.tls.TlsParams;

/// The lists of parameters in the programs' manual pages, made from the declarations: the program's own tables,
/// every parameter that its sources name, and those that the libraries read for it.
final class ProgramPages {
    private static final String BEGIN =
            ".\\\" Made from the declarations of the parameters: see HACKING.md. Do not edit.\n";
    private static final String END = ".\\\" End of what was made.\n";

    private static final Pattern USE =
            Pattern.compile("\\b([A-Z]\\w*Params)\\.([A-Z][A-Z0-9_]*[A-Z0-9])\\b");

    private static final String DESTINATIONS =
            "mydestination virtual_alias_domains virtual_mailbox_domains relay_domains";

    private static final String SERVER_TLS =
            "smtpd_tls_chain_files smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_eccert_file"
                    + " smtpd_tls_eckey_file smtpd_tls_protocols smtpd_tls_mandatory_protocols";

    /// The pages with a list.
    static final List<Page> ALL =
            List.of(
                    new Page(
                            "master/master.8",
                            "master",
                            List.of(),
                            n -> true,
                            "inet_interfaces inet_protocols default_process_limit max_idle daemon_timeout"),
                    new Page(
                            "smtpd/smtpd.8",
                            "smtpd",
                            List.of(SmtpdParams.ALL, TlsParams.ALL),
                            n -> !n.startsWith("smtp_"),
                            DESTINATIONS + " mynetworks mynetworks_style inet_interfaces"),
                    new Page(
                            "smtp-client/smtp.8",
                            "smtp-client",
                            List.of(SmtpParams.ALL, TlsParams.ALL),
                            n -> !n.startsWith("smtpd_"),
                            "inet_interfaces"),
                    new Page(
                            "cleanup/cleanup.8",
                            "cleanup",
                            List.of(CleanupParams.ALL),
                            n -> true,
                            DESTINATIONS
                                    + " enable_long_queue_ids myorigin mydomain append_at_myorigin"
                                    + " append_dot_mydomain"),
                    new Page("pickup/pickup.8", "pickup", List.of(), n -> true, ""),
                    new Page(
                            "qmgr/qmgr.8",
                            "qmgr",
                            List.of(QmgrParams.ALL),
                            n -> true,
                            DESTINATIONS
                                    + " transport_maps relayhost default_transport local_transport"
                                    + " virtual_transport relay_transport"),
                    new Page("bounce/bounce.8", "bounce", List.of(BounceParams.ALL), n -> true, ""),
                    new Page("bounce/error.8", "", List.of(), n -> true, "soft_bounce"),
                    new Page(
                            "local/local.8",
                            "local",
                            List.of(LocalParams.ALL),
                            n -> !n.startsWith("virtual_"),
                            "mydestination home_mailbox mail_location mail_spool_directory"),
                    new Page(
                            "local/virtual.8",
                            "",
                            List.of(LocalParams.ALL),
                            n -> n.startsWith("virtual_"),
                            "virtual_mailbox_domains virtual_mailbox_maps auth_socket_path mail_location"),
                    new Page(
                            "imapd/imapd.8",
                            "imapd lib/login",
                            List.of(ImapdParams.ALL, MailParams.ALL),
                            n -> true,
                            SERVER_TLS),
                    new Page(
                            "pop3d/pop3d.8",
                            "pop3d lib/login",
                            List.of(Pop3dParams.ALL, MailParams.ALL),
                            n -> true,
                            SERVER_TLS),
                    new Page("auth/auth.8", "auth", List.of(AuthParams.ALL), n -> true, ""),
                    new Page(
                            "auth/auth-worker.8",
                            "",
                            List.of(AuthParams.ALL),
                            n -> n.startsWith("auth_worker_") && !n.equals("auth_worker_limit"),
                            ""));

    private ProgramPages() {}

    /// A page.
    ///
    /// @param file the page, from the top of the sources
    /// @param modules the directories whose sources are searched; empty for none
    /// @param tables tables that belong here as a whole, as far as `fits` says
    /// @param more other names
    record Page(
            String file,
            String modules,
            List<ParamTable> tables,
            Predicate<String> fits,
            String more) {
        /// The page's text with an up-to-date list.
        String made(Path root, Map<String, Description> words) throws IOException {
            String text = Files.readString(root.resolve(file));
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new IOException(file + " has no place for the list of parameters");
            }
            return text.substring(0, begin + BEGIN.length())
                    + Reference.list(params(root), words)
                    + text.substring(end);
        }

        private List<Param<?>> params(Path root) throws IOException {
            var found = new TreeMap<String, Param<?>>();
            for (var table : tables) {
                for (var p : table.params()) {
                    if (fits.test(p.name())) {
                        found.put(p.name(), p);
                    }
                }
            }
            for (var module : words(modules)) {
                for (var name : usedIn(root, module)) {
                    if (fits.test(name)) {
                        found.put(name, known(name));
                    }
                }
            }
            for (var name : words(more)) {
                found.put(name, known(name));
            }
            return List.copyOf(found.values());
        }
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : text.split(" ");
    }

    private static Param<?> known(String name) {
        return Objects.requireNonNull(AllParams.find(name), name);
    }

    /// The names of the parameters that a module's sources mention.
    private static List<String> usedIn(Path root, String module) throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
            for (Path file : files.filter(p -> p.toString().endsWith(".java")).toList()) {
                var use = USE.matcher(Files.readString(file));
                while (use.find()) {
                    if (!List.of("ALL", "TABLES").contains(use.group(2))) {
                        names.add(name(root, use.group(1), use.group(2)));
                    }
                }
            }
        }
        return names;
    }

    /// The name of the parameter that a constant declares.
    private static String name(Path root, String table, String constant) throws IOException {
        var declaration =
                Pattern.compile(
                                "\\b"
                                        + constant
                                        + "\\s*=\\s*\\w+\\s*\\.\\s*\\w+\\(\\s*\"([^\"]+)\"")
                        .matcher(Files.readString(declaredIn(root, table)));
        if (!declaration.find()) {
            throw new IOException(table + "." + constant + ": no declaration");
        }
        return declaration.group(1);
    }

    /// The source of a table of parameters, which stands in the room of its subject.
    private static Path declaredIn(Path root, String table) throws IOException {
        try (var rooms = Files.newDirectoryStream(root.resolve("lib"))) {
            for (Path room : rooms) {
                Path file =
                        room.resolve("src/main/java/org/postino")
                                .resolve(room.getFileName())
                                .resolve(table + ".java");
                if (Files.exists(file)) {
                    return file;
                }
            }
        }
        throw new IOException(table + ": no room of lib has it");
    }
}
