// SPDX-License-Identifier: Apache-2.0

/// cleanup(8): makes queue files of what smtpd, pickup and bounce submit.
///
/// A connection ([CleanupService]) brings one message after the other; each is an [Intake] that owns a new file in `incoming`, passes
/// the header block through [org.postino.message.HeaderReader] and [HeaderFields], copies the body as it comes, and expands recipients with
/// [RecipientRules]. [Commit] is the only place where a message becomes durable.
///
/// # SECURITY
///
/// Peers are our own daemons, but what they bring comes from strangers: sizes and expansions are bounded, nothing is trusted to be a header.
@NullMarked
package org.postino.cleanup;

import org.jspecify.annotations.NullMarked;
