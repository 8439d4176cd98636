// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.server.ServerOptions;
import org.postino.suite.Program.Kind;
import org.postino.suite.Program.Weight;
import org.postino.suite.SandboxPolicy.Means;

/// The programs of the suite, a row each (ADR 16).
///
/// What else names programs is compared with these rows by `ProgramTablesTest`: master.cf as it is shipped, the accounts that the
/// package makes, the tables of ARCHITECTURE.md. The table of accounts in master(8) is made from them.
public final class Programs {
    /// Those to which qmgr gives mail and local passes mail on: mailbox_transport, fallback_transport.
    private static final Set<Role> AGENT = asked(Role.SPOOL, Role.LOCAL);

    /// The sandbox of smtp and lmtp, which are one program.
    private static final SandboxPolicy CLIENT =
            SandboxPolicy.of(
                            Means.SYSTEM_FILES, Means.NAME_SERVERS, Means.NETWORK, Means.MANY_FILES)
                    .changing("active")
                    .withAllTables();

    /// The sandbox of smtpd, and of postscreen, whose clients speak with smtpd in the same process.
    private static final SandboxPolicy SMTPD =
            SandboxPolicy.of(Means.SYSTEM_FILES, Means.NAME_SERVERS, Means.MANY_FILES)
                    .withAllTables();

    private static final List<Program> ALL =
            List.of(
                    new Program(
                            "smtpd",
                            "org.postino.smtpd.Smtpd",
                            Kind.MANY,
                            Weight.BUSY,
                            Role.SMTPD,
                            asked(Role.SPOOL),
                            SMTPD,
                            List.of(
                                    ParamSet.SMTPD,
                                    ParamSet.INCOMING,
                                    ParamSet.MILTER,
                                    ParamSet.SCANNER,
                                    ParamSet.TLS)),
                    new Program(
                            "postscreen",
                            "org.postino.smtpd.Postscreen",
                            Kind.MANY,
                            Weight.BUSY,
                            Role.SMTPD,
                            asked(Role.SPOOL),
                            SMTPD,
                            List.of(
                                    ParamSet.POSTSCREEN,
                                    ParamSet.SMTPD,
                                    ParamSet.INCOMING,
                                    ParamSet.MILTER,
                                    ParamSet.SCANNER,
                                    ParamSet.TLS)),
                    new Program(
                            "anvil",
                            "org.postino.smtpd.Anvil",
                            Kind.ONE,
                            Weight.LIGHT,
                            Role.SPOOL,
                            asked(Role.SMTPD),
                            SandboxPolicy.of(Means.OWN_DATA),
                            List.of()),
                    new Program(
                            "cleanup",
                            "org.postino.cleanup.Cleanup",
                            Kind.MANY,
                            Weight.BUSY,
                            Role.SPOOL,
                            asked(Role.SPOOL, Role.SMTPD, Role.LOCAL),
                            SandboxPolicy.of(
                                            Means.SYSTEM_FILES,
                                            Means.NAME_SERVERS,
                                            Means.MANY_FILES)
                                    .owning("incoming", "hold")
                                    .withAllTables(),
                            List.of(ParamSet.CLEANUP, ParamSet.MILTER)),
                    new Program(
                            "qmgr",
                            "org.postino.qmgr.Qmgr",
                            Kind.RESIDENT,
                            Weight.BUSY,
                            Role.SPOOL,
                            null,
                            SandboxPolicy.of(Means.SYSTEM_FILES, Means.MANY_FILES)
                                    .owning(
                                            "incoming",
                                            "active",
                                            "deferred",
                                            "hold",
                                            "corrupt",
                                            "defer",
                                            "bounce",
                                            "trace",
                                            "flush",
                                            "saved")
                                    .changing("pid/qmgr.lock")
                                    .reading("maildrop")
                                    .withAllTables(),
                            List.of(ParamSet.QMGR)),
                    new Program(
                            "pickup",
                            "org.postino.pickup.Pickup",
                            Kind.ONE,
                            Weight.LIGHT,
                            Role.SPOOL,
                            null,
                            SandboxPolicy.of(Means.SYSTEM_FILES)
                                    .owning("maildrop", "corrupt")
                                    .withAllTables(),
                            List.of(ParamSet.INCOMING)),
                    new Program(
                            "local",
                            "org.postino.local.Local",
                            Kind.MANY,
                            Weight.STEADY,
                            Role.LOCAL,
                            asked(Role.SPOOL),
                            SandboxPolicy.of(Means.SYSTEM_FILES, Means.MAIL, Means.COMMANDS)
                                    .owning("maildrop")
                                    .changing("active")
                                    .withAllTables(),
                            List.of(ParamSet.LOCAL, ParamSet.MAIL, ParamSet.FTS)),
                    new Program(
                            "virtual",
                            "org.postino.local.Virtual",
                            Kind.MANY,
                            Weight.STEADY,
                            Role.LOCAL,
                            AGENT,
                            SandboxPolicy.of(Means.MAIL)
                                    .changing("active")
                                    .withTablesOf("virtual_"),
                            List.of(ParamSet.LOCAL, ParamSet.MAIL, ParamSet.FTS)),
                    new Program(
                            "expire",
                            "org.postino.local.Expire",
                            Kind.ONE,
                            Weight.LIGHT,
                            Role.LOCAL,
                            asked(Role.SPOOL),
                            SandboxPolicy.of(Means.MAIL, Means.MANY_FILES),
                            List.of(ParamSet.MAIL)),
                    new Program(
                            "smtp",
                            "org.postino.smtpclient.Smtp",
                            Kind.MANY,
                            Weight.CALM,
                            Role.SMTP,
                            AGENT,
                            CLIENT,
                            List.of(ParamSet.SMTP, ParamSet.TLS)),
                    new Program(
                            "lmtp",
                            "org.postino.smtpclient.Lmtp",
                            Kind.MANY,
                            Weight.CALM,
                            Role.SMTP,
                            AGENT,
                            CLIENT,
                            List.of(ParamSet.SMTP, ParamSet.TLS, ParamSet.LMTP_TLS, ParamSet.LMTP)),
                    new Program(
                            "pipe",
                            "org.postino.pipe.Pipe",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.LOCAL,
                            AGENT,
                            SandboxPolicy.of(Means.SYSTEM_FILES, Means.MAIL, Means.COMMANDS)
                                    .owning("maildrop")
                                    .changing("active")
                                    .withAllTables(),
                            List.of(ParamSet.LOCAL)),
                    new Program(
                            "spawn",
                            "org.postino.pipe.Spawn",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.LOCAL,
                            asked(Role.SPOOL, Role.SMTPD),
                            SandboxPolicy.of(
                                            Means.SYSTEM_FILES,
                                            Means.MAIL,
                                            Means.COMMANDS,
                                            Means.NAME_SERVERS)
                                    .owning("maildrop")
                                    .withAllTables(),
                            List.of(ParamSet.LOCAL)),
                    new Program(
                            "bounce",
                            "org.postino.bounce.Bounce",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.SPOOL,
                            asked(Role.SPOOL),
                            SandboxPolicy.of(Means.SYSTEM_FILES)
                                    .reading("active", "bounce", "defer", "trace")
                                    .withAllTables(),
                            List.of(ParamSet.BOUNCE, ParamSet.QMGR)),
                    new Program(
                            "verify",
                            "org.postino.verify.Verify",
                            Kind.ONE,
                            Weight.LIGHT,
                            Role.SPOOL,
                            asked(Role.SPOOL, Role.SMTPD),
                            SandboxPolicy.of(Means.SYSTEM_FILES, Means.MANY_FILES, Means.CACHE)
                                    .withTablesOf("address_verify_"),
                            List.of(ParamSet.VERIFY)),
                    new Program(
                            "error",
                            "org.postino.bounce.Error",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.SPOOL,
                            AGENT,
                            SandboxPolicy.of().changing("active"),
                            List.of()),
                    new Program(
                            "discard",
                            "org.postino.bounce.Discard",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.SPOOL,
                            AGENT,
                            SandboxPolicy.of().changing("active"),
                            List.of()),
                    new Program(
                            "imapd",
                            "org.postino.imapd.Imapd",
                            Kind.MANY,
                            Weight.READING,
                            Role.IMAPD,
                            asked(Role.SPOOL),
                            SandboxPolicy.of(Means.MAIL, Means.MANY_FILES)
                                    .withTablesOf("imapd_", "smtpd_tls_", "tls_"),
                            List.of(
                                    ParamSet.IMAPD,
                                    ParamSet.MAIL,
                                    ParamSet.FTS,
                                    ParamSet.AUTH,
                                    ParamSet.TLS)),
                    new Program(
                            "pop3d",
                            "org.postino.pop3d.Pop3d",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.POP3D,
                            asked(Role.SPOOL),
                            SandboxPolicy.of(Means.MAIL, Means.MANY_FILES)
                                    .withTablesOf("pop3d_", "smtpd_tls_", "tls_"),
                            List.of(ParamSet.POP3D, ParamSet.MAIL, ParamSet.TLS, ParamSet.AUTH)),
                    new Program(
                            "indexer",
                            "org.postino.indexer.Indexer",
                            Kind.ONE,
                            Weight.READING,
                            Role.INDEXER,
                            asked(Role.IMAPD, Role.LOCAL),
                            SandboxPolicy.of(Means.MAIL),
                            List.of(ParamSet.MAIL)),
                    new Program(
                            "auth",
                            "org.postino.auth.Auth",
                            Kind.MANY,
                            Weight.CALM,
                            Role.AUTH,
                            asked(Role.SMTPD, Role.IMAPD, Role.POP3D, Role.INDEXER, Role.LOCAL),
                            SandboxPolicy.of(Means.SYSTEM_FILES).withTablesOf("auth_"),
                            List.of(ParamSet.AUTH, ParamSet.MAIL)),
                    new Program(
                            "auth-worker",
                            "org.postino.auth.AuthWorker",
                            Kind.MANY,
                            Weight.LIGHT,
                            Role.WORKER,
                            asked(Role.AUTH),
                            SandboxPolicy.of(Means.SYSTEM_FILES, Means.PASSWORDS)
                                    .withTablesOf("auth_"),
                            List.of(ParamSet.AUTH)));

    private Programs() {}

    private static Set<Role> asked(Role first, Role... others) {
        return EnumSet.of(first, others);
    }

    /// The program of this name; empty if Postino has none.
    public static Optional<Program> find(String word) {
        return Optional.ofNullable(get(word));
    }

    /// All programs.
    public static List<Program> all() {
        return ALL;
    }

    /// The names of all programs.
    public static List<String> words() {
        return ALL.stream().map(Program::word).toList();
    }

    /// The facts that the skeleton of a program must know of it. A program that has no row, in a test, is not open to all.
    ///
    /// @param word the command in master.cf
    public static ServerOptions options(String word) {
        Program program = get(word);
        return program == null
                ? new ServerOptions(word, List.of(), new AllParams.Others(), false, false)
                : new ServerOptions(
                        word,
                        program.tables(),
                        new AllParams.Others(),
                        program.kind() == Kind.RESIDENT,
                        program.isOpen());
    }

    private static @Nullable Program get(String word) {
        for (Program program : ALL) {
            if (program.word().equals(word)) {
                return program;
            }
        }
        return null;
    }
}
