// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.routing.Networks;
import org.postino.table.TableException;

/// Says whether a scanner would look at a message that has no content, and asks it nothing: for postexplain(1).
final class ScannerPlan implements Inspector {
    private final String scanner;
    private final @Nullable Networks spared;
    private final Steps steps;

    /// @param name of the scanner
    /// @param servers where it may be
    /// @param spared clients whose mail it does not see, as that of users; null: it sees all
    ScannerPlan(String name, List<String> servers, @Nullable Networks spared, Steps steps) {
        scanner = name + " at " + String.join(", ", servers);
        this.spared = spared;
        this.steps = steps;
    }

    @Override
    public void inspect(Inspection at) {
        switch (at.stage()) {
            case END_OF_MESSAGE ->
                    steps.note(
                            scanner
                                    + (isSpared(at)
                                            ? " would not see the message: the client is one of ours"
                                            : " would see the message; not asked"));
            case CONNECT, HELO, ETRN, MAIL, RCPT, DATA, END_OF_HEADER -> {}
        }
    }

    private boolean isSpared(Inspection at) {
        Client client = at.facts().client();
        InetAddress address = client.address();
        try {
            return spared != null
                    && (at.facts().login() != null
                            || address == null
                            || spared.contains(client.name(), address));
        } catch (TableException e) {
            at.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
