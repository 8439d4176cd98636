// SPDX-License-Identifier: Apache-2.0

package org.postino.global.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postino.global.config.MasterCf;
import org.postino.global.config.Problem;
import org.postino.global.config.ValueException;

/// What becomes of the rows of a Postfix master.cf whose programs are not Postino's: a pasted file shall work, and say what of
/// it does not.
final class ForeignRows {
    /// Programs that nobody misses, and why.
    private static final Map<String, String> UNNEEDED =
            Map.ofEntries(
                    Map.entry("anvil", "smtpd counts its clients itself"),
                    Map.entry("dnsblog", "smtpd asks DNS lists itself"),
                    Map.entry("flush", "qmgr knows which mail waits for whom"),
                    Map.entry("postlogd", "master writes the log"),
                    Map.entry("proxymap", "each program opens its own tables"),
                    Map.entry("scache", "smtp keeps its connections itself"),
                    Map.entry("showq", "qmgr lists the queue"),
                    Map.entry("tlsmgr", "each program keeps its own TLS sessions"),
                    Map.entry("tlsproxy", "smtpd speaks TLS itself"),
                    Map.entry("trivial-rewrite", "each program resolves addresses itself"),
                    Map.entry("verify", "addresses are not probed"));

    /// Programs that Postino does not have yet, and what that means.
    private static final Map<String, String> MISSING =
            Map.of(
                    "qmqpd", "nothing listens here",
                    "spawn", "nothing listens here");

    private final String file;
    private final List<Plan.Note> notes = new ArrayList<>();
    private int chroots;

    /// @param file how to name master.cf
    ForeignRows(String file) {
        this.file = file;
    }

    /// The rows that this suite can have, in their order; those with an unknown program too.
    List<MasterCf.Row> adapt(List<MasterCf.Row> rows) {
        var adapted = new ArrayList<MasterCf.Row>();
        int firstChroot = 0;
        for (MasterCf.Row row : rows) {
            if (row.chroot()) {
                firstChroot = chroots++ == 0 ? row.line() : firstChroot;
            }
            adapt(row, adapted);
        }
        if (!notes.isEmpty()) {
            addOwn("auth", "-  -  n  -  0", adapted);
            addOwn("auth-worker", "-  n  n  -  -", adapted);
        }
        if (chroots > 0) {
            String text =
                    "chroot = y, as in "
                            + chroots
                            + " rows, has no effect: each program is confined to its own files without it";
            notes.add(new Plan.Note(false, new Problem(file, firstChroot, text)));
        }
        return adapted;
    }

    /// What an administrator should know, in the order of the rows.
    List<Plan.Note> notes() {
        return notes;
    }

    /// A service that no file of Postfix has, and that ours cannot do without.
    private void addOwn(String program, String columns, List<MasterCf.Row> to) {
        if (to.stream().anyMatch(row -> row.program().equals(program))) {
            return;
        }
        try {
            to.add(MasterCf.row(program + " unix " + columns + " " + program, 0));
            String text = "there is no row for " + program + ": one is added: " + columns;
            notes.add(new Plan.Note(false, new Problem(file, 0, text)));
        } catch (ValueException e) {
            throw new IllegalStateException(e);
        }
    }

    private void adapt(MasterCf.Row row, List<MasterCf.Row> to) {
        String program = row.program();
        String why = UNNEEDED.getOrDefault(program, "");
        if (!why.isEmpty()) {
            say(row, false, "program " + program + " is not needed here: " + why);
        } else if (MISSING.containsKey(program)) {
            say(row, true, missing(row) + MISSING.get(program));
        } else if (program.equals("pipe")) {
            say(row, true, missing(row) + "mail for this transport waits in the queue");
            to.add(as(row, "error", List.of("missing=pipe")));
        } else if (program.equals("postscreen")) {
            String text = "program postscreen is not part of Postino: its clients go to smtpd";
            say(row, true, text);
            to.add(as(row, "smtpd", row.args()));
        } else if (row.type() == MasterCf.Type.PASS && program.equals("smtpd")) {
            say(row, false, "not needed here: no program passes connections on");
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

    private static MasterCf.Row as(MasterCf.Row row, String program, List<String> args) {
        return new MasterCf.Row(
                row.service(),
                row.type(),
                row.isPrivate(),
                true,
                row.chroot(),
                row.wakeup(),
                row.wakeupOnlyAfterUse(),
                row.maxproc(),
                program,
                args,
                program.equals("error") ? List.of() : row.overrides(),
                row.fields(),
                row.line());
    }

    private void say(MasterCf.Row row, boolean warning, String text) {
        notes.add(new Plan.Note(warning, new Problem(file, row.line(), text)));
    }
}
