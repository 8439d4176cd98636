// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.time.Instant;
import org.postino.queue.VerifyClient.Status;

/// The result of the last probe of an address.
///
/// @param text why, in the words of who was asked
/// @param updated the time of the result
record Knowledge(Status status, String text, Instant updated) {}
