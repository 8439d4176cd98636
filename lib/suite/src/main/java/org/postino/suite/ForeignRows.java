// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.Problem;
import org.postino.config.ValueException;

/// Decides about the rows of a Postfix master.cf whose programs are not Postino's: a pasted file shall work, and say what of
/// it does not.
final class ForeignRows {
    /// Programs that nobody misses, and why.
    private static final Map<String, String> UNNEEDED =
            Map.ofEntries(
                    Map.entry("dnsblog", "postscreen asks DNS lists itself"),
                    Map.entry("flush", "qmgr knows which mail waits for whom"),
                    Map.entry("postlogd", "master writes the log"),
                    Map.entry("proxymap", "each program opens its own tables"),
                    Map.entry("scache", "smtp keeps its connections itself"),
                    Map.entry("showq", "qmgr lists the queue"),
                    Map.entry("tlsmgr", "each program keeps its own TLS sessions"),
                    Map.entry("tlsproxy", "postscreen speaks TLS itself"),
                    Map.entry("trivial-rewrite", "each program resolves addresses itself"));

    /// Programs that Postino does not have yet, and what that means.
    private static final Map<String, String> MISSING = Map.of("qmqpd", "nothing listens here");

    /// The name of our auth(8) where another program has the usual one.
    private static final String BESIDE = "postino-auth";

    private final String file;
    private final Supplier<Optional<String>> otherAuth;
    private final List<Plan.Note> notes = new ArrayList<>();
    private int chroots;

    /// @param file how to name master.cf
    /// @param otherAuth who else listens where auth(8) would, if anybody; asked only if a row for auth is to be added, as it looks
    /// at each process
    ForeignRows(String file, Supplier<Optional<String>> otherAuth) {
        this.file = file;
        this.otherAuth = otherAuth;
    }

    /// The rows that this suite can have, in their order; those with an unknown program too.
    List<MasterCf.Row> adapt(List<MasterCf.Row> rows) {
        List<MasterCf.Row> adapted = new ArrayList<>();
        int firstChroot = 0;
        for (MasterCf.Row row : rows) {
            if (row.chroot()) {
                firstChroot = chroots++ == 0 ? row.line() : firstChroot;
            }
            adapt(row, rows, adapted);
        }
        if (!notes.isEmpty()) {
            Optional<String> other =
                    isMissing("auth", adapted) ? otherAuth.get() : Optional.empty();
            boolean beside = other.isPresent();
            addOwn(beside ? BESIDE : "auth", "auth", "-  -  n  -  0", adapted);
            addOwn("auth-worker", "auth-worker", "-  n  n  -  -", adapted);
            if (beside) {
                adapted.replaceAll(ForeignRows::askingBeside);
                String text =
                        other.get()
                                + " listens at private/auth: smtpd asks it where smtpd_sasl_path"
                                + " says so, all else asks private/"
                                + BESIDE;
                notes.add(new Plan.Note(true, new Problem(file, 0, text)));
            }
        }
        if (chroots > 0) {
            String text =
                    "chroot = y, as in "
                            + chroots
                            + " rows, has no effect: each program is confined to its own files"
                            + " without it";
            notes.add(new Plan.Note(false, new Problem(file, firstChroot, text)));
        }
        return adapted;
    }

    /// The notes for the administrator, in the order of the rows.
    List<Plan.Note> notes() {
        return notes;
    }

    /// A service that no file of Postfix has, and that ours cannot do without.
    private void addOwn(String service, String program, String columns, List<MasterCf.Row> to) {
        if (!isMissing(program, to)) {
            return;
        }
        try {
            to.add(MasterCf.row(service + " unix " + columns + " " + program, 0));
            String text = "there is no row for " + program + ": one is added: " + columns;
            notes.add(new Plan.Note(false, new Problem(file, 0, text)));
        } catch (ValueException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isMissing(String program, List<MasterCf.Row> rows) {
        return rows.stream().noneMatch(row -> row.program().equals(program));
    }

    /// The row, asking our auth(8) beside another program's, unless its own options or main.cf say where to ask.
    private static MasterCf.Row askingBeside(MasterCf.Row row) {
        String option = MainParams.AUTH_SOCKET_PATH.name() + "=private/" + BESIDE;
        var args = new ArrayList<>(List.of("-o", option));
        args.addAll(row.args());
        var overrides = new ArrayList<>(List.of(option));
        overrides.addAll(row.overrides());
        return as(row, row.program(), args, overrides, row.maxproc());
    }

    private void adapt(MasterCf.Row row, List<MasterCf.Row> all, List<MasterCf.Row> to) {
        String program = row.program();
        String why = UNNEEDED.getOrDefault(program, "");
        if (!why.isEmpty()) {
            say(row, false, "program " + program + " is not needed here: " + why);
        } else if (MISSING.containsKey(program)) {
            say(row, true, missing(row) + MISSING.get(program));
        } else if (program.equals("postscreen")) {
            to.add(withSmtpd(row, all));
        } else if (row.type() == MasterCf.Type.PASS && program.equals("smtpd")) {
            boolean merged = all.stream().anyMatch(r -> r.program().equals("postscreen"));
            if (!merged) {
                say(row, false, "not needed here: no program passes connections on");
            }
        } else {
            to.add(row);
        }
    }

    private static String missing(MasterCf.Row row) {
        return "program "
                + row.program()
                + " of service "
                + row.service()
                + " is not part of this version: ";
    }

    /// The row of postscreen(8), in whose process smtpd(8) is too, with the options and the limit of sessions of the row `smtpd pass`.
    private static MasterCf.Row withSmtpd(MasterCf.Row row, List<MasterCf.Row> all) {
        var args = new ArrayList<>(row.args());
        var overrides = new ArrayList<String>();
        for (String name : List.of("upstream_proxy_protocol", "upstream_proxy_timeout")) {
            overrides.add("smtpd_" + name + "=$postscreen_" + name);
        }
        overrides.addAll(row.overrides());
        OptionalInt sessions = OptionalInt.empty();
        for (MasterCf.Row other : all) {
            if (other.type() == MasterCf.Type.PASS && other.program().equals("smtpd")) {
                args.addAll(other.args());
                overrides.addAll(other.overrides());
                sessions = other.maxproc();
            }
        }
        return as(row, row.program(), args, overrides, sessions);
    }

    private static MasterCf.Row as(
            MasterCf.Row row,
            String program,
            List<String> args,
            List<String> overrides,
            OptionalInt maxproc) {
        return new MasterCf.Row(
                row.service(),
                row.type(),
                row.isPrivate(),
                row.unprivileged() || !program.equals(row.program()),
                row.chroot(),
                row.wakeup(),
                row.wakeupOnlyAfterUse(),
                maxproc,
                program,
                List.copyOf(args),
                List.copyOf(overrides),
                row.fields(),
                row.line());
    }

    private void say(MasterCf.Row row, boolean warning, String text) {
        notes.add(new Plan.Note(warning, new Problem(file, row.line(), text)));
    }
}
