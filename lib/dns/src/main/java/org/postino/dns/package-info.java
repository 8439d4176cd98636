// SPDX-License-Identifier: Apache-2.0

/// Questions to the domain name system, answered as values.
///
/// - [Dns] is what can be asked: addresses, mail exchangers, names of addresses; an [Answer] is found, not found, or not known now
/// - [DnsClient] asks the name servers ([DnsServers]) and remembers what they said; [MxHost] is one row of an answer
/// - [HostsFile] is what an administrator says of names and addresses; [HostAddresses] asks it first, and then the name servers
///
/// Not here: which host is tried, in what order and why (smtp-client), what a client's name is worth (smtpd), names
/// as the C library finds them (smtp-client). dnsjava is seen by this room alone, and loaded with the first question.
@NullMarked
package org.postino.dns;

import org.jspecify.annotations.NullMarked;
