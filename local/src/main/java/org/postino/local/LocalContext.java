// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.nio.file.Path;
import java.time.Clock;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.mailstore.Compression;
import org.postino.routing.Resolver;
import org.postino.routing.Rewriter;
import org.postino.table.Maps;
import org.postino.table.Tables;

/// The objects that all deliveries of local share.
record LocalContext(
        LocalSettings settings,
        AliasTables aliases,
        Rewriter rewriter,
        Resolver resolver,
        Users users,
        Deliveries deliveries,
        IndexNews news,
        Forwarder forwarder,
        Commands commands,
        Transports transports,
        Maps mailboxCommands,
        Maps mailboxTransports,
        Maps fallbackTransports) {

    static LocalContext of(Config config, Tables tables, Path queueDirectory, Clock clock) {
        var settings = LocalSettings.of(config);
        var safe = tables.withoutSubstitution();
        return new LocalContext(
                settings,
                AliasTables.of(config, tables),
                new Rewriter(config),
                new Resolver(config, tables),
                Users.of(config, queueDirectory),
                new Deliveries(
                        clock, settings.locking(), settings.mailboxLimit(), Compression.of(config)),
                IndexNews.of(config, queueDirectory),
                Forwarder.of(config, queueDirectory, clock),
                new Commands(settings),
                new Transports(
                        queueDirectory.resolve("private"), config.get(MainParams.IPC_TIMEOUT)),
                safe.maps(settings.mailboxCommandMaps()),
                safe.maps(settings.mailboxTransportMaps()),
                safe.maps(settings.fallbackTransportMaps()));
    }
}
