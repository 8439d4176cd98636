// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.Processes;
import org.postino.linux.Users;
import org.postino.log.Trace;
import org.postino.queue.CleanupClient;
import org.postino.queue.QueueId;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Spool;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.server.TriggerServer;
import org.postino.suite.IncomingParams;
import org.postino.suite.Programs;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// pickup(8), local mail pickup. Manual page: `pickup.8`.
final class Pickup implements TriggerServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("pickup");

    private final Maildrop maildrop;
    private final Carrier carrier;
    private final MatchList submitters;
    private final Daemon daemon;

    /// The messages that cleanup has but that could not be removed here; this process never submits them twice.
    private final Set<QueueId> submitted = new HashSet<>();

    private Pickup(Daemon daemon) throws IOException {
        this.daemon = daemon;
        Config config = daemon.config();
        Path queue = config.get(MainParams.QUEUE_DIRECTORY);
        maildrop = new Maildrop(new Spool(config), Processes.ownUid(), daemon.clock());
        submitters =
                MatchList.strings(
                        config.get(MainParams.AUTHORIZED_SUBMIT_USERS), new Tables(config));
        carrier =
                new Carrier(
                        CleanupClient.of(
                                config,
                                queue,
                                ReceiveOverride.of(
                                        config.get(IncomingParams.RECEIVE_OVERRIDE_OPTIONS))),
                        config.get(IncomingParams.CONTENT_FILTER),
                        config.get(MainParams.MYHOSTNAME),
                        config.get(MainParams.MAIL_NAME),
                        config.get(MainParams.MESSAGE_SIZE_LIMIT),
                        ZoneId.systemDefault(),
                        daemon.clock());
    }

    static TriggerServer.Service start(Daemon daemon) {
        try {
            return new Pickup(daemon);
        } catch (IOException e) {
            throw new FatalException("cannot use the maildrop directory: " + e.getMessage());
        }
    }

    /// Brings everything in `maildrop` to cleanup. What cleanup cannot take now stays for the next time.
    @Override
    public void wakeup() throws IOException {
        maildrop.each(id -> {
            if (daemon.draining()) {
                return false;
            }
            if (!submitted.contains(id)) {
                Trace.run(Trace.next(), () -> oneOfMany(id));
            }
            return true;
        });
    }

    /// Submits one message of several. One that cannot be read, or at which cleanup breaks off, does not hold up
    /// the others; a cleanup that is not there does.
    private void oneOfMany(QueueId id) throws IOException {
        try {
            one(id);
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{}: not picked up, to be tried again: {}", id, e.toString());
        } catch (RuntimeException e) {
            LOG.error("panic: {}: {}", id, e.toString(), e);
        }
    }

    private void one(QueueId id) throws IOException {
        var opened = maildrop.open(id);
        if (opened.isEmpty()) {
            return;
        }
        DroppedMessage taken = opened.get();
        try (var _ = taken.file()) {
            if (!maySubmit(taken)) {
                maildrop.setAside(id, taken.uid(), "the user is not allowed to submit mail");
                return;
            }
            switch (carrier.carry(taken)) {
                case DONE -> {
                    submitted.add(id);
                    maildrop.remove(id);
                    submitted.remove(id);
                }
                case LATER -> {}
                case NEVER -> maildrop.setAside(id, taken.uid(), "cleanup does not accept it");
            }
        } catch (TableException e) {
            LOG.warn("{}: authorized_submit_users: {}", id, e.getMessage());
        }
    }

    private boolean maySubmit(DroppedMessage taken) throws TableException {
        return taken.requeued() || submitters.matches(Users.nameOf(taken.uid()));
    }

    static void main(String[] args) {
        System.exit(TriggerServer.run(args, Programs.options("pickup"), Pickup::start));
    }
}
