// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

/// One MX record; an empty host says that the domain takes no mail (RFC 7505).
public record MxHost(int preference, String host) {
    public boolean isNull() {
        return host.isEmpty();
    }
}
