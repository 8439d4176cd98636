// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;
import org.postino.sasl.AuthProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests of a master: `USER` looks a user up, `PASS` asks whether a user may log in, `LIST` names all users, and `REQUEST`
/// asks for the user whom a client has logged in.
final class MasterRequests {
    private static final Logger LOG = LoggerFactory.getLogger("auth");

    private final Authenticator authenticator;
    private final AuthSession session;

    MasterRequests(Authenticator authenticator, AuthSession session) {
        this.authenticator = authenticator;
        this.session = session;
    }

    /// Takes a line; false if it breaks the protocol.
    boolean handle(List<String> line) {
        if (line.size() < 2) {
            return false;
        }
        String id = line.get(1);
        return switch (line.getFirst()) {
            case "USER" -> line.size() >= 3 && later(() -> user(id, line.get(2)));
            case "PASS" ->
                    line.size() >= 3
                            && later(() -> pass(id, line.get(2), AuthProtocol.named(line, 3)));
            case "LIST" -> later(() -> list(id));
            case "REQUEST" -> line.size() >= 5 && later(() -> request(line));
            default -> {
                // CACHE-FLUSH: what is remembered hangs on the stored password anyway.
                session.send(AuthProtocol.join(List.of("OK", id, "0")));
                yield true;
            }
        };
    }

    private boolean later(Runnable request) {
        session.work(request);
        return true;
    }

    private void user(String id, String name) {
        try {
            Optional<PasswdEntry> account = authenticator.userdb().find(name);
            session.send(
                    AuthProtocol.join(
                            account.isPresent()
                                    ? described(id, account.get())
                                    : List.of("NOTFOUND", id)));
        } catch (IOException e) {
            LOG.error("user lookup: {}", e.getMessage());
            session.send(AuthProtocol.join(List.of("FAIL", id, "reason=temporary failure")));
        }
    }

    private List<String> described(String id, PasswdEntry account) throws IOException {
        var fields = new ArrayList<>(List.of("USER", id, account.name()));
        fields.add("uid=" + uid(account));
        fields.add("gid=" + gid(account));
        if (!account.home().isEmpty()) {
            fields.add("home=" + account.filledHome());
        }
        for (Map.Entry<String, String> field : account.fields().entrySet()) {
            if (field.getKey().startsWith("userdb_")) {
                String name = field.getKey().substring("userdb_".length());
                String value = account.userField(name);
                fields.add(value == null || value.isEmpty() ? name : name + "=" + value);
            }
        }
        return fields;
    }

    private static int uid(PasswdEntry account) throws IOException {
        String text = account.uid();
        return isNumber(text)
                ? Integer.parseUnsignedInt(text)
                : Users.byName(text)
                        .map(SystemUser::uid)
                        .orElseThrow(() -> unknown(account, "uid", text));
    }

    private static int gid(PasswdEntry account) throws IOException {
        String text = account.gid();
        return isNumber(text)
                ? Integer.parseUnsignedInt(text)
                : Users.gidOf(text).orElseThrow(() -> unknown(account, "gid", text));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() < 10
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static IOException unknown(PasswdEntry account, String what, String text) {
        return new IOException(account.name() + ": " + what + " \"" + text + "\" is unknown");
    }

    private void pass(String id, String name, Map<String, String> parameters) {
        try {
            Optional<PasswdEntry> account = authenticator.passwords().find(name);
            if (account.isEmpty()) {
                session.send(AuthProtocol.join(List.of("NOTFOUND", id)));
                return;
            }
            String objection = account.get().objection(parameters.getOrDefault("rip", ""));
            session.send(
                    AuthProtocol.join(
                            objection == null
                                    ? List.of("PASS", id, "user=" + account.get().name())
                                    : List.of("FAIL", id, "reason=" + objection)));
        } catch (IOException e) {
            LOG.error("user lookup: {}", e.getMessage());
            session.send(AuthProtocol.join(List.of("FAIL", id, "reason=temporary failure")));
        }
    }

    private void list(String id) {
        var text = new StringBuilder();
        try {
            for (String name : authenticator.userdb().names()) {
                text.append(AuthProtocol.join(List.of("LIST", id, name)));
            }
            text.append(AuthProtocol.join(List.of("DONE", id)));
        } catch (IOException e) {
            LOG.error("user list: {}", e.getMessage());
            text.setLength(0);
            text.append(AuthProtocol.join(List.of("DONE", id, "fail")));
        }
        session.send(text.toString());
    }

    /// Answers `REQUEST id client-pid client-id cookie` with the user whom that client has logged in.
    private void request(List<String> line) {
        String id = line.get(1);
        AuthSession client = authenticator.session(line.get(4));
        String user = client == null ? null : client.clients().takeGranted(line.get(3));
        if (user == null) {
            session.send(AuthProtocol.join(List.of("NOTFOUND", id)));
        } else {
            user(id, user);
        }
    }
}
