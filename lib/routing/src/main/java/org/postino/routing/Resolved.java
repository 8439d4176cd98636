// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

/// The way of a recipient: the class of its domain, the transport (a service in master.cf), the next hop for that transport, and the recipient to deliver to.
///
/// @param routed whether the local part that remains holds `@`, `%` or `!`: the next server might send the mail on to somebody else
/// @param valid whether the address has a domain that can be one; if not, it goes to the error transport
public record Resolved(
        AddressClass addressClass,
        String transport,
        String nexthop,
        String recipient,
        boolean routed,
        boolean valid) {
    /// True if mail to it is ours to take from anybody: it stays here, or goes to a domain that we relay to.
    ///
    /// @param untrustedRouting whether that holds also where the next server might send it on
    public boolean isOurs(boolean untrustedRouting) {
        return addressClass != AddressClass.DEFAULT && (untrustedRouting || !routed);
    }
}
