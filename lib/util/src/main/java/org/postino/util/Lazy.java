// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that is made, and its classes loaded, when it is first asked for and not before. Safe for use by several threads.
public final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T made; // guarded by this

    public Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        T it = made;
        if (it == null) {
            it = maker.get();
            made = it;
        }
        return it;
    }
}
