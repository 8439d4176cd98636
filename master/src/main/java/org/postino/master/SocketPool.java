// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postino.config.Problem;
import org.postino.linux.ListenSocket;
import org.postino.linux.NativeFd;
import org.postino.linux.PortHolder;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.suite.Plan;
import org.postino.suite.ProgramAccounts;

/// The listening sockets of the suite. Each is bound once, kept over reloads, and closed when no row has it any more.
final class SocketPool {
    private static final int BACKLOG = 511;

    private final Map<Plan.Endpoint, ListenSocket> open = new HashMap<>();

    /// Binds the sockets of the plan that are not open yet. If one cannot be bound, all new ones are closed again.
    ///
    /// Sockets that the plan no longer has do not stand in the way, although they listen until [#closeOthers].
    ///
    /// @return the sockets that could not be bound, with the reasons
    List<Problem> bind(Plan plan, ProgramAccounts accounts) throws IOException {
        List<ListenSocket> leaving = new ArrayList<>();
        for (Plan.Endpoint endpoint : others(plan)) {
            ListenSocket socket = open.get(endpoint);
            if (socket != null && endpoint instanceof Plan.Endpoint.Tcp) {
                leaving.add(socket);
                socket.share(true);
            }
        }
        try {
            return bind(plan, accounts, !leaving.isEmpty());
        } finally {
            for (ListenSocket socket : leaving) {
                socket.share(false);
            }
        }
    }

    private List<Problem> bind(Plan plan, ProgramAccounts accounts, boolean beside) {
        var fresh = new HashMap<Plan.Endpoint, ListenSocket>();
        var problems = new ArrayList<Problem>();
        for (Plan.Service service : plan.services()) {
            for (Plan.Endpoint endpoint : service.endpoints()) {
                if (!open.containsKey(endpoint)) {
                    try {
                        fresh.put(endpoint, bind(endpoint, accounts, beside));
                    } catch (IOException e) {
                        problems.add(
                                new Problem(
                                        plan.directory().resolve("master.cf").toString(),
                                        service.row().line(),
                                        "cannot listen on " + e.getMessage() + by(endpoint, e)));
                    }
                }
            }
        }
        if (problems.isEmpty()) {
            open.putAll(fresh);
        } else {
            fresh.values().forEach(SocketPool::close);
        }
        return problems;
    }

    /// Returns the words ` by PROGRAM` for a port that another program has; empty if that cannot be found out.
    private static String by(Plan.Endpoint endpoint, IOException e) {
        boolean taken = String.valueOf(e.getMessage()).contains("in use");
        return taken && endpoint instanceof Plan.Endpoint.Tcp(var address, var _)
                ? PortHolder.of(address.getPort()).map(who -> " by " + who).orElse("")
                : "";
    }

    /// Takes over the open sockets that the plan has, and closes the others.
    ///
    /// @param sockets the sockets that were left to us, by name; emptied of those taken over
    void inherit(Plan plan, Map<String, NativeFd> sockets) {
        for (Plan.Service service : plan.services()) {
            for (Plan.Endpoint endpoint : service.endpoints()) {
                NativeFd fd = sockets.remove(name(endpoint));
                if (fd != null) {
                    open.put(endpoint, inherited(endpoint, fd));
                }
            }
        }
        sockets.values().forEach(ListenSocket::end);
    }

    private static ListenSocket inherited(Plan.Endpoint endpoint, NativeFd fd) {
        return switch (endpoint) {
            case Plan.Endpoint.Tcp(var address, var _) -> ListenSocket.inherited(fd, address);
            case Plan.Endpoint.Unix unix -> ListenSocket.inherited(fd, unix.path());
        };
    }

    /// Returns the name of an endpoint for [InheritedDescriptors], in words that other versions understand, too.
    private static String name(Plan.Endpoint endpoint) {
        return switch (endpoint) {
            case Plan.Endpoint.Tcp(var address, var onlyIpv6) ->
                    (onlyIpv6 ? "tcp6 " : "tcp ")
                            + address.getAddress().getHostAddress()
                            + " "
                            + address.getPort();
            case Plan.Endpoint.Unix unix -> "unix " + unix.path();
        };
    }

    /// Returns the open sockets by name.
    Map<String, NativeFd> all() {
        var all = new HashMap<String, NativeFd>();
        open.forEach((endpoint, socket) -> all.put(name(endpoint), socket.fd()));
        return all;
    }

    private static ListenSocket bind(
            Plan.Endpoint endpoint, ProgramAccounts accounts, boolean beside) throws IOException {
        return switch (endpoint) {
            case Plan.Endpoint.Tcp(var address, var onlyIpv6) ->
                    ListenSocket.tcp(address, onlyIpv6, beside, BACKLOG);
            case Plan.Endpoint.Unix(var path, var owner, var forAll) -> {
                String permissions = forAll ? "rw-rw-rw-" : "rw-------";
                ListenSocket socket = ListenSocket.unix(path, permissions, BACKLOG);
                give(path, accounts.of(owner));
                yield socket;
            }
        };
    }

    /// Gives a socket to its owner.
    private static void give(Path path, SystemUser user) throws IOException {
        if (Processes.isRoot()) {
            Files.setAttribute(path, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// Returns the open sockets of a row. One that could not be bound is missing.
    List<ListenSocket> of(Plan.Service service) {
        var sockets = new ArrayList<ListenSocket>();
        for (Plan.Endpoint endpoint : service.endpoints()) {
            ListenSocket socket = open.get(endpoint);
            if (socket != null) {
                sockets.add(socket);
            }
        }
        return sockets;
    }

    /// Closes the sockets that no row of the plan has.
    void closeOthers(Plan plan) {
        others(plan).forEach(this::close);
    }

    private Set<Plan.Endpoint> others(Plan plan) {
        var others = new HashSet<>(open.keySet());
        for (Plan.Service service : plan.services()) {
            service.endpoints().forEach(others::remove);
        }
        return others;
    }

    void close(Plan.Endpoint endpoint) {
        ListenSocket socket = open.remove(endpoint);
        if (socket != null) {
            close(socket);
        }
    }

    void closeAll() {
        open.values().forEach(SocketPool::close);
        open.clear();
    }

    private static void close(ListenSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            return; // its path could not be removed: the next start replaces it
        }
    }
}
