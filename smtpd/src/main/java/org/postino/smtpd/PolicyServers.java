// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.ValueException;
import org.postino.server.ServerDialer;
import org.postino.server.ServerSpec;
import org.postino.suite.PolicyServer;
import org.postino.suite.SmtpdParams;

/// The policy servers that restrictions name, each with its [PolicyClient]: the code of `check_policy_service`.
final class PolicyServers {
    private final Config config;
    private final AccessTables actions;
    private final ServerDialer dialer;
    private final Clock clock;
    private final @Nullable Steps steps;
    private final PolicyRequest request;
    private final Map<String, Named> known = new ConcurrentHashMap<>();

    private record Named(PolicyClient client, String context, String defaultAction) {}

    /// @param actions carries out what a server answers
    /// @param steps hears what servers are asked and answer; null: nobody does
    PolicyServers(
            Config config,
            AccessTables actions,
            ServerDialer dialer,
            Clock clock,
            @Nullable Steps steps) {
        this.config = config;
        this.actions = actions;
        this.dialer = dialer;
        this.clock = clock;
        this.steps = steps;
        request = new PolicyRequest(config);
    }

    /// The restriction that asks a server; lists that name it in the same words share its connections.
    Restriction check(String argument, RestrictionList lists) {
        Named server = known.get(argument);
        if (server == null) {
            try {
                server = named(PolicyServer.parse(argument));
            } catch (ValueException e) {
                return misnamed(String.valueOf(e.getMessage()));
            }
            Named before = known.putIfAbsent(argument, server);
            server = before == null ? server : before;
        }
        Named asked = server;
        return (e, subject) -> {
            byte[] text = request.print(e.stage(), e.facts(), asked.context());
            Optional<String> answer = asked.client().ask(text, e::warning);
            String action = answer.orElse(asked.defaultAction());
            if (steps != null) {
                steps.served(argument, new String(text, StandardCharsets.UTF_8), action);
            }
            if (action.isBlank()) {
                e.warning("policy server " + argument + " has sent an empty action");
                return Verdict.DUNNO;
            }
            return actions.answer(action, "policy server " + argument, e, subject, lists);
        };
    }

    private Named named(ServerSpec server) {
        return new Named(
                new PolicyClient(server, config, dialer, clock),
                server.value(SmtpdParams.SMTPD_POLICY_SERVICE_POLICY_CONTEXT, config),
                server.value(SmtpdParams.SMTPD_POLICY_SERVICE_DEFAULT_ACTION, config));
    }

    private static Restriction misnamed(String why) {
        return (e, _) -> {
            e.warning(why);
            return StandardRefusals.CONFIGURATION_ERROR;
        };
    }
}
