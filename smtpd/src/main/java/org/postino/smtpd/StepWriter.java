// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.PrintStream;
import java.util.Optional;
import org.postino.smtp.Reply;
import org.postino.util.Printable;

/// Prints steps for postexplain(1): a line each, `KIND` and its fields, separated by TAB, in printable characters.
///
/// | kind | fields |
/// |---|---|
/// | `command` | what the client says |
/// | `list` | the parameter |
/// | `ask` | the restriction |
/// | `table` | its name; the key; `=` and the value, or `-`, or `!` and the reason of a failure |
/// | `dns` | the question; the answer |
/// | `policy` | the server; its answer; the attributes sent, by blanks |
/// | `milter` | its address; what it is told; its answer, or that it is not asked |
/// | `anvil` | the question; the answer |
/// | `note` | what would be done besides |
/// | `verdict` | of the innermost restriction that has none: `dunno`, `permit`, the reply that refuses, or `undecided` |
/// | `log` | a line of the log |
/// | `reply` | what the client is told |
///
/// Owned by one thread.
final class StepWriter implements Steps {
    private final PrintStream out;
    private final boolean asksMilters;

    /// @param asksMilters whether milters shall be asked, and not only named
    StepWriter(PrintStream out, boolean asksMilters) {
        this.out = out;
        this.asksMilters = asksMilters;
    }

    private void line(String kind, String... fields) {
        out.print(kind);
        for (String field : fields) {
            out.print('\t');
            out.print(Printable.text(field));
        }
        out.print('\n');
    }

    void command(String text) {
        line("command", text);
    }

    void reply(Reply reply) {
        line("reply", reply.toString());
    }

    void log(String text) {
        line("log", text);
    }

    @Override
    public void list(String parameter) {
        line("list", parameter);
    }

    @Override
    public void asked(String restriction) {
        line("ask", restriction);
    }

    @Override
    public void judged(Verdict verdict) {
        line(
                "verdict",
                switch (verdict) {
                    case Verdict.Dunno _ -> "dunno";
                    case Verdict.Permit _ -> "permit";
                    case Action.Refuse(var reply) -> reply.toString();
                });
    }

    @Override
    public void undecided() {
        line("verdict", "undecided");
    }

    @Override
    public void answered(String table, String key, Optional<String> value) {
        line("table", table, key, value.map(v -> "=" + v).orElse("-"));
    }

    @Override
    public void failed(String table, String key, String reason) {
        line("table", table, key, "!" + reason);
    }

    @Override
    public void resolved(String question, String answer) {
        line("dns", question, answer);
    }

    @Override
    public void served(String server, String request, String answer) {
        line("policy", server, answer, request.strip().replace('\n', ' '));
    }

    @Override
    public boolean asksMilters() {
        return asksMilters;
    }

    @Override
    public void milter(String milter, String told, String answer) {
        line("milter", milter, told, answer);
    }

    @Override
    public void remembered(String question, String answer) {
        line("anvil", question, answer);
    }

    @Override
    public void note(String text) {
        line("note", text);
    }
}
