// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.time.Duration;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.server.ServerPlace;
import org.postino.server.ServerSpec;

/// One filter as main.cf describes it.
///
/// @param name its address as it was written, for the log: `inet:127.0.0.1:8891`
/// @param defaultAction a word of `milter_default_action`
/// @param version the highest of the protocol that it is offered
/// @param messageLimit `message_size_limit`, in bytes, which a new body keeps as well; 0 = none
record MilterSettings(
        String name,
        ServerPlace place,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration contentTimeout,
        String defaultAction,
        int version,
        long messageLimit) {
    /// Reads an item of `smtpd_milters`.
    ///
    /// @throws ValueException says what is wrong with it
    static ServerSpec parse(String item) throws ValueException {
        var kind =
                new ServerSpec.Kind(
                        "a milter",
                        "milter_",
                        List.of(
                                MilterParams.MILTER_CONNECT_TIMEOUT,
                                MilterParams.MILTER_COMMAND_TIMEOUT,
                                MilterParams.MILTER_CONTENT_TIMEOUT,
                                MilterParams.MILTER_DEFAULT_ACTION,
                                MilterParams.MILTER_PROTOCOL));
        return ServerSpec.parse(kind, item.replaceFirst("^(\\{\\s*)?local:", "$1unix:"));
    }

    static MilterSettings of(Config config, String item) throws ValueException {
        ServerSpec spec = parse(item);
        String scheme = spec.place() instanceof ServerPlace.Tcp ? "inet:" : "unix:";
        return new MilterSettings(
                scheme + spec.place().text(),
                spec.place(),
                spec.value(MilterParams.MILTER_CONNECT_TIMEOUT, config),
                spec.value(MilterParams.MILTER_COMMAND_TIMEOUT, config),
                spec.value(MilterParams.MILTER_CONTENT_TIMEOUT, config),
                spec.value(MilterParams.MILTER_DEFAULT_ACTION, config),
                Integer.parseInt(spec.value(MilterParams.MILTER_PROTOCOL, config)),
                config.get(MainParams.MESSAGE_SIZE_LIMIT));
    }
}
