// SPDX-License-Identifier: Apache-2.0

/// TLS over sockets that are already connected, keys and certificates in PEM files, and the parameters of both.
///
/// - [TlsServer] and [TlsClient] make a [TlsSession] of a socket; a [TlsException] says why not
/// - what is asked of a peer: [TlsLevel], and [TlsPolicyEntry], one row of `smtp_tls_policy_maps`
/// - [SelfSigned] makes a key and a certificate; [TlsParams] declares the parameters
///
/// Not here: when STARTTLS is offered or asked for (smtpd, smtp-client, imapd, pop3d), which policy a destination has
/// (smtp-client). Nothing of this room is loaded before the first handshake.
@NullMarked
package org.postino.tls;

import org.jspecify.annotations.NullMarked;
