// SPDX-License-Identifier: Apache-2.0

/// From the queue manager to the delivery agents and back: requests, outcomes, their log lines, and what is asked of the queue manager.
///
/// An agent is an [Agent] run by a [DeliveryServer]: it gets one [DeliveryJob] at a time per connection and reports each
/// recipient's outcome as soon as it is known. Everybody else talks to the queue manager through a [QmgrClient].
@NullMarked
package org.postino.global.delivery;

import org.jspecify.annotations.NullMarked;
