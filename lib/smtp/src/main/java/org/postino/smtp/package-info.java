// SPDX-License-Identifier: Apache-2.0

/// SMTP as values and on the wire, for servers and clients alike: commands, paths, parameters, replies, the dot-stuffed stream,
/// and the status codes that every program uses to say what became of a message.
///
/// - commands: [Command] is one line read, [Verb] its first word, [MailParameters] and [RcptParameters] what follows an address
/// - replies: [Reply] and [EnhancedStatus]; [Replies] are those that a server gives, [ReplyReader] reads those of a server
/// - content: [DotReader] and [DotWriter]
/// - outcomes: [Dsn] is a status with its reason, [Delivery] what became of a recipient
///
/// Not here: sessions, policy and restrictions (smtpd, smtp-client), TLS (`tls`), log-in (`sasl`), the message (`message`).
///
/// SECURITY: everything read here comes from strangers. Nothing that leaves this package as a [Mailbox] or a
/// parameter contains a control character; what may (a HELO name, an unknown verb) is made [org.postino.util.Printable] first.
@NullMarked
package org.postino.smtp;

import org.jspecify.annotations.NullMarked;
