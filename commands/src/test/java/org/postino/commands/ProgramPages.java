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
import org.postino.suite.ParamSet;
import org.postino.suite.Program;
import org.postino.suite.Programs;
import org.postino.suite.ScannerParams;
import org.postino.tls.TlsParams;

/// The lists of parameters in the programs' manual pages, made from the declarations: the program's own tables,
/// every parameter that its sources name, and those that the libraries read for it.
final class ProgramPages {
    private static final Pattern USE =
            Pattern.compile("\\b([A-Z]\\w*Params)\\.([A-Z][A-Z0-9_]*[A-Z0-9])\\b");

    private static final String DESTINATIONS =
            "mydestination virtual_alias_domains virtual_mailbox_domains relay_domains";

    private static final String SERVER_TLS =
            "smtpd_tls_chain_files smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_eccert_file"
                    + " smtpd_tls_eckey_file smtpd_tls_protocols smtpd_tls_mandatory_protocols"
                    + " smtpd_tls_ciphers smtpd_tls_mandatory_ciphers smtpd_tls_exclude_ciphers"
                    + " smtpd_tls_mandatory_exclude_ciphers tls_preempt_cipherlist"
                    + " tls_server_sni_maps tls_server_sni_directory";

    private static final Page MASTER =
            new Page(
                    "master/master.8",
                    "master",
                    List.of(),
                    n -> true,
                    "inet_interfaces inet_protocols default_process_limit max_idle daemon_timeout");

    private ProgramPages() {}

    /// The pages with a list: that of master, and those of the programs that have a place for one.
    static List<Page> all(Path root) throws IOException {
        var pages = new ArrayList<Page>();
        pages.add(MASTER);
        for (var program : Programs.all()) {
            String file = fileOf(program.word(), root);
            if (MadePart.PARAMETERS.isIn(Files.readString(root.resolve(file)))) {
                pages.add(page(program, file));
            }
        }
        return pages;
    }

    /// The page of a program, which stands beside its sources.
    private static String fileOf(String program, Path root) throws IOException {
        try (var modules = Files.newDirectoryStream(root)) {
            for (Path module : modules) {
                Path page = module.resolve(program + ".8");
                if (Files.exists(page)) {
                    return root.relativize(page).toString();
                }
            }
        }
        throw new IOException("no module has " + program + ".8, the manual page");
    }

    /// The first table of a program's row is its own and stands in its page as a whole; of others the sources name what is
    /// used. The cases say what a page has beside these.
    private static Page page(Program program, String file) {
        String module = file.substring(0, file.indexOf('/'));
        var tables = program.parameters().stream().limit(1).map(ParamSet::table).toList();
        var own = new Page(file, module, tables, n -> true, "");
        return switch (program.word()) {
            case "smtpd" ->
                    own.and(TlsParams.ALL)
                            .and(ScannerParams.ALL)
                            .only(n -> !n.startsWith("smtp_") && !n.startsWith("postscreen_"))
                            .and(DESTINATIONS + " mynetworks mynetworks_style inet_interfaces");
            case "postscreen" -> own.of("").and("mynetworks smtpd_banner");
            case "smtp" ->
                    own.of(module + " lib/content")
                            .and(TlsParams.ALL)
                            .only(n ->
                                    !n.startsWith("smtpd_")
                                            && !n.startsWith("tls_server_")
                                            && !n.equals("tls_preempt_cipherlist"))
                            .and("inet_interfaces");
            case "cleanup" ->
                    own.of(module + " lib/content")
                            .and(
                                    DESTINATIONS
                                            + " enable_long_queue_ids myorigin mydomain"
                                            + " append_at_myorigin append_dot_mydomain");
            case "qmgr" ->
                    own.and(
                            DESTINATIONS
                                    + " transport_maps relayhost default_transport local_transport"
                                    + " virtual_transport relay_transport");
            case "error" -> own.of("").and("soft_bounce");
            case "local" ->
                    own.only(n -> !n.startsWith("virtual_"))
                            .and(
                                    "mydestination home_mailbox mail_location mail_spool_directory"
                                            + " mail_compress_write_method");
            case "pipe" ->
                    new Page(file, module, List.of(), n -> true, "")
                            .and(
                                    "command_time_limit command_network_ports soft_bounce"
                                            + " default_destination_recipient_limit"
                                            + " default_destination_concurrency_limit");
            case "spawn" ->
                    own.of("")
                            .only(n ->
                                    n.equals("command_time_limit")
                                            || n.equals("command_network_ports"))
                            .and("export_environment mail_owner");
            case "virtual" ->
                    own.of("")
                            .only(n -> n.startsWith("virtual_"))
                            .and(
                                    "virtual_mailbox_domains virtual_mailbox_maps auth_socket_path"
                                            + " mail_location mail_compress_write_method");
            case "expire" ->
                    own.of("")
                            .only(n -> n.startsWith("mailbox_autoexp") || n.startsWith("lazy_"))
                            .and(
                                    "mail_location auth_socket_path first_valid_uid"
                                            + " home_mailbox mail_spool_directory");
            case "imapd" -> own.of(module + " lib/login").and(MailParams.ALL).and(SERVER_TLS);
            case "pop3d" ->
                    own.of(module + " lib/login")
                            .and(MailParams.ALL)
                            .only(n -> !n.equals("mailbox_auto"))
                            .and(SERVER_TLS);
            case "auth-worker" ->
                    own.of("")
                            .only(n ->
                                    n.startsWith("auth_worker_") && !n.equals("auth_worker_limit"));
            default -> own;
        };
    }

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
        /// With a table as a whole.
        Page and(ParamTable table) {
            var all = new ArrayList<>(tables);
            all.add(table);
            return new Page(file, modules, List.copyOf(all), fits, more);
        }

        /// With parameters that neither a table nor the sources name.
        Page and(String names) {
            return new Page(file, modules, tables, fits, names);
        }

        /// With the sources of these modules.
        Page of(String others) {
            return new Page(file, others, tables, fits, more);
        }

        /// Without parameters whose names do not fit.
        Page only(Predicate<String> fitting) {
            return new Page(file, modules, tables, fitting, more);
        }

        /// The page's text with an up-to-date list.
        String made(Path root, Map<String, Description> words) throws IOException {
            return MadePart.PARAMETERS.page(root, file, Reference.list(params(root), words));
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
