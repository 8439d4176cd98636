// SPDX-License-Identifier: Apache-2.0

/// smtp(8), which hands mail to other hosts by SMTP, and lmtp(8), which does so by LMTP.
///
/// SECURITY: the replies of servers are hostile text, and go into logs and notifications only in printable form.
/// A message that we send never contains a bare CR or LF, so no server can be made to see a second message in it.
@NullMarked
package org.postino.smtpclient;

import org.jspecify.annotations.NullMarked;
