// SPDX-License-Identifier: Apache-2.0

/// smtpd(8), the SMTP server: takes mail from the network and hands it to cleanup(8).
///
/// The layers: framing ([ClientChannel]), grammar (`org.postino.smtp`), policy ([Policy] and its restrictions),
/// transaction ([Transaction]), replies (`Replies`); [Session] only dispatches.
///
/// SECURITY: everything a client says is hostile. Memory for a session is bounded by its buffers, `line_length_limit` and
/// `smtpd_recipient_limit`; time by `smtpd_timeout` for each request and by `smtpd_min_data_rate`.
///
/// BUGS: client names are not looked up in the DNS, and restrictions that need it do not exist yet.
@NullMarked
package org.postino.smtpd;

import org.jspecify.annotations.NullMarked;
