// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.server.ServerDialer;

/// A list of filters in main.cf, for any number of sessions. Safe for use by several threads.
public final class MilterList {
    private final List<MilterSettings> filters;
    private final MilterMacros macros;
    private final ServerDialer dialer;

    private MilterList(List<MilterSettings> filters, MilterMacros macros, ServerDialer dialer) {
        this.filters = List.copyOf(filters);
        this.macros = macros;
        this.dialer = dialer;
    }

    /// Reads the items of `smtpd_milters`, say.
    ///
    /// @throws ValueException an item is no filter, and says why
    public static MilterList of(Config config, List<String> items, ServerDialer dialer)
            throws ValueException {
        List<MilterSettings> filters = new ArrayList<>();
        for (String item : items) {
            filters.add(MilterSettings.of(config, item));
        }
        return new MilterList(filters, MilterMacros.of(config), dialer);
    }

    /// Begins a session. Nobody is connected to before the first event.
    ///
    /// @param warnings takes a line for the log when a filter fails
    public Milters open(Consumer<String> warnings) {
        return open(warnings, (_, _, _) -> {});
    }

    /// As above, with somebody who hears of all that is told and answered.
    public Milters open(Consumer<String> warnings, MilterListener listener) {
        List<Milter> session = new ArrayList<>();
        for (MilterSettings filter : filters) {
            session.add(new Milter(filter, macros, dialer, warnings));
        }
        return new Milters(session, listener);
    }

    /// The addresses of the filters.
    public List<String> names() {
        return filters.stream().map(MilterSettings::name).toList();
    }
}
