// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.smtp.SmtpStage;

/// Says what the milters of a session would be told, and asks none of them: for postexplain(1).
final class MilterPlan implements Inspector {
    private final List<String> milters;
    private final Steps steps;

    /// @param milters their addresses
    MilterPlan(List<String> milters, Steps steps) {
        this.milters = List.copyOf(milters);
        this.steps = steps;
    }

    @Override
    public void inspect(Inspection at) {
        String told = told(at);
        if (told != null && !at.isDiscarded()) {
            milters.forEach(milter -> steps.milter(milter, told, "not asked"));
        }
    }

    /// The event of which milters hear at a stage, and its arguments; null: they hear nothing.
    private static @Nullable String told(Inspection at) {
        Facts facts = at.facts();
        return switch (at.stage()) {
            case CONNECT -> "CONNECT " + MilterInspector.name(facts.client());
            case HELO -> "HELO " + facts.helo();
            case MAIL -> words("MAIL", at, facts.sender());
            case RCPT ->
                    at.word().equals(SmtpStage.RCPT.word())
                            ? words("RCPT", at, facts.recipient())
                            : null;
            case DATA -> "DATA";
            case END_OF_MESSAGE -> "the message";
            case ETRN, END_OF_HEADER -> null;
        };
    }

    private static String words(String command, Inspection at, @Nullable Address address) {
        var out = new StringBuilder(command).append(' ');
        out.append(address == null ? "<>" : address.path());
        at.parameters().forEach(word -> out.append(' ').append(word));
        return out.toString();
    }
}
