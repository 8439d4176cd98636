// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

/// The relation of a recipient's domain to this system.
public enum AddressClass {
    /// In `mydestination`, or our own address literal.
    LOCAL,
    /// In `virtual_alias_domains`.
    VIRTUAL_ALIAS,
    /// In `virtual_mailbox_domains`.
    VIRTUAL_MAILBOX,
    /// In `relay_domains`.
    RELAY,
    /// Anywhere else.
    DEFAULT
}
