// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;
import org.postino.smtp.XclientAttribute;
import org.postino.smtp.XforwardAttribute;
import org.postino.table.Maps;
import org.postino.table.TableException;

/// The reply to EHLO. It announces only what works in this session.
final class EhloReply {
    private final Services services;
    private final SessionState state;
    private final SessionLog log;
    private final Set<String> hidden = new HashSet<>();
    private final Maps byAddress;

    EhloReply(Services services, SessionState state, SessionLog log) {
        this(
                services,
                state,
                log,
                services.settings().hiddenKeywords(),
                services.hiddenByAddress());
    }

    /// @param hidden keywords in capitals that are left out
    /// @param byAddress tables with further ones for a client's address
    EhloReply(
            Services services,
            SessionState state,
            SessionLog log,
            Set<String> hidden,
            Maps byAddress) {
        this.services = services;
        this.state = state;
        this.log = log;
        this.hidden.addAll(hidden);
        this.byAddress = byAddress;
    }

    Reply make() {
        var settings = services.settings();
        hideForClient();
        var lines = new ArrayList<String>();
        lines.add(settings.hostname());
        add(lines, "PIPELINING");
        add(lines, settings.messageLimit() > 0 ? "SIZE " + settings.messageLimit() : "SIZE");
        if (!settings.vrfyDisabled()) {
            add(lines, "VRFY");
        }
        if (settings.expn() && expands()) {
            add(lines, "EXPN");
        }
        add(lines, "ETRN");
        if (!state.secured && services.offersTls()) {
            add(lines, "STARTTLS");
        }
        authentication(lines);
        if (XclientCommand.isAllowed(services, state, log)) {
            add(lines, XclientAttribute.keyword());
        }
        if (XforwardCommand.isAllowed(services, state, log)) {
            add(lines, XforwardAttribute.keyword());
        }
        add(lines, "ENHANCEDSTATUSCODES");
        add(lines, "8BITMIME");
        add(lines, "DSN");
        if (settings.utf8()) {
            add(lines, "SMTPUTF8");
        }
        if (state.secured && settings.requireTls()) {
            add(lines, "REQUIRETLS");
        }
        // RFC 9422; how many messages and domains there may be is limited by nothing
        add(lines, "LIMITS RCPTMAX=" + settings.recipientLimit());
        add(lines, "CHUNKING");
        return new Reply(250, null, lines);
    }

    private boolean expands() {
        try {
            return services.aliases().serves(state.client);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Leaves out the keywords that `smtpd_discard_ehlo_keyword_address_maps` keep from this client.
    private void hideForClient() {
        try {
            var found = byAddress.find(state.client.addressText());
            for (String keyword : found.orElse("").split("[,\\s]+")) {
                hidden.add(keyword.toUpperCase(Locale.ROOT));
            }
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
        }
    }

    private void add(List<String> lines, String keyword) {
        int blank = keyword.indexOf(' ');
        String word = blank < 0 ? keyword : keyword.substring(0, blank);
        if (!hidden.contains(word.toUpperCase(Locale.ROOT))) {
            lines.add(keyword);
        }
    }

    private void authentication(List<String> lines) {
        var authenticator = services.authenticator();
        boolean inClear = !state.secured && services.settings().authNeedsTls();
        if (hidden.contains(Verb.AUTH.name())
                || authenticator == null
                || inClear
                || !authenticator.serves(state.client)) {
            return;
        }
        try {
            List<String> mechanisms = authenticator.mechanisms(state.client, state.secured);
            if (!mechanisms.isEmpty()) {
                add(lines, "AUTH " + String.join(" ", mechanisms));
                if (services.settings().oldAuthKeyword()) {
                    lines.add("AUTH=" + String.join(" ", mechanisms));
                }
            }
        } catch (IOException e) {
            log.warning("cannot reach auth, so AUTH is not offered: " + e.getMessage());
        }
    }
}
