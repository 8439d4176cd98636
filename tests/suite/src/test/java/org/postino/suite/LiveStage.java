// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.kit.Instance;
import org.postino.kit.Stage;

/// A conversation's stage on real processes: one instance of the whole suite, set up anew for each file.
final class LiveStage implements Stage {
    private final Instance instance;
    private final int service;
    private final List<String> settings = new ArrayList<>();
    private boolean started;
    private int logSeen;

    /// @param service the well-known port of the program under test
    LiveStage(Path dir, int service) throws IOException {
        this.instance = Instance.create(dir);
        this.service = service;
    }

    @Override
    public void param(String name, String value) {
        settings.add(name + " = " + value);
    }

    @Override
    public Socket connect() throws IOException {
        start();
        return instance.connect(service);
    }

    private void start() throws IOException {
        if (started) {
            return;
        }
        started = true;
        if (!settings.isEmpty()) {
            instance.set(settings.toArray(String[]::new));
        }
        instance.start();
        logSeen = 0;
    }

    @Override
    public List<String> log() throws IOException {
        List<String> events = instance.events();
        return events.subList(Math.min(logSeen, events.size()), events.size());
    }

    @Override
    public void directive(String word, String argument) throws IOException {
        switch (word) {
            case "user" -> {
                String[] parts = argument.split("\\s+");
                instance.user(parts[0], parts[1]);
            }
            case "queue" -> {
                if (!argument.equals("empty")) {
                    throw new IOException("queue: " + argument);
                }
                instance.awaitEmptyQueue();
            }
            case "deliver" -> {
                start();
                String id =
                        instance.send(
                                "sender@elsewhere.test", argument, "Subject: delivered\n\ntext");
                instance.awaitLog(id + ": removed");
            }
            default -> throw new IOException("unknown directive " + word);
        }
    }

    @Override
    public void close() throws IOException {
        instance.close();
    }
}
