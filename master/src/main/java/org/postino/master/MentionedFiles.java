// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.Setting;
import org.postino.suite.AllParams;
import org.postino.suite.Plan;
import org.postino.suite.Role;
import org.postino.table.TableFile;
import org.postino.table.TableName;
import org.postino.util.ByteNames;

/// The files that the configuration mentions and that a row's program may see: keys, certificates, tables, password files.
final class MentionedFiles {
    /// The roles that may see a parameter, by the beginning of its name. The first beginning that fits counts.
    private static final Map<String, Set<Role>> FOR = roles();

    private static final List<String> SECRETS_AND_TABLES =
            List.of("_file", "_files", "_maps", "_CAfile");

    /// The ends of the names of parameters that have keys and certificates.
    private static final List<String> KEYS = List.of("cert_file", "key_file", "_chain_files");

    private static final String SNI_MAPS = "tls_server_sni_maps";
    private static final String SNI_DIRECTORY = "tls_server_sni_directory";
    private static final String PEM = ".pem";

    private static final List<String> NO_FILES =
            List.of("_directory", "_base", "_path", "_command", "_prefixes", "_socket");

    private final Plan plan;

    MentionedFiles(Plan plan) {
        this.plan = plan;
    }

    private static Map<String, Set<Role>> roles() {
        var map = new LinkedHashMap<String, Set<Role>>();
        map.put("smtpd_tls_", Set.of(Role.SMTPD, Role.IMAPD, Role.POP3D));
        map.put("tls_", Set.of(Role.SMTPD, Role.IMAPD, Role.POP3D, Role.SMTP));
        map.put("smtpd_", Set.of(Role.SMTPD));
        map.put("smtp_", Set.of(Role.SMTP));
        map.put("lmtp_", Set.of(Role.SMTP));
        map.put("auth_", Set.of(Role.AUTH));
        map.put("maillog_", Set.of());
        return map;
    }

    /// Finds the files of a row. The value is true for a file that belongs together with others, as a key with its certificate.
    Map<Path, Boolean> of(Plan.Service service) {
        var policy = service.program().policy();
        var found = new LinkedHashMap<Path, Boolean>();
        for (String name : names(service)) {
            if (name.equals("myorigin")
                    || (policy.reads(name) && isFor(name, service.program().role()))) {
                for (String text : texts(service, name)) {
                    collect(text, name.contains("_tls_"), found);
                }
            }
        }
        if (policy.reads(SNI_MAPS) && isFor(SNI_MAPS, service.program().role())) {
            texts(service, SNI_MAPS).forEach(text -> ofNames(text, found));
            directories(service).forEach(directory -> ofDirectory(directory, found));
        }
        return found;
    }

    /// Finds the files of keys and certificates of a row, which belong together.
    Set<Path> keys(Plan.Service service) {
        var found = new LinkedHashSet<Path>();
        for (String name : names(service)) {
            if (name.contains("_tls_")
                    && KEYS.stream().anyMatch(name::endsWith)
                    && service.program().policy().reads(name)
                    && isFor(name, service.program().role())) {
                texts(service, name).forEach(text -> addPaths(text, found));
            }
        }
        return found;
    }

    /// Adds the paths of a text. Unlike with other parameters, none of them can be the name of a table.
    private static void addPaths(String text, Set<Path> found) {
        for (String word : text.split("[ ,\\t\\r\\n]+", -1)) {
            if (word.startsWith("/") && word.indexOf('\0') < 0) {
                found.add(ByteNames.path(word));
            }
        }
    }

    /// Finds the directories of a row in which a file that is new counts.
    List<Path> directories(Plan.Service service) {
        boolean read =
                service.program().policy().reads(SNI_DIRECTORY)
                        && isFor(SNI_MAPS, service.program().role());
        return !read
                ? List.of()
                : texts(service, SNI_DIRECTORY).stream()
                        .map(String::strip)
                        .filter(text -> text.startsWith("/"))
                        .map(ByteNames::path)
                        .toList();
    }

    private static void ofDirectory(Path directory, Map<Path, Boolean> found) {
        try (var files = Files.newDirectoryStream(directory, "*" + PEM)) {
            files.forEach(file -> found.merge(file, true, (a, b) -> a || b));
        } catch (IOException e) {
            // The daemon that wants a certificate out of it says that there is none.
        }
    }

    /// Adds the files that stand in the entries of a table of server names, as far as the entries stand in main.cf or in a text.
    private void ofNames(String text, Map<Path, Boolean> found) {
        for (String word : text.split("[ ,\\t\\r\\n{}]+", -1)) {
            int colon = word.lastIndexOf("texthash:");
            SafeFile table =
                    colon < 0
                            ? null
                            : SafeFile.find(
                                    ByteNames.path(word.substring(colon + "texthash:".length())));
            if (table != null && table.exists() && table.unsafe() == null) {
                collect(entries(table), true, found);
            }
        }
        collect(text.replace('=', ' '), true, found);
    }

    static boolean isFor(String parameter, Role role) {
        if (NO_FILES.stream().anyMatch(parameter::endsWith)) {
            return false;
        }
        for (var entry : FOR.entrySet()) {
            if (parameter.startsWith(entry.getKey())) {
                return entry.getValue().contains(role);
            }
        }
        // Classes of restrictions have names that we do not know.
        return AllParams.find(parameter) != null || role == Role.SMTPD;
    }

    private Set<String> names(Plan.Service service) {
        var names = new LinkedHashSet<>(plan.config().settings().keySet());
        for (ParamTable table : AllParams.TABLES) {
            for (Param<?> p : table.params()) {
                if (p.defaultText().contains("/")
                        && SECRETS_AND_TABLES.stream().anyMatch(p.name()::endsWith)) {
                    names.add(p.name());
                }
            }
        }
        for (String override : service.row().overrides()) {
            names.add(override.substring(0, Math.max(0, override.indexOf('='))).strip());
        }
        return names;
    }

    private List<String> texts(Plan.Service service, String name) {
        Config config = plan.config();
        if (name.equals("myorigin")) {
            Setting setting = config.settings().get(name);
            return setting == null ? List.of() : List.of(setting.text());
        }
        List<String> texts = plan.texts(service, name::equals);
        return texts.isEmpty() ? List.of(config.text(name)) : texts;
    }

    /// Returns the lines of a table that are no comments; nothing if it cannot be read, of which its daemon tells.
    private static String entries(SafeFile table) {
        try {
            return new String(table.read(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*#.*$", "");
        } catch (IOException e) {
            return "";
        }
    }

    private void collect(String text, boolean together, Map<Path, Boolean> found) {
        for (String word : text.split("[ ,\\t\\r\\n{}]+", -1)) {
            int slash = word.indexOf('/');
            boolean typed = slash > 0 && word.charAt(slash - 1) == ':';
            if (slash < 0 || (slash > 0 && !typed) || word.indexOf('\0') >= 0) {
                continue;
            }
            String path = word.substring(slash);
            String type = typed ? type(word.substring(0, slash - 1)) : "";
            for (Path file : files(type, path)) {
                found.merge(file, together, (a, b) -> a || b);
            }
        }
    }

    /// Returns the type that counts: for `proxy:hash` it is `hash`.
    private static String type(String prefix) {
        return prefix.substring(prefix.lastIndexOf(':') + 1);
    }

    private List<Path> files(String type, String path) {
        var table = new TableName(type, path);
        if (table.isMade()) {
            Path made = table.made();
            return isForeign(made) ? List.of(made, table.text()) : List.of(made);
        }
        var files = new ArrayList<Path>();
        files.add(table.text());
        var usual = new TableName(plan.config().text("default_database_type"), path);
        if (type.isEmpty() && usual.isMade()) {
            files.add(usual.made());
        }
        return files;
    }

    /// True if the text beside a made table will be read in its place.
    private static boolean isForeign(Path made) {
        try {
            return TableFile.isForeign(made);
        } catch (IOException e) {
            return false; // whoever needs it says why it cannot be read
        }
    }
}
