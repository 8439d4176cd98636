// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

/// Where a recipient goes: the class of its domain, the transport (a service in master.cf), the next hop for that transport, and the recipient to deliver to.
public record Resolved(
        AddressClass addressClass, String transport, String nexthop, String recipient) {}
