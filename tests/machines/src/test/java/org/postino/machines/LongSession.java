// SPDX-License-Identifier: Apache-2.0

package org.postino.machines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.DebianRoot;

/// A client in a Debian root that begins a letter and ends it, in the same session, when it is told to.
final class LongSession {
    private static final String CLIENT =
            """
            exec 3<>/dev/tcp/127.0.0.1/25
            answer() {
                while IFS= read -r line; do
                    echo "$line"
                    case $line in ???-*) ;; *) return ;; esac
                done <&3
                echo 'connection lost'
                exit 1
            }
            say() { printf '%s\\r\\n' "$1" >&3; answer; }
            answer
            say 'EHLO client.test'
            say "MAIL FROM:<$1>"
            touch "$4/begun"
            until [ -e "$4/go" ]; do sleep 0.1; done
            say "RCPT TO:<$2>"
            say DATA
            say "Subject: $3"$'\\r\\n\\r\\ntext\\r\\n.'
            say QUIT
            """;

    private final FutureTask<String> dialogue;
    private final Path signs;

    private LongSession(FutureTask<String> dialogue, Path signs) {
        this.dialogue = dialogue;
        this.signs = signs;
    }

    /// Returns when the client has named the sender and waits.
    static LongSession begin(DebianRoot debian, String from, String to, String subject)
            throws IOException {
        // Not in /tmp, where systemd may have mounted something that is not seen from outside.
        String inside = debian.sh("mktemp -d -p /root").strip();
        Command client =
                debian.command("bash", "-ec", CLIENT, "client", from, to, subject, inside)
                        .limit(Duration.ofMinutes(3));
        var dialogue = new FutureTask<>(() -> client.run().out());
        Thread.ofVirtual().start(dialogue);
        var session = new LongSession(dialogue, debian.path(inside));
        Await.until("the session", () -> Files.exists(session.signs.resolve("begun")));
        return session;
    }

    /// Whether the client has lost its server before it was told to go on.
    boolean isOver() {
        return dialogue.isDone();
    }

    /// Lets the client go on; what the server said in all.
    String end() throws IOException {
        Files.createFile(signs.resolve("go"));
        try {
            return dialogue.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        }
    }
}
