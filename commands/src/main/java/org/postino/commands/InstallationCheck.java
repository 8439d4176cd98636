// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.FileStatus;
import org.postino.linux.Processes;
import org.postino.linux.Users;
import org.postino.queue.QueueSpace;
import org.postino.routing.AddressClass;
import org.postino.routing.Resolver;
import org.postino.suite.AuthParams;
import org.postino.suite.Plan;
import org.postino.suite.ProgramAccounts;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.TlsException;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;
import org.postino.tls.TlsWords;
import org.postino.util.ByteNames;

/// Checks the surroundings of the configuration: tables, users, owners, modes, keys.
final class InstallationCheck {
    private static final List<Path> PAM = List.of(Path.of("/etc/pam.d"), Path.of("/usr/lib/pam.d"));
    private static final int OTHERS_WRITE = 002;
    private static final int GROUP_WRITES = 020;
    private static final int OTHERS_READ = 004;

    private final Plan plan;
    private final Config config;
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    InstallationCheck(Plan plan) {
        this.plan = plan;
        this.config = plan.config();
    }

    /// Returns the faults for which `start` would refuse to start, a line each.
    List<String> errors() {
        return errors;
    }

    /// Returns lesser faults, a line each, with the remedy.
    List<String> warnings() {
        return warnings;
    }

    InstallationCheck run() throws IOException {
        configuration();
        values();
        var transports = new TransportCheck(plan);
        warnings.addAll(transports.warnings());
        warnings.addAll(TableCheck.warnings(config, transports::missing));
        warnings.addAll(RelayCheck.warnings(config));
        warnings.addAll(TlsPolicyCheck.warnings(config));
        warnings.addAll(ExpiryCheck.warnings(plan));
        TlsWords.unknown(config).forEach((name, what) -> warnings.add(name + ": " + what));
        warnings.addAll(daily(config));
        keys();
        passwords();
        if (Processes.isRoot()) {
            accounts();
        }
        return this;
    }

    private void configuration() throws IOException {
        for (Path path :
                List.of(
                        plan.directory(),
                        plan.directory().resolve("main.cf"),
                        plan.directory().resolve("master.cf"))) {
            FileStatus is = FileStatus.following(path);
            if ((is.mode() & OTHERS_WRITE) != 0) {
                warnings.add(
                        path
                                + ": every user of this machine can change it, and so what this mail"
                                + " system does: chmod o-w "
                                + path);
            } else if ((is.mode() & GROUP_WRITES) != 0 && Processes.isRoot()) {
                warnings.add(path + ": its group can change it: chmod g-w " + path);
            }
            if (Processes.isRoot() && is.uid() != 0) {
                warnings.add(
                        path
                                + ": belongs to "
                                + Users.nameOf(is.uid())
                                + ", who can change what root starts: chown root "
                                + path);
            }
        }
    }

    /// Warns of values that are legal but most likely not meant.
    private void values() {
        if (config.get(SmtpdParams.SMTPD_SASL_TYPE).equals("cyrus")) {
            warnings.add(
                    "smtpd_sasl_type = cyrus: there is no Cyrus SASL here; the server at"
                            + " smtpd_sasl_path = "
                            + config.get(SmtpdParams.SMTPD_SASL_PATH)
                            + " is asked in Dovecot's protocol");
        }
        String origin = config.get(MainParams.MYORIGIN);
        try {
            boolean away =
                    new Resolver(config, new Tables(config, _ -> {})).classOf(origin)
                            == AddressClass.DEFAULT;
            if (away && config.get(MainParams.RELAYHOST).isEmpty()) {
                warnings.add(
                        "myorigin = "
                                + origin
                                + " is in none of mydestination, virtual_alias_domains,"
                                + " virtual_mailbox_domains and relay_domains: mail for users of this"
                                + " machine goes to whomever the DNS names");
            }
        } catch (TableException e) {
            warnings.add("myorigin = " + origin + ": " + e.getMessage());
        }
    }

    /// Returns the faults that may come up at any time: keys with which no client can encrypt, and too little space for the queue.
    /// `reload` and `status` show them, too.
    static List<String> daily(Config config) {
        List<String> warnings = new ArrayList<>();
        unusableKeys(config).ifPresent(warnings::add);
        QueueSpace.of(config).shortage().ifPresent(warnings::add);
        return warnings;
    }

    private static Optional<String> unusableKeys(Config config) {
        TlsServer tls = TlsServer.of(config, false, null);
        if (!tls.isConfigured()) {
            return Optional.empty();
        }
        try {
            tls.check();
            return Optional.empty();
        } catch (TlsException e) {
            return Optional.of(e.getMessage() + ": clients cannot encrypt");
        }
    }

    private void keys() {
        if (!TlsServer.of(config, false, null).isConfigured()) {
            return;
        }
        var files = new ArrayList<>(config.get(TlsParams.SMTPD_TLS_CHAIN_FILES));
        files.add(config.get(TlsParams.SMTPD_TLS_KEY_FILE));
        files.add(config.get(TlsParams.SMTPD_TLS_ECKEY_FILE));
        for (String file : files) {
            if (file.startsWith("/") && isReadableForAll(ByteNames.path(file))) {
                warnings.add(
                        file + ": every user of this machine can read the key: chmod 600 " + file);
            }
        }
    }

    private static boolean isReadableForAll(Path file) {
        try {
            boolean key = ByteNames.read(file).contains("PRIVATE KEY-----");
            return key && (FileStatus.following(file).mode() & OTHERS_READ) != 0;
        } catch (IOException e) {
            return false; // said already
        }
    }

    private void passwords() {
        if (plan.services().stream().noneMatch(s -> s.program().word().equals("auth"))) {
            return;
        }
        List<String> databases = config.get(AuthParams.AUTH_PASSDB);
        if (databases.contains("passwd-file")) {
            for (String file : config.get(AuthParams.AUTH_PASSWD_FILE)) {
                if (!Files.exists(config.directory().resolve(ByteNames.path(file)))) {
                    warnings.add(
                            file
                                    + ": no such file: no passwords can be checked; make it, or take"
                                    + " passwd-file out of auth_passdb");
                }
            }
        }
        for (String word : databases) {
            if (word.equals("pam") || word.startsWith("pam:")) {
                service(word.equals("pam") ? "postino" : word.substring("pam:".length()));
            }
        }
    }

    /// Warns of a PAM service without a file. PAM then uses the rules for other services, which refuse everybody.
    private void service(String name) {
        if (PAM.stream().noneMatch(place -> Files.exists(place.resolve(name)))) {
            warnings.add(
                    "auth_passdb names the PAM service "
                            + name
                            + ", but there is no "
                            + PAM.getFirst().resolve(name)
                            + ": nobody can log in");
        }
    }

    private void accounts() throws IOException {
        String name = config.get(MainParams.MAIL_OWNER);
        Optional<ProgramAccounts> found = ProgramAccounts.of(name);
        if (found.isEmpty()) {
            errors.add(ProgramAccounts.howToMake(name));
            return;
        }
        ProgramAccounts accounts = found.get();
        if (!accounts.areSeparate()) {
            warnings.add(
                    "mail_owner is "
                            + name
                            + ": every program runs as root; name a user of its own instead");
            return;
        }
        for (String missing : accounts.missing()) {
            warnings.add(
                    "no user "
                            + missing
                            + ": its programs run as "
                            + name
                            + " and can touch the queue; make it with \"useradd --system"
                            + " --user-group --home-dir /nonexistent --shell /usr/sbin/nologin "
                            + missing
                            + "\"");
        }
        owner(config.get(MainParams.QUEUE_DIRECTORY), 0);
        owner(config.get(MainParams.DATA_DIRECTORY), accounts.owner().uid());
        shared(accounts);
    }

    private void owner(Path directory, int uid) throws IOException {
        if (Files.isDirectory(directory)) {
            int is = FileStatus.following(directory).uid();
            if (is != uid) {
                warnings.add(
                        directory
                                + ": belongs to "
                                + Users.nameOf(is)
                                + ", not to "
                                + Users.nameOf(uid)
                                + "; the next start of the suite mends that");
            }
        }
    }

    /// Warns of a user who has the number of a program of the suite. The kernel cannot tell the two apart.
    private void shared(ProgramAccounts accounts) throws IOException {
        for (int uid : accounts.uids()) {
            String first = Users.nameOf(uid);
            boolean ours =
                    first.equals(accounts.owner().name())
                            || first.startsWith(accounts.owner().name() + "-");
            if (!ours) {
                warnings.add(
                        "user "
                                + first
                                + " has the number "
                                + uid
                                + " of a program of the suite, and so its rights");
            }
        }
    }
}
