// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes sessions when a mailbox changes: at once for changes of this process, by inotify for those of others.
///
/// Directories are watched as the user whose they are: each user has a watch service, whose own thread was started as that user.
/// One platform thread for each waits for what it tells. Where the kernel allows no more watches a session goes without, and
/// sees changes of others when it looks.
final class Watcher implements ChangeNotifier, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    private final Map<Object, Listened> listeners = new HashMap<>();
    private final Map<Integer, Service> services = new HashMap<>();

    /// A folder, or directories, that somebody listens to.
    private static final class Listened {
        final List<Runnable> calls = new ArrayList<>();
        final List<WatchKey> keys = new ArrayList<>();
        final int uid;

        Listened(int uid) {
            this.uid = uid;
        }
    }

    /// The watch service of a user.
    private static final class Service {
        final WatchService watches;
        final Map<WatchKey, List<Object>> keys = new HashMap<>();

        Service(WatchService watches) {
            this.watches = watches;
        }
    }

    @Override
    public void changed(Folder folder) {
        call(folder);
    }

    private void call(Object what) {
        List<Runnable> calls;
        synchronized (this) {
            Listened known = listeners.get(what);
            if (known == null) {
                return;
            }
            calls = List.copyOf(known.calls);
        }
        calls.forEach(Runnable::run);
    }

    @Override
    public synchronized Watch watch(
            StoreOwner owner, Object what, List<Path> directories, Runnable onChange) {
        Listened known = listeners.get(what);
        if (known == null) {
            known = new Listened(owner.uid());
            listeners.put(what, known);
            try {
                begin(owner, what, directories, known);
            } catch (IOException e) {
                LOG.warn("changes by other programs will be seen late: {}", e.getMessage());
            }
        }
        known.calls.add(onChange);
        return () -> end(what, onChange);
    }

    private void begin(StoreOwner owner, Object what, List<Path> directories, Listened known)
            throws IOException {
        Service service = services.get(known.uid);
        if (service == null) {
            // The thread of the service inherits the identity of the one that makes it.
            service = new Service(owner.call(() -> FileSystems.getDefault().newWatchService()));
            services.put(known.uid, service);
            Service mine = service;
            Thread.ofPlatform().daemon().name("mailbox watch").start(() -> wait(mine));
        }
        for (Path path : directories) {
            WatchKey key =
                    path.register(
                            service.watches,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
            known.keys.add(key);
            service.keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(what);
        }
    }

    private synchronized void end(Object what, Runnable onChange) {
        Listened known = listeners.get(what);
        if (known == null || !known.calls.remove(onChange) || !known.calls.isEmpty()) {
            return;
        }
        listeners.remove(what);
        Service service = services.get(known.uid);
        if (service == null) {
            return;
        }
        for (WatchKey key : known.keys) {
            List<Object> others = service.keys.getOrDefault(key, new ArrayList<>());
            others.remove(what);
            if (others.isEmpty()) {
                service.keys.remove(key);
                key.cancel();
            }
        }
        if (service.keys.isEmpty()) {
            services.remove(known.uid);
            try {
                service.watches.close();
            } catch (IOException e) {
                LOG.warn("cannot end watching: {}", e.getMessage());
            }
        }
    }

    private void wait(Service service) {
        while (true) {
            try {
                WatchKey key = service.watches.take();
                key.pollEvents();
                key.reset();
                watchers(service, key).forEach(this::call);
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            }
        }
    }

    private synchronized List<Object> watchers(Service service, WatchKey key) {
        return List.copyOf(service.keys.getOrDefault(key, List.of()));
    }

    @Override
    public synchronized void close() throws IOException {
        for (Service service : services.values()) {
            service.watches.close();
        }
        services.clear();
        listeners.clear();
    }
}
