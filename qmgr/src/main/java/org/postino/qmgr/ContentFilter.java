// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

/// A content filter that gets a message instead of the way to its recipients, and hands it back for delivery.
///
/// @param transport the row of master.cf that delivers to the filter
/// @param nexthop empty: the domain of each recipient
record ContentFilter(String transport, String nexthop) {
    /// Reads what [org.postino.queue.Envelope#FILTER] says.
    ///
    /// @param destination `transport:nexthop`
    /// @param otherwise the next hop where the destination has none: `default_filter_nexthop`
    static ContentFilter parse(String destination, String otherwise) {
        int colon = destination.indexOf(':');
        String transport = colon < 0 ? destination : destination.substring(0, colon);
        String nexthop = colon < 0 ? "" : destination.substring(colon + 1);
        return new ContentFilter(transport, nexthop.isEmpty() ? otherwise : nexthop);
    }

    /// The way of a recipient to the filter. Its address stays as it is, since it is not the filter that it names.
    ///
    /// @param recipient `user@domain`
    Router.Route route(String recipient) {
        String domain = recipient.substring(recipient.lastIndexOf('@') + 1);
        return Router.Route.of(transport, nexthop.isEmpty() ? domain : nexthop, recipient);
    }
}
