// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.dns.Dns;

/// The domain name system, whose library is loaded with the first question and not before. Safe for use by several threads.
final class LazyDns implements Supplier<Dns> {
    private final Supplier<Dns> maker;
    private @Nullable Dns made; // guarded by this

    LazyDns(Supplier<Dns> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized Dns get() {
        Dns dns = made;
        if (dns == null) {
            dns = maker.get();
            made = dns;
        }
        return dns;
    }
}
