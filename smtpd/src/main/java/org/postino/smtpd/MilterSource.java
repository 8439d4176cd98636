// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.milter.MilterList;
import org.postino.milter.MilterParams;
import org.postino.milter.MilterVerdict;
import org.postino.milter.Milters;
import org.postino.queue.ReceiveOverride;
import org.postino.server.ServerDialer;
import org.postino.suite.IncomingParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Gives each session its milters, by `smtpd_milter_maps` and `smtpd_milters`. Safe for use by several threads.
final class MilterSource implements Inspector.Source {
    /// The word of a table for no milters.
    private static final String DISABLE = "DISABLE";

    private static final Inspector NOBODY = _ -> {};

    private final Config config;
    private final ServerDialer dialer;
    private final Maps byClient;
    private final List<String> items;
    private final MilterList usual;
    private final AddressLookup addresses;
    private final ClientLimits limits;
    private final @Nullable Steps steps;

    /// The values of macros that are the same for all sessions.
    ///
    /// @param version the macro `v`
    record Fixed(String hostname, String daemonName, String version) {}

    private final Fixed fixed;

    /// @param steps hears of milters, who may not be asked then; null: nobody does
    MilterSource(
            Config config,
            Tables tables,
            AddressLookup addresses,
            ClientLimits limits,
            ServerDialer dialer,
            @Nullable Steps steps) {
        this.steps = steps;
        this.config = config;
        this.dialer = dialer;
        this.addresses = addresses;
        this.limits = limits;
        byClient = tables.maps(config.get(MilterParams.SMTPD_MILTER_MAPS));
        items = config.get(MilterParams.SMTPD_MILTERS);
        fixed =
                new Fixed(
                        config.get(MainParams.MYHOSTNAME),
                        config.get(MilterParams.MILTER_MACRO_DAEMON_NAME),
                        config.get(MilterParams.MILTER_MACRO_V));
        try {
            usual = MilterList.of(config, items, dialer);
        } catch (ValueException e) {
            throw new IllegalStateException("a list that was not checked", e);
        }
    }

    /// True if main.cf names milters, and they are not left out.
    static boolean isWanted(Config config) {
        boolean named =
                !config.get(MilterParams.SMTPD_MILTERS).isEmpty()
                        || !config.get(MilterParams.SMTPD_MILTER_MAPS).isEmpty();
        return named
                && !ReceiveOverride.of(config.get(IncomingParams.RECEIVE_OVERRIDE_OPTIONS))
                        .contains(ReceiveOverride.NO_MILTERS);
    }

    @Override
    public Inspector open(Client client, SessionLog log) {
        try {
            Optional<String> own = byClient.find(client.addressText());
            if (own.isEmpty()) {
                return items.isEmpty() ? NOBODY : inspector(usual, log);
            }
            if (own.get().strip().equalsIgnoreCase(DISABLE)) {
                return NOBODY;
            }
            var list = MilterList.of(config, ParamType.Items.split(own.get()), dialer);
            return inspector(list, log);
        } catch (TableException | ValueException e) {
            log.warning("smtpd_milter_maps: " + e.getMessage());
            return new MilterFault();
        }
    }

    private Inspector inspector(MilterList list, SessionLog log) {
        Steps to = steps;
        if (to != null && !to.asksMilters()) {
            return new MilterPlan(list.names(), to);
        }
        Milters milters =
                to == null
                        ? list.open(log::warning)
                        : list.open(
                                log::warning,
                                (filter, told, answer) -> to.milter(filter, told, text(answer)));
        return new MilterInspector(milters, fixed, addresses, limits);
    }

    private static String text(MilterVerdict verdict) {
        return switch (verdict) {
            case MilterVerdict.Pass _ -> "pass";
            case MilterVerdict.Refuse(var reply) -> reply.toString();
            case MilterVerdict.Discard _ -> "discard";
            case MilterVerdict.Quarantine(var reason) -> "quarantine: " + reason;
        };
    }

    /// Lets no mail pass while nobody knows who should look at it.
    private static final class MilterFault implements Inspector {
        @Override
        public void inspect(Inspection at) {
            switch (at.stage()) {
                case MAIL -> at.act(StandardRefusals.CONFIGURATION_ERROR);
                case CONNECT, HELO, ETRN, RCPT, DATA, END_OF_HEADER, END_OF_MESSAGE -> {}
            }
        }
    }
}
