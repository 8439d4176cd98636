// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.util.ByteNames;

/// Looks users up in auth(8): uid, gid, home, mail location. It keeps one connection open; safe for use by several threads.
public final class UserdbClient implements Closeable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final AuthLink link;

    private UserdbClient(AuthLink link) {
        this.link = link;
    }

    /// Makes a client of the auth(8) that listens at `socket`. It connects when first asked.
    public static UserdbClient of(Path socket) {
        return of(socket, TIMEOUT);
    }

    public static UserdbClient of(Path socket, Duration timeout) {
        String hello = AuthProtocol.join(List.of("VERSION", "1", "1"));
        return new UserdbClient(new AuthLink(socket, timeout, hello, "SPID"));
    }

    /// Looks a user up; empty if there is none.
    ///
    /// @param service the protocol of the caller: `smtp`, `lda`, `imap`, `pop3`
    /// @throws IOException auth(8) could not decide: try again later, and never take it for "unknown user"
    public Optional<MailUser> lookup(String user, String service) throws IOException {
        List<String> answer = link.start("USER", List.of(user, "service=" + service)).answer();
        return switch (answer.getFirst()) {
            case "USER" -> Optional.of(user(answer));
            case "NOTFOUND" -> Optional.empty();
            case "FAIL" ->
                    throw new IOException(
                            "user lookup failed: "
                                    + AuthProtocol.named(answer, 2)
                                            .getOrDefault("reason", "temporary failure"));
            default -> throw new IOException("unexpected answer " + answer.getFirst());
        };
    }

    /// Lists the names of all users, for commands that visit every mailbox.
    public List<String> users() throws IOException {
        var names = new ArrayList<String>();
        AuthLink.Call call = link.start("LIST", List.of("", "service=list"));
        List<String> answer = call.answer();
        while (answer.getFirst().equals("LIST")) {
            names.add(answer.size() > 2 ? answer.get(2) : "");
            answer = call.answer();
        }
        if (!answer.getFirst().equals("DONE") || answer.size() > 2) {
            throw new IOException("user list failed");
        }
        return names;
    }

    @Override
    public void close() {
        link.close();
    }

    private static MailUser user(List<String> answer) throws IOException {
        Map<String, String> named = new LinkedHashMap<>(AuthProtocol.named(answer, 3));
        String uid = named.remove("uid");
        String gid = named.remove("gid");
        String home = named.remove("home");
        String mail = named.remove("mail");
        if (answer.size() < 3 || uid == null || gid == null || home == null) {
            throw new IOException("user lookup: answer without uid, gid or home");
        }
        try {
            return new MailUser(
                    answer.get(2),
                    Integer.parseInt(uid),
                    Integer.parseInt(gid),
                    ByteNames.path(home),
                    mail,
                    Map.copyOf(named));
        } catch (NumberFormatException e) {
            throw new IOException("user lookup: uid or gid is not a number", e);
        }
    }
}
