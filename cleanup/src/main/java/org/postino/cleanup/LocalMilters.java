// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.milter.MilterList;
import org.postino.milter.MilterParams;
import org.postino.queue.Envelope;
import org.postino.server.ServerDialer;

/// The milters for messages that do not come through smtpd (`non_smtpd_milters`). Safe for use by several threads.
final class LocalMilters {
    /// Nobody looks at such messages.
    static final LocalMilters NONE = new LocalMilters(null, "", "", "");

    private final @Nullable MilterList list;
    private final String hostname;
    private final String daemonName;
    private final String version;

    private LocalMilters(
            @Nullable MilterList list, String hostname, String daemonName, String version) {
        this.list = list;
        this.hostname = hostname;
        this.daemonName = daemonName;
        this.version = version;
    }

    /// Reads main.cf.
    ///
    /// @param dialer asked for if there are milters
    static LocalMilters of(Config config, Supplier<ServerDialer> dialer) {
        List<String> items = config.get(MilterParams.NON_SMTPD_MILTERS);
        if (items.isEmpty()) {
            return NONE;
        }
        try {
            return new LocalMilters(
                    MilterList.of(config, items, dialer.get()),
                    config.get(MainParams.MYHOSTNAME),
                    config.get(MilterParams.MILTER_MACRO_DAEMON_NAME),
                    config.get(MilterParams.MILTER_MACRO_V));
        } catch (ValueException e) {
            throw new IllegalStateException("a list that was not checked", e);
        }
    }

    /// The milters for a message; null if it came through smtpd, or if there are none.
    @Nullable MilterPass of(Intake message) {
        MilterList milters = list;
        Envelope envelope = message.envelope();
        boolean fromHere =
                !envelope.attribute(Envelope.SOURCE).isEmpty()
                        || !envelope.attribute(Envelope.ORIGINAL_ID).isEmpty();
        boolean shown = fromHere && !Envelope.isProbe(envelope.attributes());
        return milters == null || !shown ? null : new MilterPass(milters, this, message);
    }

    /// A macro that is the same for all messages; null if it is none.
    @Nullable String macro(String name) {
        return switch (name) {
            case "j", "{if_name}" -> hostname;
            case "v" -> version;
            case "{daemon_name}" -> daemonName;
            default -> null;
        };
    }
}
