// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Wakes sessions when a mailbox changes: at once for changes of this process, by inotify for those of others.
///
/// One platform thread waits for the kernel; it and the watch service begin with the first watch.
final class Watcher implements Announcer, Closeable {
    private final Map<Folder, List<Runnable>> listeners = new HashMap<>();
    private final Map<WatchKey, List<Folder>> keys = new HashMap<>();
    private @Nullable WatchService service;

    @Override
    public void changed(Folder folder) {
        List<Runnable> calls;
        synchronized (this) {
            List<Runnable> known = listeners.get(folder);
            if (known == null) {
                return;
            }
            calls = List.copyOf(known);
        }
        calls.forEach(Runnable::run);
    }

    @Override
    public synchronized Watch watch(Folder folder, Runnable onChange) throws IOException {
        List<Runnable> known = listeners.get(folder);
        if (known == null) {
            known = new ArrayList<>();
            listeners.put(folder, known);
            for (Path path : folder.watched()) {
                WatchKey key =
                        path.register(
                                started(),
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_DELETE,
                                StandardWatchEventKinds.ENTRY_MODIFY);
                keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(folder);
            }
        }
        known.add(onChange);
        return () -> end(folder, onChange);
    }

    private synchronized void end(Folder folder, Runnable onChange) {
        List<Runnable> known = listeners.get(folder);
        if (known == null || !known.remove(onChange) || !known.isEmpty()) {
            return;
        }
        listeners.remove(folder);
        keys.entrySet()
                .removeIf(e -> {
                    e.getValue().remove(folder);
                    if (e.getValue().isEmpty()) {
                        e.getKey().cancel();
                        return true;
                    }
                    return false;
                });
    }

    private WatchService started() throws IOException {
        WatchService running = service;
        if (running == null) {
            running = java.nio.file.FileSystems.getDefault().newWatchService();
            service = running;
            WatchService mine = running;
            Thread.ofPlatform().daemon().name("mailbox watch").start(() -> wait(mine));
        }
        return running;
    }

    private void wait(WatchService from) {
        while (true) {
            try {
                WatchKey key = from.take();
                key.pollEvents();
                key.reset();
                folders(key).forEach(this::changed);
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            }
        }
    }

    private synchronized List<Folder> folders(WatchKey key) {
        return List.copyOf(keys.getOrDefault(key, List.of()));
    }

    @Override
    public synchronized void close() throws IOException {
        if (service != null) {
            service.close();
            service = null;
        }
        listeners.clear();
        keys.clear();
    }
}
