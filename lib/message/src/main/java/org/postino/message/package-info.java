// SPDX-License-Identifier: Apache-2.0

/// Messages as RFC 5322 defines them, without input or output: addresses and lists of them, dates, line ends.
///
/// - addresses: [Address] is one address, its local part, domain and extension; [AddressList] reads the addresses of a
///   header field; [LocalName] reads the name on the left of an alias
/// - dates: [MailDate] prints the date of a header field
/// - lines: [CrLfStream] turns the line ends of a local user's message into those of the network
///
/// Not here: envelopes and queue files (`queue`), paths and parameters of SMTP (`smtp`), what an address leads to (`routing`),
/// mailboxes (`mailstore`). Malformed input gives something, never an exception.
@NullMarked
package org.postino.message;

import org.jspecify.annotations.NullMarked;
